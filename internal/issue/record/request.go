package record

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
)

const headerPrefix = "http.request.header."

// requestAttr takes an attribute that describes an HTTP request, by its name of today or of before.
func requestAttr(e *issue.Event, key string, v pcommon.Value) bool {
	name := ""
	switch key {
	case "http.request.method", "http.method":
		name = "method"
	case "url.full", "http.url":
		name = "url"
	case "url.query":
		name = "query_string"
	case "http.response.status_code", "http.status_code":
		name = "status_code"
	case "client.address", "http.client_ip", "user.ip_address":
		name = "client_address"
	case "user_agent.original", "http.user_agent":
		name = "header.user-agent"
	case "url.scheme", "http.scheme", "url.path", "http.target", "server.address", "http.host", "net.host.name", "server.port":
		name = "." + key // parts of the URL, put together at the end
	default:
		if !strings.HasPrefix(key, headerPrefix) {
			return false
		}
		name = "header." + strings.ToLower(key[len(headerPrefix):])
		if v.Type() == pcommon.ValueTypeSlice {
			put(&e.Request, name, joinStrings(v.Slice()))
			return true
		}
	}
	put(&e.Request, name, v.AsString())
	return true
}

// completeRequest puts the URL together where it came in parts.
func completeRequest(e *issue.Event) {
	r := e.Request
	if r == nil {
		return
	}
	scheme := firstNonEmpty(r[".url.scheme"], r[".http.scheme"])
	host := firstNonEmpty(r[".server.address"], r[".http.host"], r[".net.host.name"])
	path := firstNonEmpty(r[".url.path"], r[".http.target"])
	port := r[".server.port"]
	for k := range r {
		if k[0] == '.' {
			delete(r, k)
		}
	}
	if path, query, ok := strings.Cut(path, "?"); ok && r["query_string"] == "" && r["url"] == "" {
		put(&e.Request, "query_string", query)
		completeURL(e, scheme, host, port, path)
		return
	}
	completeURL(e, scheme, host, port, path)
	if len(r) == 0 {
		e.Request = nil
	}
}

func completeURL(e *issue.Event, scheme, host, port, path string) {
	if e.Request["url"] != "" || path == "" {
		return
	}
	if host == "" {
		put(&e.Request, "url", path)
		return
	}
	if port != "" && port != "80" && port != "443" && strings.IndexByte(host, ':') < 0 {
		host += ":" + port
	}
	put(&e.Request, "url", firstNonEmpty(scheme, "http")+"://"+host+path)
}

func joinStrings(list pcommon.Slice) string {
	if list.Len() == 1 {
		return list.At(0).AsString()
	}
	var b strings.Builder
	for i, v := range list.All() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(v.AsString())
	}
	return b.String()
}
