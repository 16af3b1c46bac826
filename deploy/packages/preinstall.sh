#!/bin/sh
# The user that the service runs as; it owns /var/lib/otelcol-culprit and nothing else.
set -e
getent group otelcol-culprit >/dev/null || groupadd --system otelcol-culprit
getent passwd otelcol-culprit >/dev/null ||
  useradd --system --gid otelcol-culprit --home-dir /var/lib/otelcol-culprit --no-create-home --shell /usr/sbin/nologin otelcol-culprit
