package sentryreceiver

import (
	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// eventDoc holds the fields of an event or a transaction, found in one pass.
type eventDoc struct {
	eventID, timestamp, startTimestamp, platform, level, logger, transaction, culprit, serverName sentryproto.Value
	release, dist, environment, message, logentry, exception, threads, stacktrace                 sentryproto.Value
	breadcrumbs, user, request, contexts, tags, extra, fingerprint, sdk                           sentryproto.Value
	spans, measurements, transactionInfo                                                          sentryproto.Value

	// The contexts that are read more than once.
	trace, otel, response sentryproto.Value
	others                []member // fields that have no meaning here
}

type member struct {
	key   string
	value sentryproto.Value
}

// readDoc reads an event, which is valid until the next one is read.
func (c *conversion) readDoc(v sentryproto.Value) *eventDoc {
	d := &c.tools.doc
	*d = eventDoc{others: d.others[:0]}
	for key, value := range v.Members() {
		switch key {
		case "event_id":
			d.eventID = value
		case "timestamp":
			d.timestamp = value
		case "start_timestamp":
			d.startTimestamp = value
		case "platform":
			d.platform = value
		case "level":
			d.level = value
		case "logger":
			d.logger = value
		case "transaction":
			d.transaction = value
		case "culprit":
			d.culprit = value
		case "server_name":
			d.serverName = value
		case "release":
			d.release = value
		case "dist":
			d.dist = value
		case "environment":
			d.environment = value
		case "message":
			d.message = value
		case "logentry", "sentry.interfaces.Message":
			d.logentry = value
		case "exception", "sentry.interfaces.Exception":
			d.exception = value
		case "threads":
			d.threads = value
		case "stacktrace", "sentry.interfaces.Stacktrace":
			d.stacktrace = value
		case "breadcrumbs":
			d.breadcrumbs = value
		case "user", "sentry.interfaces.User":
			d.user = value
		case "request", "sentry.interfaces.Http":
			d.request = value
		case "contexts":
			d.contexts = value
		case "tags":
			d.tags = value
		case "extra":
			d.extra = value
		case "fingerprint":
			d.fingerprint = value
		case "sdk":
			d.sdk = value
		case "spans":
			d.spans = value
		case "measurements":
			d.measurements = value
		case "transaction_info":
			d.transactionInfo = value
		case "type", "_meta", "errors", "received", "modules", "debug_meta", "sdkProcessingMetadata":
			// The server's own, or of no use without a Sentry server: lists of packages, addresses of images.
		default:
			d.others = append(d.others, member{key, value})
		}
	}
	for name, context := range d.contexts.Members() {
		switch name {
		case "trace":
			d.trace = context
		case "otel":
			d.otel = context
		case "response":
			d.response = context
		}
	}
	return d
}

func (d *eventDoc) origin() origin {
	return origin{
		platform:    d.platform.Str(),
		release:     d.release.Text(),
		environment: d.environment.Text(),
		dist:        d.dist.Text(),
		server:      d.serverName.Text(),
		sdkName:     d.sdk.Get("name").Str(),
		sdkVersion:  d.sdk.Get("version").Text(),
	}
}
