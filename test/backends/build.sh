#!/usr/bin/env bash
# Builds the observability backends of the end-to-end tests from source.
# usage: build.sh DIR [name...]   names: loki jaeger prometheus alertmanager telemetrygen bugsink moto kafka
# Without names: all but telemetrygen. Binaries (and folders: bugsink/ and moto/ of Python, kafka/ of Java) land in DIR. P=n limits parallel compiles.
set -euo pipefail
if [ $# -lt 1 ]; then sed -n '2,4s/^# //p' "$0" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- loki jaeger prometheus alertmanager bugsink moto kafka
export CGO_ENABLED=0 GOWORK=off GOFLAGS="-mod=readonly -p=${P:-2} -gcflags=all=-dwarf=false"

# b MODULE_DIR PACKAGES [BUILD_FLAG] [LDFLAGS]
b() { (cd "$here/$1" && go build -trimpath -buildvcs=false ${3:-} -ldflags "-s -w ${4:-}" -o "$out/" $2); }

for name; do
  echo "==> building $name"
  case $name in
    loki)
      b loki "github.com/grafana/loki/v3/cmd/loki github.com/grafana/loki/v3/cmd/logcli" "" \
        "-X github.com/grafana/loki/v3/pkg/util/build.Version=3.7.8" ;;
    jaeger)
      b jaeger github.com/jaegertracing/jaeger/cmd/jaeger ;;
    prometheus)
      b prometheus "github.com/prometheus/prometheus/cmd/prometheus github.com/prometheus/prometheus/cmd/promtool" \
        -tags=remove_all_sd "-X github.com/prometheus/common/version.Version=3.15.0" ;;
    alertmanager)
      b alertmanager "github.com/prometheus/alertmanager/cmd/alertmanager github.com/prometheus/alertmanager/cmd/amtool" "" \
        "-X github.com/prometheus/common/version.Version=0.31.1" ;;
    telemetrygen)
      b telemetrygen github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen ;;
    bugsink | moto)
      if ! command -v python3 >/dev/null; then
        echo "note: python3 is missing: no $name, so the tests use a server of their own or skip"
        continue
      fi
      cmp -s "$here/$name/requirements.txt" "$out/$name/requirements.txt" && continue
      rm -rf "${out:?}/$name"
      python3 -m venv "$out/$name"
      "$out/$name/bin/pip" install --quiet --disable-pip-version-check -r "$here/$name/requirements.txt"
      cp "$here/$name/requirements.txt" "$out/$name/" ;;
    kafka)
      if ! command -v java >/dev/null || ! command -v mvn >/dev/null; then
        echo "note: java or mvn is missing: no Kafka, so the test of collectors behind Kafka skips"
        continue
      fi
      cmp -s "$here/kafka/pom.xml" "$out/kafka/pom.xml" && continue
      rm -rf "$out/kafka"
      mvn -q -B -f "$here/kafka/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
        -DoutputDirectory="$out/kafka" -DincludeScope=runtime
      cp "$here/kafka/pom.xml" "$out/kafka/" ;;
    *)
      echo "build.sh: unknown backend '$name'" >&2; exit 2 ;;
  esac
done
