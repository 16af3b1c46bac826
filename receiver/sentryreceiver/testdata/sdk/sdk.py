"""Reports a few errors with the real Python SDK of Sentry to the DSN in the first argument.

It prints what OpenTelemetry's SDK records of the exception (span.record_exception), as JSON.
Exit code 77: the package sentry-sdk is not installed.
"""

import json
import logging
import sys
import traceback

try:
    import sentry_sdk
except ImportError:
    sys.exit(77)


class PaymentError(Exception):
    pass


def deep(order):
    note = "hunter2"  # noqa: F841 - a local variable that the SDK sends
    return order["amount"]


def charge(order):
    try:
        return deep(order)
    except KeyError as e:
        raise PaymentError("charge failed for ana.lima@example.com") from e


sentry_sdk.init(
    dsn=sys.argv[1], release="etl@3.1", environment="prod", server_name="py-1", traces_sample_rate=1.0,
    send_default_pii=True, attach_stacktrace=True, auto_enabling_integrations=False,
)
sentry_sdk.set_user({"id": "u-77", "email": "ana.lima@example.com"})
sentry_sdk.set_tag("team", "etl")
sentry_sdk.add_breadcrumb(category="auth", message="user logged in", level="info", data={"plan": "pro"})
logging.getLogger("etl.job").warning("retrying")
with sentry_sdk.start_transaction(op="task", name="import"):
    with sentry_sdk.start_span(op="db.query"):
        pass
    try:
        charge({})
    except PaymentError as e:
        sentry_sdk.capture_exception(e)
        print(json.dumps({
            "type": f"{type(e).__module__}.{type(e).__qualname__}", "message": str(e),
            "stacktrace": "".join(traceback.format_exception(e)),
        }))
sentry_sdk.capture_message("just a message")
sentry_sdk.flush(timeout=10)
