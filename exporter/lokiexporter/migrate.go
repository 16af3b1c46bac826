package lokiexporter

import (
	"fmt"
	"maps"
	"slices"

	"go.opentelemetry.io/collector/confmap"
)

// flatKeys are the client settings that the retired upstream exporter had on its own level.
var flatKeys = []string{
	"endpoint", "headers", "tls", "timeout", "auth", "proxy_url", "compression", "read_buffer_size", "write_buffer_size",
	"max_idle_conns", "max_idle_conns_per_host", "max_conns_per_host", "idle_conn_timeout", "disable_keep_alives",
	"http2_read_idle_timeout", "http2_ping_timeout", "cookies",
}

// migrate moves the retired exporter's flat keys below `http`. It returns one sentence for each key
// that was moved.
func migrate(conf *confmap.Conf) ([]string, error) {
	var told []string
	moved := map[string]any{}
	for _, key := range flatKeys {
		if !conf.IsSet(key) {
			continue
		}
		if conf.IsSet("http::" + key) {
			return nil, fmt.Errorf("'%s' is the old place of 'http::%s', and both are set; keep 'http::%s'", key, key, key)
		}
		moved[key] = conf.Get(key)
		conf.Delete(key)
		told = append(told, fmt.Sprintf("'%s' moved to 'http::%s'", key, key))
	}
	if defaults := "default_labels_enabled"; conf.IsSet(defaults) {
		told = append(told, replacedDefaults(conf.Get(defaults))...)
		conf.Delete(defaults)
	}
	if len(moved) == 0 {
		return told, nil
	}
	return told, conf.Merge(confmap.NewFromStringMap(map[string]any{"http": moved}))
}

// replacedDefaults names what takes the place of the labels that the retired exporter added by itself.
func replacedDefaults(raw any) []string {
	instead := map[string]string{
		"exporter": "`labels: {static: {exporter: OTLP}}`",
		"job":      "`labels: {resource: [service.namespace, service.name]}`",
		"instance": "`labels: {resource: [service.instance.id]}`",
		"level":    "nothing: Loki detects the level, and severity is structured metadata",
	}
	enabled, _ := raw.(map[string]any)
	var told []string
	for _, key := range slices.Sorted(maps.Keys(enabled)) {
		if on, _ := enabled[key].(bool); on && instead[key] != "" {
			told = append(told, fmt.Sprintf("'default_labels_enabled::%s' has no effect any more, its place takes %s", key, instead[key]))
		}
	}
	return told
}
