package sentryreceiver

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// itemOptions caches attribute sets: there are few combinations, and each request needs some.
var itemOptions sync.Map // [2]string -> metric.AddOption

func itemOption(kind, outcome string) metric.AddOption {
	key := [2]string{kind, outcome}
	if o, ok := itemOptions.Load(key); ok {
		return o.(metric.AddOption)
	}
	o := metric.WithAttributeSet(attribute.NewSet(attribute.String("type", kind), attribute.String("outcome", outcome)))
	itemOptions.Store(key, o)
	return o
}

// What became of a request; see metadata.yaml.
var (
	requestAccepted     = requestOption("accepted")
	requestSpooled      = requestOption("spooled")
	requestThrottled    = requestOption("throttled")
	requestMalformed    = requestOption("malformed")
	requestTooLarge     = requestOption("too_large")
	requestUnauthorized = requestOption("unauthorized")
	requestRefused      = requestOption("refused")
	requestUnsupported  = requestOption("unsupported")
)

func requestOption(outcome string) metric.AddOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", outcome)))
}
