package beatsreceiver

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// fieldSets are the objects of an event whose members are fields with dotted names: those of the Elastic
// Common Schema (https://www.elastic.co/docs/reference/ecs/ecs-field-reference) and of Beats. All others are
// the application's own and are kept as maps.
var fieldSets = set("@metadata", "agent", "as", "beat", "client", "cloud", "code_signature", "container", "data_stream", "destination",
	"device", "dll", "dns", "docker", "ecs", "email", "error", "event", "faas", "fields", "file", "group", "hash", "host", "http",
	"input", "kubernetes", "labels", "log", "network", "observer", "orchestrator", "organization", "os", "package", "process",
	"registry", "related", "rule", "server", "service", "source", "span", "syslog", "threat", "tls", "trace", "transaction", "url",
	"user", "user_agent", "vulnerability")

// senderSets are those that describe the sender.
var senderSets = set("agent", "cloud", "container", "host", "kubernetes", "orchestrator", "service")

// senderNames spares making the names of members that are often there.
var senderNames = map[string]string{
	"agent": "agent", "cloud": "cloud", "container": "container", "host": "host", "kubernetes": "kubernetes",
	"orchestrator": "orchestrator", "service": "service", "service.name": "service.name", "service.version": "service.version",
}

// resourceNames are fields of the sender that have another name in the semantic conventions
// (https://opentelemetry.io/docs/specs/semconv/resource/).
var resourceNames = map[string]string{
	"host": "host.name", // a string in Beats before 6.3

	"host.architecture": "host.arch", "host.os.type": "os.type", "host.os.name": "os.name", "host.os.version": "os.version", "host.os.full": "os.description",
	"cloud.machine.type":        "host.type",
	"container.runtime":         "container.runtime.name",
	"service.environment":       "deployment.environment.name",
	"service.node.name":         "service.instance.id",
	"orchestrator.cluster.name": "k8s.cluster.name",

	"kubernetes.namespace":        "k8s.namespace.name",
	"kubernetes.pod.name":         "k8s.pod.name",
	"kubernetes.pod.uid":          "k8s.pod.uid",
	"kubernetes.pod.ip":           "k8s.pod.ip",
	"kubernetes.node.name":        "k8s.node.name",
	"kubernetes.node.uid":         "k8s.node.uid",
	"kubernetes.container.name":   "k8s.container.name",
	"kubernetes.deployment.name":  "k8s.deployment.name",
	"kubernetes.replicaset.name":  "k8s.replicaset.name",
	"kubernetes.statefulset.name": "k8s.statefulset.name",
	"kubernetes.daemonset.name":   "k8s.daemonset.name",
	"kubernetes.job.name":         "k8s.job.name",
	"kubernetes.cronjob.name":     "k8s.cronjob.name",
	"orchestrator.cluster.id":     "k8s.cluster.uid",
}

// resourcePrefixes are the same for whole groups.
var resourcePrefixes = [...][2]string{
	{"kubernetes.labels.", "k8s.pod.label."},
	{"kubernetes.annotations.", "k8s.pod.annotation."},
	{"kubernetes.namespace_labels.", "k8s.namespace.label."},
	{"kubernetes.namespace_annotations.", "k8s.namespace.annotation."},
	{"kubernetes.node.labels.", "k8s.node.label."},
	{"kubernetes.node.annotations.", "k8s.node.annotation."},
	{"container.labels.", "container.label."},
}

// recordNames are the record's.
var recordNames = map[string]string{
	"log.origin.file.name": "code.file.path", "log.origin.file.line": "code.line.number", "log.origin.function": "code.function.name",
	"process.thread.id": "thread.id", "process.thread.name": "thread.name",
	"stream": "log.iostream", // Filebeat's parser of container logs
}

