package stacktrace

import "strings"

// javaLibrary tells a class of the JDK, of the languages on the JVM, of frameworks and drivers, and
// classes that were made at run time. The switches are on whole package names: no frame is compared
// with a list of prefixes.
func javaLibrary(f *Frame, _ []Frame) bool {
	class := f.Module
	if class == "" {
		return false
	}
	if i := strings.IndexByte(class, '$'); i >= 0 && javaGenerated(class[i:]) {
		return true
	}
	first := strings.IndexByte(class, '.')
	if first < 0 {
		return false
	}
	switch class[:first] {
	case "java", "javax", "jakarta", "sun", "jdk", "kotlin", "kotlinx", "scala", "groovy", "clojure", "groovyx", "reactor", "rx", "akka", "play", "okhttp3", "okio", "retrofit2", "feign", "oracle",
		"junit", "javassist", "android", "androidx", "dalvik", "libcore", "cats", "zio", "fs2", "monix", "slick", "freemarker", "liquibase", "lombok", "ratpack", "sttp", "nonapi", "javafx", "netscape", "graphql", "antlr", "jersey", "ognl", "scalaz", "mu", "coursier":
		return true
	}
	rest := class[first+1:]
	second := strings.IndexByte(rest, '.')
	if second < 0 {
		return false
	}
	switch class[:first+1+second] {
	case "com.sun", "com.ibm", "com.fasterxml", "com.zaxxer", "com.mysql", "com.mongodb", "com.netflix", "com.datastax", "com.android", "com.rabbitmq", "com.jayway", "com.hazelcast", "com.amazonaws",
		"com.azure", "com.intellij", "com.linecorp", "com.typesafe", "com.twitter", "com.codahale", "com.squareup", "com.esotericsoftware", "com.caucho", "com.oracle", "com.couchbase", "com.clickhouse", "com.p6spy", "com.auth0", "com.nimbusds", "com.lmax", "com.vaadin", "com.atomikos", "com.mchange", "com.thoughtworks", "com.stripe", "com.slack", "com.dynatrace", "com.newrelic", "com.softwaremill", "com.github.benmanes",
		"org.springframework", "org.apache", "org.hibernate", "org.eclipse", "org.jboss", "org.wildfly", "org.glassfish", "org.postgresql", "org.mariadb", "org.h2", "org.hsqldb", "org.mongodb", "org.redisson",
		"org.elasticsearch", "org.opensearch", "org.slf4j", "org.junit", "org.testng", "org.mockito", "org.codehaus", "org.gradle", "org.quartz", "org.mybatis", "org.thymeleaf", "org.xnio", "org.yaml", "org.json",
		"org.aspectj", "org.jooq", "org.flywaydb", "org.keycloak", "org.bouncycastle", "org.joda", "org.scalatest", "org.http4s", "org.springdoc", "org.xml", "org.w3c", "org.ietf", "org.omg", "org.osgi", "org.jruby", "org.python", "org.scalajs", "org.jetbrains", "org.ktorm", "org.koin", "org.neo4j", "org.asynchttpclient", "org.zeroturnaround", "org.graalvm", "org.neo", "org.influxdb", "org.modelmapper", "org.mapstruct", "org.objectweb", "org.reflections", "org.restlet", "org.sqlite", "org.xerial", "org.projectreactor", "org.reactivestreams", "org.zalando", "org.json4s", "org.specs2", "org.typelevel", "org.scala-lang",
		"io.netty", "io.vertx", "io.quarkus", "io.micronaut", "io.reactivex", "io.grpc", "io.lettuce", "io.opentelemetry", "io.micrometer", "io.prometheus", "io.undertow", "io.ktor", "io.kotest", "io.sentry", "io.javalin", "io.jsonwebtoken", "io.smallrye", "io.helidon", "io.dropwizard", "io.confluent", "io.nats", "io.r2dbc", "io.restassured", "io.swagger", "io.projectreactor", "io.lettuce.core", "io.minio", "io.rsocket", "io.arrow", "io.circe", "io.getquill", "io.opencensus", "io.opentracing", "io.datadog",
		"ch.qos", "net.bytebuddy", "net.sf", "net.minidev", "net.jodah", "net.javacrumbs", "net.schmizz", "net.spy", "net.logstash", "redis.clients", "co.elastic", "software.amazon", "de.codecentric", "me.prettyprint", "arrow.core", "dev.failsafe", "edu.umd", "nl.altindag", "jp.co.cyberagent", "worker.org", "datadog.trace", "dagger.internal", "brave.http", "zipkin2.reporter":
		return true
	case "com.google":
		// Google's libraries; what is left of com.google may well be the user's.
		switch third(rest[second+1:]) {
		case "common", "inject", "gson", "protobuf", "api", "cloud", "firebase", "android", "apphosting", "auth", "appengine", "devtools", "crypto", "errorprone":
			return true
		}
	case "com.github":
		switch third(rest[second+1:]) {
		case "benmanes", "kittinunf", "tomakehurst", "jknack", "mustachejava", "resilience4j", "dockerjava", "fge", "rholder":
			return true
		}
	case "io.github":
		switch third(rest[second+1:]) {
		case "resilience4j", "bucket4j", "classgraph", "openfeign":
			return true
		}
	case "com.microsoft":
		switch third(rest[second+1:]) {
		case "sqlserver", "azure", "applicationinsights":
			return true
		}
	case "com.alibaba":
		switch third(rest[second+1:]) {
		case "druid", "fastjson", "dubbo", "nacos", "csp", "ttl", "excel":
			return true
		}
	}
	return false
}

