"""Sends windows with pylogbeat: the second is refused and sent again on a new connection."""
import sys

from pylogbeat import PyLogBeatClient

port, ca = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None


def connect():
    return PyLogBeatClient("127.0.0.1", port, timeout=20, ssl_enable=ca is not None, ca_certs=ca)


def event(text):
    return {"@timestamp": "2026-11-22T10:57:18.123Z", "message": text, "host": {"name": "node-1"}}


try:
    with connect() as client:
        client.send([event("one")])
        client.send([event("two"), event("three")])
except Exception:
    print("refused")
with connect() as client:
    client.send([event("two"), event("three")])
    client.send([event("four")])
    print("sent")
