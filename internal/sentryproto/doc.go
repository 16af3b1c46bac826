// Package sentryproto is Sentry's wire format, both directions: DSNs and authentication, envelopes,
// rate limits, client reports, and the JSON of events.
//
// Sources: Sentry's SDK documentation (https://develop.sentry.dev/sdk/) and Relay, the server that
// receives for Sentry (https://github.com/getsentry/relay). Where the two differ, Relay decides.
package sentryproto
