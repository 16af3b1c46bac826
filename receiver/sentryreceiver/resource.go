package sentryreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// Resource attributes of our own; docs/sentry.md lists them.
const (
	attrRelease     = "sentry.release" // as the SDK sent it; service.version is its part behind the @
	attrEnvironment = "sentry.environment"
	attrProject     = "sentry.project_id"
	attrDist        = "sentry.dist"
)

// origin is what an item says about where it comes from.
type origin struct {
	platform, release, environment, dist, server, sdkName, sdkVersion string
}

// resource describes the service that sent an item.
func (c *conversion) resource(res pcommon.Map, o origin) {
	or := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	release, environment := or(o.release, c.release), or(o.environment, c.environment)
	sdkName, sdkVersion := or(o.sdkName, c.sdkName), or(o.sdkVersion, c.sdkVersion)
	res.EnsureCapacity(16)
	res.PutStr("service.name", c.service)
	putStr(res, "service.version", version(release))
	putStr(res, "deployment.environment.name", environment)
	putStr(res, "telemetry.sdk.language", string(languageOf(o.platform, sdkName)))
	putStr(res, "telemetry.sdk.name", sdkName)
	putStr(res, "telemetry.sdk.version", sdkVersion)
	putStr(res, "host.name", o.server)
	putStr(res, attrProject, c.project)
	putStr(res, attrRelease, release)
	putStr(res, attrEnvironment, environment)
	putStr(res, attrDist, o.dist)
}

// version is the version in a release: Sentry's convention is package@version+build
// (https://docs.sentry.io/product/releases/naming-releases/).
func version(release string) string {
	if i := strings.LastIndexByte(release, '@'); i > 0 && i+1 < len(release) {
		return release[i+1:]
	}
	return release
}

// contextAttributes are the fields of contexts that have a resource attribute.
var contextAttributes = map[string]map[string]string{
	"os": {
		"name": "os.name", "version": "os.version", "build": "os.build_id", "raw_description": "os.description",
	},
	"runtime": {
		"name": "process.runtime.name", "version": "process.runtime.version", "raw_description": "process.runtime.description",
	},
	"device": {
		"arch": "host.arch", "manufacturer": "device.manufacturer", "model": "device.model.name",
		"model_id": "device.model.identifier", "device_unique_identifier": "device.id",
	},
	"browser": {"name": "user_agent.name", "version": "user_agent.version"},
	"culture": {"locale": "browser.language"},
}

// contextsToResource puts what describes the sender into the resource. The contexts themselves stay
// with the record, complete.
func contextsToResource(res pcommon.Map, contexts sentryproto.Value) {
	for name, context := range contexts.Members() {
		switch name {
		case "cloud_resource":
			for k, v := range context.Members() {
				if strings.Contains(k, ".") {
					putMissing(res, k, v.Text())
				}
			}
		case "otel":
			for k, v := range context.Get("resource").Members() {
				if _, ok := res.Get(k); !ok && res.Len() < maxMembers && !strings.HasPrefix(k, "telemetry.sdk.") && k != "service.name" {
					putValue(res, k, v)
				}
			}
		default:
			known := contextAttributes[name]
			if known == nil {
				continue
			}
			for k, v := range context.Members() {
				if attr := known[k]; attr != "" {
					putMissing(res, attr, strings.TrimSpace(v.Text()))
				}
			}
		}
	}
}
