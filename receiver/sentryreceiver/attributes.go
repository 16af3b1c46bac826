package sentryreceiver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// putAttributes copies the attributes of logs, spans v2 and metrics, {"key": {"value": …, "type": …}}
// (https://develop.sentry.dev/sdk/telemetry/attributes/). The type decides between whole and broken
// numbers.
func putAttributes(attrs pcommon.Map, v sentryproto.Value) {
	attrs.EnsureCapacity(attrs.Len() + min(v.Len(), maxMembers))
	for key, attr := range v.Members() {
		if attrs.Len() >= maxMembers {
			return
		}
		value := attr
		typ := ""
		if attr.Kind() == sentryproto.Object {
			value = attr.Get("value")
			typ = attr.Get("type").Str()
		}
		if isEmpty(value) || resourceKey(key) {
			continue
		}
		if f, ok := value.Float(); ok && typ == "double" && value.Kind() == sentryproto.Number {
			attrs.PutDouble(key, f)
			continue
		}
		setValue(attrs.PutEmpty(key), value, 1)
		if ip := key == "user.ip_address"; ip {
			putMissing(attrs, "client.address", value.Text())
		}
	}
}

// resourceKey tells the attributes that describe the sender and therefore go into the resource.
func resourceKey(key string) bool {
	switch key {
	case "sentry.release", "sentry.environment", "sentry.sdk.name", "sentry.sdk.version", "sentry.sdk.integrations",
		"sentry.server.address":
		return true
	}
	return false
}

// attributesOrigin finds the sender in the attributes of an item.
func attributesOrigin(v sentryproto.Value) (o origin) {
	for key, attr := range v.Members() {
		value := attr.Get("value")
		switch key {
		case "sentry.release":
			o.release = value.Text()
		case "sentry.environment":
			o.environment = value.Text()
		case "sentry.sdk.name":
			o.sdkName = value.Text()
		case "sentry.sdk.version":
			o.sdkVersion = value.Text()
		case "sentry.platform":
			o.platform = value.Text()
		case "server.address", "sentry.server.address":
			o.server = value.Text()
		}
	}
	return o
}

// firstOrigin is the origin of a container: all its items come from one client.
func firstOrigin(items sentryproto.Value) origin {
	for item := range items.Values() {
		return attributesOrigin(item.Get("attributes"))
	}
	return origin{}
}
