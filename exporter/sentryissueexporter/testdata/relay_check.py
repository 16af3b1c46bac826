"""Reads events, one JSON object a line, and lets Relay's own normaliser judge them.

Exit code 77: the package sentry-relay is not installed. Exit code 1: Relay objects to an event; what
and where is written to standard output.
"""

import json
import sys

try:
    from sentry_relay.processing import StoreNormalizer
except ImportError:
    sys.exit(77)


def remarks(meta, path=""):
    """Yields the path of each remark and error in _meta."""
    for key, value in meta.items():
        if key == "":
            yield path, value
        elif isinstance(value, dict):
            yield from remarks(value, f"{path}.{key}")


def main():
    bad = count = 0
    for line in sys.stdin:
        count += 1
        event = json.loads(line)
        out = StoreNormalizer().normalize_event(event)
        found = list(remarks(out.get("_meta") or {}))
        found += [(e.get("name"), e) for e in out.get("errors") or []]
        for frames, theirs in zip(stacks(event), stacks(out)):
            if len(frames) != len(theirs):
                found.append(("stacktrace", f"{len(frames)} frames became {len(theirs)}"))
        if found:
            bad += 1
            print(f"event {count}: {json.dumps(found)[:2000]}")
    print(f"{count} events, {bad} with objections")
    sys.exit(1 if bad or not count else 0)


def stacks(event):
    """Lists the frames of each exception."""
    values = (event.get("exception") or {}).get("values") or []
    return [(v.get("stacktrace") or {}).get("frames") or [] for v in values]


main()