// serviceFields name the service where service.name does not, best first: by hand, then as the semantic
// conventions want it (https://opentelemetry.io/docs/specs/semconv/non-normative/k8s-attributes/).
// Beats write a dot in the name of a label as _.
var serviceFields = rank(
	"service", "fields.service.name", "fields.service_name", "fields.service", "fields.app",
	"kubernetes.annotations.resource_opentelemetry_io/service_name", "kubernetes.annotations.resource.opentelemetry.io/service.name",
	"kubernetes.labels.app_kubernetes_io/name", "kubernetes.labels.app.kubernetes.io/name", "kubernetes.labels.app",
	"kubernetes.deployment.name", "kubernetes.statefulset.name", "kubernetes.daemonset.name", "kubernetes.cronjob.name", "kubernetes.job.name",
	"kubernetes.container.name",
	"container.labels.com_docker_compose_service", "container.labels.com.docker.compose.service", "container.name",
)

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// rank numbers names from 1.
func rank(names ...string) map[string]int {
	m := make(map[string]int, len(names))
	for i, n := range names {
		m[n] = i + 1
	}
	return m
}

// field reads the value of the field c.path into the record or the resource.
func (c *converter) field() error {
	kind := c.decoder.PeekKind()
	if kind == 'n' || strings.HasPrefix(string(c.path), "@metadata.") {
		return c.decoder.SkipValue() // @metadata is for whoever routes; nothing of it is stored in Elasticsearch either
	}
	if string(c.path) == "message" {
		c.body = true
		return c.setValue(c.record.Body(), 1)
	}
	if kind == '"' {
		if used, err := c.special(); used || err != nil {
			return err
		}
	}
	m, name := c.record.Attributes(), ""
	if set := first(c.path); senderSets[string(set)] && (len(set) < len(c.path) || string(set) == "host") {
		m, name = c.resource, c.resourceName()
	} else {
		name = recordNames[string(c.path)]
	}
	if name == "" {
		name = string(c.path)
	}
	if m.Len() >= maxMembers {
		c.dropped++
		return c.decoder.SkipValue()
	}
	v := m.PutEmpty(name)
	if err := c.setValue(v, 1); err != nil {
		return err
	}
	if kind == '"' {
		c.known(name, v)
	}
	return nil
}

// special reads strings that are no attributes. It leaves the decoder alone when the field is none of them.
func (c *converter) special() (bool, error) {
	var dst *string
	switch string(c.path) {
	case "trace.id":
		dst = &c.trace
	case "span.id":
		dst = &c.span
	case "transaction.id":
		dst = &c.transaction
	case "@timestamp":
	case "log.level":
	default:
		return false, nil
	}
	t, err := c.decoder.ReadToken()
	if err != nil {
		return true, err
	}
	text := t.String()
	switch {
	case dst != nil:
		*dst = text
	case string(c.path) == "log.level":
		if !c.level(text) {
			c.record.SetSeverityText(text)
		}
	default:
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || at.Unix() < 0 || at.Year() > 2261 { // nanoseconds of 64 bits end in 2262
			c.record.Attributes().PutStr("@timestamp", text)
			break
		}
		c.record.SetTimestamp(pcommon.NewTimestampFromTime(at))
	}
	return true, nil
}

// resourceName is the name of the resource attribute that the field becomes, if it differs.
func (c *converter) resourceName() string {
	if name := resourceNames[string(c.path)]; name != "" {
		return name
	}
	for _, p := range resourcePrefixes {
		if rest, ok := strings.CutPrefix(string(c.path), p[0]); ok {
			return p[1] + rest
		}
	}
	return ""
}

// known uses what a string field tells beside being an attribute.
func (c *converter) known(name string, v pcommon.Value) {
	if r := serviceFields[string(c.path)]; r > 0 && v.Str() != "" && (c.serviceRank == 0 || r < c.serviceRank) {
		c.service, c.serviceRank = v.Str(), r
	}
	if name == "host.arch" {
		switch v.Str() {
		case "x86_64":
			v.SetStr("amd64")
		case "aarch64":
			v.SetStr("arm64")
		}
	}
}
