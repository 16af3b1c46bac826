package sentryreceiver

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// itemOptions caches attribute sets, ready to be passed on: there are few combinations, and each request
// needs some.
var itemOptions = struct {
	sync.RWMutex
	sets map[[2]string][]metric.AddOption
}{sets: map[[2]string][]metric.AddOption{}}

func itemOption(kind, outcome string) []metric.AddOption {
	key := [2]string{kind, outcome}
	itemOptions.RLock()
	o := itemOptions.sets[key]
	itemOptions.RUnlock()
	if o == nil {
		o = []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(attribute.String("type", kind), attribute.String("outcome", outcome)))}
		itemOptions.Lock()
		itemOptions.sets[key] = o
		itemOptions.Unlock()
	}
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

func requestOption(outcome string) []metric.AddOption {
	return []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", outcome)))}
}
