package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/rate"
)

// BugsnagConfig is the target Bugsnag, also called Insight Hub
// (https://bugsnagerrorreportingapi.docs.apiary.io).
type BugsnagConfig struct {
	// APIKey is a project's.
	APIKey configopaque.String `mapstructure:"api_key"`
	// URL is where events go.
	URL string `mapstructure:"url"`
	// ReleaseStage is for events without an environment.
	ReleaseStage string `mapstructure:"release_stage"`

	_ struct{}
}

// DefaultBugsnag has the defaults.
func DefaultBugsnag() BugsnagConfig {
	return BugsnagConfig{URL: "https://notify.bugsnag.com", ReleaseStage: "production"}
}

var bugsnagKey = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

// Validate names each mistake.
func (c *BugsnagConfig) Validate() error {
	var errs []error
	switch {
	case c.APIKey == "":
		errs = append(errs, missing("api_key", "the key of a project", "${env:BUGSNAG_API_KEY}"))
	case !bugsnagKey.MatchString(string(c.APIKey)):
		errs = append(errs, fmt.Errorf("'api_key' must be 32 hex digits, got %d characters; it is the Notifier API key in the project's settings", len(c.APIKey)))
	}
	if c.ReleaseStage == "" {
		errs = append(errs, missing("release_stage", "the stage of events without an environment", "production"))
	}
	errs = append(errs, baseURL("url", c.URL, "https://notify.bugsnag.com"))
	return errors.Join(errs...)
}

// New makes the target.
func (c *BugsnagConfig) New(o Options) (Target, error) {
	return &bugsnag{cfg: c, version: o.Version, client: wire.New(o.HTTP, wire.Options{
		Header: http.Header{"Bugsnag-Api-Key": {string(c.APIKey)}, "Bugsnag-Payload-Version": {"5"}}, Agent: o.Agent,
		Limit: o.limit(rate.New(5, time.Second)), DefaultWait: time.Minute, Secrets: []string{string(c.APIKey)},
	})}, nil
}

type bugsnag struct {
	noFind
	cfg     *BugsnagConfig
	version string
	client  *wire.Client
}

func (t *bugsnag) Traits() Traits { return Traits{Markup: card.Plain{}, Keyed: true, Quiet: true} }

func (t *bugsnag) Open(ctx context.Context, c *card.Card) (Ref, error) { return t.send(ctx, c) }

// Comment sends the latest occurrence: errors have no comments that a notifier could write.
func (t *bugsnag) Comment(ctx context.Context, _ Ref, c *card.Card) (Ref, error) {
	return t.send(ctx, c)
}

// Reopen sends an occurrence, which makes Bugsnag reopen a fixed error.
func (t *bugsnag) Reopen(ctx context.Context, _ Ref, c *card.Card) (Ref, error) {
	return t.send(ctx, c)
}

// Resolve does nothing: a notifier cannot mark an error as fixed.
func (t *bugsnag) Resolve(_ context.Context, ref Ref, _ *card.Card) (Ref, error) { return ref, nil }

func (t *bugsnag) send(ctx context.Context, c *card.Card) (Ref, error) {
	e := c.Event
	stage := e.Environment
	if stage == "" {
		stage = t.cfg.ReleaseStage
	}
	event := map[string]any{
		"exceptions": t.exceptions(c), "groupingHash": c.Key, "severity": [...]string{"error", "error", "warning", "info", "info"}[c.Severity-1],
		"unhandled": e.Handled != nil && !*e.Handled, "context": wire.Clip(c.Issue.Culprit, 500), "breadcrumbs": t.breadcrumbs(e.Breadcrumbs),
		"app":      filled(map[string]string{"version": wire.Clip(c.Release(), 255), "releaseStage": wire.Clip(stage, 255), "id": wire.Clip(c.Issue.Service, 255)}),
		"device":   filled(map[string]string{"hostname": wire.Clip(e.Resource["host.name"], 255), "time": e.Time.UTC().Format(time.RFC3339Nano)}),
		"metaData": map[string]any{"issue": details(c), "tags": short(e.Tags, 1000), "resource": short(e.Resource, 1000)},
	}
	if user := short(pick(e.User, "id", "name", "email"), 255); len(user) > 0 {
		event["user"] = user
	}
	if m := e.Request["method"]; m != "" || e.Request["url"] != "" {
		event["request"] = map[string]string{"httpMethod": wire.Clip(m, 20), "url": wire.Clip(e.Request["url"], 2000)}
	}
	if e.TraceID != "" {
		event["correlation"] = map[string]string{"traceId": e.TraceID, "spanId": e.SpanID}
	}
	body := map[string]any{
		"apiKey": string(t.cfg.APIKey), "payloadVersion": "5",
		"notifier": map[string]string{"name": "Culprit", "version": t.version, "url": "https://github.com/otel-culprit/culprit"},
		"events":   []any{event},
	}
	header := http.Header{"Bugsnag-Sent-At": {time.Now().UTC().Format(time.RFC3339)}}
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.cfg.URL, Body: body, Header: header})
	return Ref{ID: c.Key}, err
}

// exceptions are outermost first, their frames newest first: the order of our own.
func (t *bugsnag) exceptions(c *card.Card) []any {
	var out []any
	for i, x := range c.Event.Exceptions {
		if i == 10 {
			break
		}
		frames := []any{}
		for _, f := range x.Frames[:min(len(x.Frames), 200)] {
			frame := map[string]any{"file": wire.Clip(orUnknown(f.File), 500), "method": wire.Clip(f.Function, 500), "inProject": f.InApp, "lineNumber": f.Line}
			if f.Column > 0 {
				frame["columnNumber"] = f.Column
			}
			frames = append(frames, frame)
		}
		x := map[string]any{"errorClass": wire.Clip(orUnknown(x.Type), 255), "message": wire.Clip(x.Message, 5000), "stacktrace": frames}
		if c.Event.Language != "" {
			x["type"] = string(c.Event.Language)
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		out = append(out, map[string]any{"errorClass": wire.Clip(c.Title, 255), "message": wire.Clip(c.Event.Message, 5000), "stacktrace": []any{}})
	}
	return out
}

func (t *bugsnag) breadcrumbs(list []issue.Breadcrumb) []any {
	out := []any{}
	for _, b := range list[max(0, len(list)-50):] {
		out = append(out, map[string]any{
			"timestamp": b.Time.UTC().Format(time.RFC3339Nano), "name": wire.Clip(wire.Line(b.Message), 300), "type": "log",
			"metaData": filled(map[string]string{"service": wire.Clip(b.Service, 255), "level": b.Level, "category": wire.Clip(b.Category, 255)}),
		})
	}
	return out
}

// filled leaves out what is not known.
func filled(m map[string]string) map[string]string {
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}
