package sentryreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// userTo describes the user with the attributes of the semantic conventions, from which
// pii_redaction makes user.hash.
func userTo(attrs pcommon.Map, user sentryproto.Value) {
	for k, v := range user.Members() {
		switch k {
		case "id":
			putText(attrs, "user.id", v)
		case "email":
			putText(attrs, "user.email", v)
		case "username":
			putText(attrs, "user.name", v)
		case "name":
			putText(attrs, "user.full_name", v)
		case "ip_address":
			if ip := v.Str(); ip != "{{auto}}" {
				putStr(attrs, "user.ip_address", ip)
				putMissing(attrs, "client.address", ip)
			}
		default:
			if attrs.Len() < maxMembers {
				putValue(attrs, "user."+k, v)
			}
		}
	}
}

// requestTo describes the HTTP request.
func requestTo(attrs pcommon.Map, request sentryproto.Value) {
	for k, v := range request.Members() {
		switch k {
		case "url":
			putText(attrs, "url.full", v)
		case "method":
			putStr(attrs, "http.request.method", strings.ToUpper(v.Text()))
		case "query_string":
			putStr(attrs, "url.query", joinPairs(v, "&"))
		case "cookies":
			putHeader(attrs, "cookie", joinPairs(v, "; "))
		case "headers":
			n := 0
			pairs(v, func(name string, value sentryproto.Value) {
				if n++; n > maxMembers {
					return
				}
				if value.Kind() == sentryproto.Array {
					putValue(attrs, headerKey(name), value)
					return
				}
				putHeader(attrs, name, value.Text())
			})
		case "env":
			for name, value := range v.Members() {
				if name == "REMOTE_ADDR" {
					putStr(attrs, "client.address", value.Text())
					continue
				}
				if attrs.Len() < maxMembers {
					putText(attrs, "sentry.request.env."+name, value)
				}
			}
		case "data":
			putValue(attrs, "sentry.request.data", v)
		case "fragment":
			putText(attrs, "url.fragment", v)
		default:
			if attrs.Len() < maxMembers {
				putValue(attrs, "sentry.request."+k, v)
			}
		}
	}
}

// headerKeys are the attributes of headers that many requests have, under the names that SDKs write. The
// others' are made for each.
var headerKeys = func() map[string]string {
	keys := map[string]string{}
	for _, name := range []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Length",
		"Content-Type", "Cookie", "Dnt", "Forwarded", "Host", "Origin", "Priority", "Referer", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile",
		"Sec-Ch-Ua-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Traceparent", "User-Agent",
		"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-Ip", "X-Request-Id",
	} {
		key := "http.request.header." + strings.ToLower(name)
		keys[name], keys[strings.ToLower(name)] = key, key
	}
	return keys
}()

func headerKey(name string) string {
	if key, ok := headerKeys[name]; ok {
		return key
	}
	return "http.request.header." + strings.ToLower(name)
}

// putHeader puts a header as the semantic conventions want it: a list of strings.
func putHeader(attrs pcommon.Map, name, value string) {
	if value == "" || name == "" {
		return
	}
	if v, known := attrs.GetOrPutEmpty(headerKey(name)); !known { // the span's data may have it already
		v.SetEmptySlice().AppendEmpty().SetStr(value)
	}
}

// joinPairs writes an object or a list of pairs as one text; a text stays what it is. Nothing is
// escaped: redaction has to read it.
func joinPairs(v sentryproto.Value, separator string) string {
	if v.Kind() == sentryproto.String {
		return v.Str()
	}
	var b strings.Builder
	pairs(v, func(key string, value sentryproto.Value) {
		if b.Len() > 0 {
			b.WriteString(separator)
		}
		text := value.Text()
		if text == "" {
			text = value.Raw()
		}
		b.WriteString(key)
		b.WriteByte('=')
		b.WriteString(text)
	})
	return b.String()
}