// javaGenerated tells a class made at run time by what stands from its first "$" on.
func javaGenerated(tail string) bool {
	for _, mark := range [...]string{"$$FastClassBy", "$$EnhancerBy", "$$SpringCGLIB", "$Proxy", "$$Lambda", "$$_", "ByteBuddy$"} {
		if strings.Contains(tail, mark) {
			return true
		}
	}
	return false
}

func third(rest string) string {
	if i := strings.IndexByte(rest, '.'); i >= 0 {
		return rest[:i]
	}
	return rest
}

func javaClean(module, function string) (string, string) {
	module, function = javaCleanClass(module), javaCleanMethod(function)
	if function == "invokeSuspend" { // the body of a Kotlin coroutine: "Gateway$charge$2"
		if i := strings.LastIndexByte(module, '$'); i > 0 {
			return module[:i], module[i+1:]
		}
	}
	return module, function
}

// javaCleanMethod takes "$" with a number, and what Kotlin and Scala append, off "lambda$static$18",
// "access$000", "main$lambda$0", "apply$mcV$sp", "f-IoAF18A".
func javaCleanMethod(name string) string {
	if strings.IndexByte(name, '$') < 0 && strings.IndexByte(name, '-') < 0 && strings.IndexByte(name, '_') < 0 {
		return name
	}
	name = strings.TrimSuffix(name, "$adapted")
	name = strings.TrimSuffix(name, "$default")
	if i := strings.Index(name, "$mc"); i > 0 && strings.HasSuffix(name, "$sp") {
		name = name[:i]
	}
	if i := strings.LastIndexByte(name, '-'); i > 0 && (len(name)-i == 8 || name[i:] == "-impl") {
		name = name[:i]
	}
	if i := strings.Index(name, "fn__"); i >= 0 {
		name = name[:i+len("fn")]
	}
	return dropSegments(name, '$')
}

// javaCleanClass takes the names of generated classes back to the class they were made from.
func javaCleanClass(class string) string {
	if strings.IndexByte(class, '$') < 0 && !strings.Contains(class, "Accessor") {
		return class
	}
	for _, mark := range [...]string{"$$Lambda", "$$EnhancerBy", "$$FastClassBy", "$$SpringCGLIB", "$HibernateProxy", "$MockitoMock", "$ByteBuddy", "_$$_", "$$anon", "$Proxy", "GeneratedMethodAccessor", "GeneratedConstructorAccessor"} {
		if i := strings.Index(class, mark); i > 0 {
			end := i
			if mark[0] != '$' && mark[0] != '_' || mark == "$Proxy" {
				end += len(mark)
			}
			return strings.TrimSuffix(class[:end], "$")
		}
	}
	if i := strings.Index(class, "$fn__"); i > 0 {
		class = class[:i+len("$fn")]
	}
	return dropSegments(class, '$')
}
