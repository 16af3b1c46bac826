package lokireceiver

import "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/lokireceiver"

// Config is upstream's configuration, key by key.
type Config = lokireceiver.Config
