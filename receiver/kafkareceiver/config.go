package kafkareceiver

import "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/kafkareceiver"

// Config is upstream's configuration, key by key.
type Config = kafkareceiver.Config
