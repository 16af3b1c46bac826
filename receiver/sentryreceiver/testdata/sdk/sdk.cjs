// Reports a few errors with the real Node SDK of Sentry to the DSN in the first argument, and prints what
// OpenTelemetry's SDK records of the first of them (span.recordException), as JSON.
// Exit code 77: @sentry/node is not installed (NODE_PATH says where it is looked for).
"use strict";

let Sentry;
try {
  Sentry = require("@sentry/node");
} catch {
  process.exit(77);
}

Sentry.init({
  dsn: process.argv[2], release: "checkout@1.4.2", environment: "staging", serverName: "node-1",
  tracesSampleRate: 1, sendDefaultPii: true, enableLogs: true,
});
Sentry.setUser({ id: "u-77", email: "ana.lima@example.com" });
Sentry.setTag("team", "payments");
Sentry.addBreadcrumb({ category: "auth", message: "user logged in", level: "info" });

class PaymentError extends Error {
  name = "PaymentError";
}

function fetchRates() {
  return null.rates;
}

function charge() {
  try {
    return fetchRates();
  } catch (cause) {
    throw new PaymentError("charge failed", { cause });
  }
}

async function main() {
  Sentry.startSpan({ name: "job import", op: "queue.process" }, () => {
    try {
      charge();
    } catch (e) {
      Sentry.captureException(e);
      console.log(JSON.stringify({ type: e.name, message: e.message, stacktrace: e.stack }));
    }
  });
  Sentry.logger?.error("import failed", { plan: "pro" });
  if (!(await Sentry.flush(10000))) {
    throw new Error("not all was sent");
  }
  process.exit(0);
}

main();
