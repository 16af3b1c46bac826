package piiredactionprocessor

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/pii"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor/internal/metadata"
)

// reportInterval is how often the registry is told what was taken out of each service's records.
const reportInterval = 10 * time.Second

// maxServices bounds the report; further services are not told apart.
const maxServices = 2000

// core is what all instances of one component share.
type core struct {
	cfg       *Config
	scanner   *pii.Scanner
	telemetry *metadata.TelemetryBuilder
	userKey   []byte
	forget    func()
	redactors sync.Pool

	mu       sync.Mutex
	started  int // instances; guarded by mu
	reporter issue.Reporter
	stop     chan struct{}
	done     chan struct{}
	services map[string]map[string]uint64 // service -> detector -> values; guarded by mu
	records  map[string]map[string]uint64 // service -> signal -> records; guarded by mu
}

func newCore(set processor.Settings, cfg *Config) (*core, error) {
	scanner, err := pii.New(cfg.engine())
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	c := &core{cfg: cfg, scanner: scanner, telemetry: telemetry, userKey: []byte(cfg.HashKey)}
	if len(c.userKey) == 0 {
		c.userKey = make([]byte, 32)
		_, _ = rand.Read(c.userKey) // never fails: crypto/rand
	}
	c.redactors.New = func() any { return newRedactor(c) }
	return c, nil
}

// instance is one pipeline's share of a core.
type instance struct {
	*core
	up bool
}

func (i *instance) start(_ context.Context, host component.Host) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.up = true
	if i.started++; i.started > 1 {
		return nil
	}
	for _, ext := range host.GetExtensions() {
		if r, ok := ext.(issue.Reporter); ok {
			i.reporter = r
			break
		}
	}
	if i.reporter != nil {
		i.services, i.records = map[string]map[string]uint64{}, map[string]map[string]uint64{}
		i.stop, i.done = make(chan struct{}), make(chan struct{})
		go i.reportLoop(i.stop, i.done)
	}
	return nil
}

func (i *instance) shutdown(context.Context) error {
	i.mu.Lock()
	if !i.up {
		i.mu.Unlock()
		return nil
	}
	i.up = false
	i.started--
	last := i.started == 0
	stop, done := i.stop, i.done
	if last {
		i.stop = nil
	}
	i.mu.Unlock()
	if !last {
		return nil
	}
	if stop != nil {
		close(stop)
		<-done
		i.report()
	}
	i.telemetry.Shutdown()
	i.forget()
	return nil
}

func (c *core) reportLoop(stop, done chan struct{}) {
	defer close(done)
	ticker := time.NewTicker(reportInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.report()
		case <-stop:
			return
		}
	}
}

// report gives what was counted since the last time to the registry.
func (c *core) report() {
	c.mu.Lock()
	services := c.services
	c.services = map[string]map[string]uint64{}
	c.mu.Unlock()
	if len(services) == 0 {
		return
	}
	out := make([]issue.ServiceReport, 0, len(services))
	for name, counts := range services {
		out = append(out, issue.ServiceReport{Service: name, Redacted: counts})
	}
	c.reporter.Report(out)
}

// addService counts values of a service for the next report.
func (c *core) addService(service, detector string, n uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	counts := c.services[service]
	if counts == nil {
		if len(c.services) >= maxServices {
			service = "other"
		}
		if counts = c.services[service]; counts == nil {
			counts = map[string]uint64{}
			c.services[strings.Clone(service)] = counts
		}
	}
	counts[detector] += n
}

// userHash is the user.hash of a user's ID: the first 32 hexadecimal digits of its HMAC-SHA256.
// https://opentelemetry.io/docs/specs/semconv/registry/attributes/user/
func (c *core) userHash(user string) string {
	mac := hmac.New(sha256.New, c.userKey)
	mac.Write([]byte(strings.ToLower(strings.TrimSpace(user))))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
