#!/usr/bin/env bash
# Runs one backend in the foreground; data and the effective config live in DIR.
# usage: run.sh BINDIR DIR name   names: loki jaeger prometheus alertmanager redis bugsink
# Ports are defaults; override with the variables named below. Everything listens on 127.0.0.1.
set -euo pipefail
if [ $# -ne 3 ]; then sed -n '2,4s/^# //p' "$0" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
mkdir -p "$2"
cd "$2"
: "${LOKI_HTTP_PORT:=13100}" "${LOKI_GRPC_PORT:=13195}"
: "${JAEGER_QUERY_PORT:=16686}" "${JAEGER_QUERY_GRPC_PORT:=16685}" "${JAEGER_HEALTH_PORT:=13133}"
: "${JAEGER_OTLP_GRPC_PORT:=14317}" "${JAEGER_OTLP_HTTP_PORT:=14318}"
: "${PROMETHEUS_PORT:=19090}" "${ALERTMANAGER_PORT:=19093}" "${WEBHOOK_PORT:=19999}"
: "${REDIS_PORT:=16379}" "${BUGSINK_PORT:=18000}"
: "${BUGSINK_KEY:=c0ffee00-0000-4000-8000-000000000001}" "${BUGSINK_TOKEN:=0123456789abcdef0123456789abcdef01234567}"
case $3 in
  loki)         # ready: GET /ready -> 200
    export LOKI_HTTP_PORT LOKI_GRPC_PORT
    cp "$here/loki/loki.yaml" loki.yaml
    exec "$bin/loki" -config.file=loki.yaml -config.expand-env=true ;;
  jaeger)       # ready: GET http://127.0.0.1:$JAEGER_HEALTH_PORT/status -> 200
    export JAEGER_QUERY_PORT JAEGER_QUERY_GRPC_PORT JAEGER_HEALTH_PORT JAEGER_OTLP_GRPC_PORT JAEGER_OTLP_HTTP_PORT
    cp "$here/jaeger/jaeger.yaml" jaeger.yaml
    exec "$bin/jaeger" --config jaeger.yaml ;;
  prometheus)   # ready: GET /-/ready
    sed "s/127\.0\.0\.1:19093/127.0.0.1:$ALERTMANAGER_PORT/" "$here/prometheus/prom.yml" > prom.yml
    cp "$here/prometheus/rules.yml" rules.yml
    exec "$bin/prometheus" --config.file=prom.yml --storage.tsdb.path=data \
      --web.listen-address="127.0.0.1:$PROMETHEUS_PORT" \
      --web.enable-remote-write-receiver --web.enable-otlp-receiver \
      --enable-feature=exemplar-storage --rules.alert.resend-delay=1s ;;
  alertmanager) # ready: GET /-/ready
    sed "s/127\.0\.0\.1:19999/127.0.0.1:$WEBHOOK_PORT/" "$here/alertmanager/am.yml" > am.yml
    exec "$bin/alertmanager" --config.file=am.yml --storage.path=data \
      --web.listen-address="127.0.0.1:$ALERTMANAGER_PORT" --cluster.listen-address= ;;
  redis)        # ready: redis-cli -p $REDIS_PORT ping -> PONG
    exec redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$PWD" ;;
  bugsink)      # ready: GET /health/ready -> 200; DSN http://<BUGSINK_KEY without dashes>@127.0.0.1:$BUGSINK_PORT/1
    export BUGSINK_PORT BUGSINK_KEY BUGSINK_TOKEN
    export PYTHONPATH="$here/bugsink" DJANGO_SETTINGS_MODULE=culprit_bugsink PYTHONDONTWRITEBYTECODE=1
    "$bin/bugsink/bin/bugsink-manage" migrate --verbosity 0
    "$bin/bugsink/bin/bugsink-manage" migrate --verbosity 0 --database snappea
    "$bin/bugsink/bin/python" "$here/bugsink/prepare.py"
    exec "$bin/bugsink/bin/gunicorn" --bind "127.0.0.1:$BUGSINK_PORT" --workers 1 --threads 4 --log-level warning bugsink.wsgi ;;
  *)
    echo "run.sh: unknown backend '$3'" >&2; exit 2 ;;
esac
