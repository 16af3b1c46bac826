#!/bin/sh
# deb: "remove" or "upgrade"; rpm: 0 when the last version goes. /var/lib/otelcol-culprit stays: queues and issues are data.
set -e
case "${1:-}" in
  remove | 0)
    if [ -d /run/systemd/system ]; then systemctl disable --now otelcol-culprit.service || true; fi
    ;;
esac
