package filestorageextension

import (
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"go.opentelemetry.io/collector/component"
)

// Config is upstream's configuration, key by key.
type Config = filestorage.Config

var upstream = filestorage.NewFactory()

// createDefaultConfig is upstream's default but for two: a damaged file must not stop the start, and what waits in a queue
// is for the collector's user alone.
func createDefaultConfig() component.Config {
	cfg := upstream.CreateDefaultConfig().(*Config)
	cfg.Recreate = true
	cfg.DirectoryPermissions = "0700"
	return cfg
}
