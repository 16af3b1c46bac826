package stacktrace

import "strings"

func dotnetLibrary(f *Frame, _ []Frame) bool {
	top := f.Module
	if i := strings.IndexByte(top, '.'); i > 0 {
		top = top[:i]
	}
	switch top {
	case "System", "Microsoft", "Mono", "Internal", "Interop", "MS", "Windows", "Newtonsoft", "Npgsql", "MySql", "MySqlConnector", "Pomelo", "Oracle", "Dapper", "MediatR", "Autofac",
		"Castle", "Grpc", "Polly", "Serilog", "NLog", "log4net", "Xunit", "xunit", "NUnit", "Moq", "AutoMapper", "FluentValidation", "Hangfire", "MassTransit", "Quartz", "RestSharp",
		"StackExchange", "Azure", "Amazon", "Google", "IdentityServer4", "Duende", "Swashbuckle", "OpenTelemetry", "Sentry", "RabbitMQ", "Confluent", "MongoDB", "Elasticsearch", "Nest",
		"Elastic", "Refit", "Orleans", "Akka", "Ninject", "StructureMap", "SimpleInjector", "DryIoc", "Lamar", "UnityEngine", "UnityEditor", "FSharp", "NServiceBus", "Rebus", "Marten",
		"Wolverine", "HotChocolate", "GraphQL", "Nancy", "ServiceStack", "Humanizer", "CsvHelper", "FirebaseAdmin", "Stripe", "Nito", "Scrutor", "Yarp", "Steeltoe", "Dynamitey", "Java", "Android":
		return true
	case "", "<Module>":
		return f.Module != "" || strings.HasPrefix(f.Function, "lambda_method") || f.File == ""
	}
	return strings.HasPrefix(f.File, "/_/src/") || strings.HasPrefix(f.Function, "lambda_method") || strings.Contains(f.File, "/dotnet/runtime/") || strings.Contains(f.File, "/aspnetcore/src/")
}

// dotnetClean gives back the method that a compiler-made class or method stands for:
// Svc.<FetchAsync>d__3.MoveNext, Svc.<>c.<Fetch>b__4_11 and Svc+<Fetch>c__async0.MoveNext are Svc, Fetch.
func dotnetClean(module, function string) (string, string) {
	if strings.HasPrefix(function, "lambda_method") {
		return "", "lambda_method"
	}
	for {
		i := strings.LastIndexAny(module, ".+/")
		if i < 0 {
			break
		}
		last := module[i+1:]
		if !strings.HasPrefix(last, "<") {
			break
		}
		if own := angled(last); own != "" && function == "MoveNext" {
			function = own
		}
		module = module[:i]
	}
	if i := strings.IndexByte(module, '`'); i > 0 {
		j := i + 1
		for j < len(module) && isDigit(module[j]) {
			j++
		}
		if j == len(module) || module[j] == '[' {
			module = module[:i]
		}
	}
	if i := strings.IndexByte(module, '['); i > 0 {
		module = module[:i]
	}
	if strings.HasPrefix(function, "<") {
		own := angled(function)
		if i := strings.Index(function, "g__"); i > 0 { // a local function has a name of its own
			local := function[i+len("g__"):]
			if j := strings.IndexByte(local, '|'); j > 0 {
				local = local[:j]
			}
			return module, own + "." + local
		}
		if own != "" {
			if tail := function[strings.IndexByte(function, '>')+1:]; tail == "" || tail == "$" {
				return module, own // <Main>$ of top-level statements
			}
			return module, own + ".lambda"
		}
		return module, "lambda"
	}
	if i := strings.IndexAny(function, "[`"); i > 0 {
		function = function[:i]
	}
	return module, function
}

// angled returns the name in "<FetchAsync>d__3".
func angled(name string) string {
	if i := strings.IndexByte(name, '>'); i > 1 {
		return strings.TrimLeft(name[1:i], "<")
	}
	return ""
}
