package otlpreceiver

import "go.opentelemetry.io/collector/receiver/otlpreceiver"

// Config is upstream's configuration, key by key.
type Config = otlpreceiver.Config
