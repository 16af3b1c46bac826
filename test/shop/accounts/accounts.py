"""The accounts service: Django, instrumented with the OpenTelemetry SDK.

It is older than the shop's tracing. Its middleware reads X-Trace-ID, or makes one, and its logs carry that;
what it hands to a thread pool has lost the OpenTelemetry context and is logged with X-Trace-ID only.
"""
import logging
import os
import signal
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

trace_local = threading.local()
log = logging.getLogger("accounts")
workers = ThreadPoolExecutor(max_workers=2)


class TraceIDMiddleware:
    """Reads X-Trace-ID or makes one; views find it in the request, callers in the answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.trace_id = request.headers.get("X-Trace-ID") or str(uuid.uuid4())
        response = self.get_response(request)
        response["X-Trace-ID"] = request.trace_id
        return response


class AccountError(Exception):
    """The account cannot be shown."""


PLANS = {"basic": 1, "plus": 2}


def find(number):
    return {"number": int(number), "plan": "gold"}


def limit(account):
    return PLANS[account["plan"]]


def load_profile(number):
    account = find(number)
    try:
        return limit(account)
    except KeyError as e:
        raise AccountError(f"no limit for account {number}") from e


def account(request, number):
    log.info("show account")
    return HttpResponse(str(find(number)))


def profile(request, number):
    return HttpResponse(str(load_profile(number)))


def write_statement(trace_id, number):
    # Runs in the pool: no OpenTelemetry context here.
    log.error(
        "statement of account %s was not delivered to %s", number, f"customer.{number}@mail.example.net",
        extra={"X-Trace-ID": trace_id},
    )


def statement(request, number):
    workers.submit(write_statement, request.trace_id, number).result(timeout=5)
    return HttpResponse("queued")


def health(request):
    return HttpResponse("ok")


urlpatterns = [
    path("health", health),
    path("accounts/<str:number>", account),
    path("accounts/<str:number>/profile", profile),
    path("accounts/<str:number>/statement", statement),
]


def instrument():
    from opentelemetry import _logs, trace
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    try:
        from opentelemetry.instrumentation.logging.handler import LoggingHandler
    except ImportError:
        from opentelemetry.sdk._logs import LoggingHandler

    resource = Resource.create({
        "service.name": "accounts",
        "service.version": os.environ.get("SHOP_VERSION", "1.4.0"),
        "deployment.environment.name": "demo",
    })
    spans = TracerProvider(resource=resource)
    spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=1000))
    trace.set_tracer_provider(spans)
    logs = LoggerProvider(resource=resource)
    logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(), schedule_delay_millis=1000))
    _logs.set_logger_provider(logs)
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[LoggingHandler(logger_provider=logs)])
    DjangoInstrumentor().instrument(excluded_urls="health")
    return spans, logs


def main():
    settings.configure(
        DEBUG=False,
        SECRET_KEY=uuid.uuid4().hex,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[f"{__name__}.TraceIDMiddleware"],
        LOGGING_CONFIG=None,
    )
    providers = instrument()
    django.setup()

    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            pass

    host, port = os.environ["SHOP_ADDRESS"].rsplit(":", 1)
    server = Server((host, int(port)), Quiet)
    server.set_app(get_wsgi_application())

    def stop(*_):
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever(poll_interval=0.1)
    for provider in providers:
        provider.shutdown()


if __name__ == "__main__":
    sys.modules["accounts"] = sys.modules[__name__]
    main()
