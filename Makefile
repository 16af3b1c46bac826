# Culprit. `make help` explains every target.
#
# Needs: Go (see go.mod), git, curl, a C compiler for the race detector. Everything else is
# installed by the targets: Go tools are pinned in tools/go.mod and tools/*/go.mod, Python and
# Node packages in test/shop and test/e2e; system packages are named where root is needed.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

BIN      := $(CURDIR)/bin
CACHE    := $(CURDIR)/.cache
LINT     := go tool -modfile=$(CURDIR)/tools/lint/go.mod
COLLECTOR := $(BIN)/otelcol-culprit
FULL      := $(BIN)/otelcol-culprit-full
# What the collector is compiled from: a change in any of it relinks.
SOURCES  := builder-config.yaml go.mod go.sum scripts/build $(shell find build connector exporter extension internal processor receiver \
              -name '*.go' -not -name '*_test.go' -o -name '*.s' -o -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.json' -o -name '*.yaml' 2>/dev/null)
CONFIG   ?= configs/local.yaml
DEMO_SECONDS ?= 0
FUZZTIME ?= 10s
SOAK_KILLS ?= 100
RACE     ?= -race
IMAGE    ?= otelcol-culprit:latest

export GOWORK := off
# As ocb builds: so every target shares one set of compiled packages, and none makes debug information.
export GOFLAGS ?= -trimpath -gcflags=all=-dwarf=false
export CGO_ENABLED ?= 0

.PHONY: help
help: ## print this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2} /^##@ / {printf "\n%s\n", substr($$0, 5)}' $(MAKEFILE_LIST)
	@printf '\nVariables: CONFIG=%s (run)  DEMO_SECONDS=%s (demo; 0 = until Ctrl-C)  FUZZTIME=%s (fuzz, per target)  SOAK_KILLS=%s (soak)  RACE=%s (test)  IMAGE=%s\n' '$(CONFIG)' '$(DEMO_SECONDS)' '$(FUZZTIME)' '$(SOAK_KILLS)' '$(RACE)' '$(IMAGE)'

##@ Use

.PHONY: build
build: $(COLLECTOR) ## build the collector: bin/otelcol-culprit

$(COLLECTOR): $(SOURCES)
	@scripts/build builder-config.yaml $@

.PHONY: full
full: $(FULL) ## build the larger collector: bin/otelcol-culprit-full, with Kafka, Elasticsearch, AWS and more (docs/full.md)

$(FULL): distributions/full/builder-config.yaml $(SOURCES)
	@scripts/build $< $@

.PHONY: demo
demo: ## run the collector and a small shop of services that fails in ten ways; issues on http://localhost:4380
	@scripts/need go
	@test/shop/demo --prepare & shop=$$!; $(MAKE) build && wait $$shop
	@test/shop/demo --collector $(COLLECTOR) --seconds $(DEMO_SECONDS)

.PHONY: run
run: build ## run the collector with CONFIG (default: everything on this machine, no backend needed)
	@mkdir -p .run/state
	STATE_DIRECTORY=$(CURDIR)/.run/state exec $(COLLECTOR) --config $(CONFIG)

##@ Check

.PHONY: test
test: build ## unit, component, golden and config tests, with the race detector
	@scripts/need cc
	go vet ./...
	CGO_ENABLED=$(if $(RACE),1,0) go test $(RACE) ./...
	cd receiver/kafkareceiver && go vet . && go test ./...
	@scripts/validate-configs $(COLLECTOR)

.PHONY: e2e
e2e: build full backends ## the built binaries against real Loki, Jaeger, Prometheus, Bugsink and SDKs; the page in Chromium; the manifests
	@for m in test/e2e test/page test/deploy; do \
	  if [ -f $$m/go.mod ]; then echo "==> $$m"; (cd $$m && CULPRIT_COLLECTOR=$(COLLECTOR) CULPRIT_COLLECTOR_FULL=$(FULL) CULPRIT_BACKENDS=$(CACHE)/backends go test -count=1 -timeout 25m ./...) || exit 1; fi; done

.PHONY: lint
lint: ## static checks: golangci-lint with .golangci.yml, shell scripts, the arrows of the architecture
	@scripts/need go
	$(LINT) golangci-lint run ./...
	@scripts/lint-shell

.PHONY: vulncheck
vulncheck: build full ## known vulnerabilities that our packages and both binaries can reach (govulncheck; VULN_DB: another database than https://vuln.go.dev)
	@scripts/vulncheck

.PHONY: generate
generate: ## run mdatagen and the other generators, write the configuration's reference and JSON Schema
	@scripts/need go
	go generate ./...
	@scripts/schema

.PHONY: check-generated
check-generated: generate ## fail when generated files are not checked in
	@git diff --exit-code --stat || { echo "generated files are stale: run 'make generate' and commit the result" >&2; exit 1; }
	@test -z "$$(git status --porcelain)" || { git status --short; echo "the generators wrote new files: run 'make generate' and commit them" >&2; exit 1; }

.PHONY: bench
bench: ## benchmarks of every engine and component; results: bench/README.md
	@scripts/need go
	go test -run '^$$' -bench . -benchmem ./...
	@for m in $$(find bench -name go.mod); do (cd $$(dirname $$m) && go test -run '^$$' -bench . -benchmem ./...); done

.PHONY: bench-pipeline
bench-pipeline: ## whole pipelines: CPU per record against nothing and against upstream, side-tables, growth (plots in bench/)
	@scripts/need go
	cd bench && go run ./pipeline && go run ./pipeline -tables && go run ./pipeline -growth all

.PHONY: bench-loki
bench-loki: backends ## exporter loki against otlp_http, to the same Loki
	cd bench && go run ./pipeline -loki $(CACHE)/backends -batches 60

.PHONY: bench-sentry
bench-sentry: build ## CPU per envelope of receiver sentry in the built collector, over HTTP
	cd bench && go run ./sentry -collector $(abspath $(COLLECTOR))

.PHONY: bench-start
bench-start: build ## size, time until ready and idle memory
	@scripts/measure-start $(COLLECTOR) configs/local.yaml configs/gateway.yaml

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME
	@scripts/need go
	@scripts/fuzz $(FUZZTIME)

.PHONY: soak
soak: build backends ## kill -9 SOAK_KILLS times under load, full disks, damaged files, overload, attackers; at most 15 minutes
	@(cd test/e2e && CULPRIT_COLLECTOR=$(COLLECTOR) CULPRIT_BACKENDS=$(CACHE)/backends SOAK_KILLS=$(SOAK_KILLS) go test -count=1 -p 1 -timeout 14m -v ./soak ./stress)

##@ Parts

.PHONY: backends
backends: ## build the servers of the e2e tests (Loki, Jaeger, Prometheus, Alertmanager) into .cache/backends
	@scripts/need go
	@test/backends/build.sh $(CACHE)/backends

##@ Release

.PHONY: image
image: build ## build the container image (IMAGE) with docker, podman or buildah
	@deploy/release/image $(COLLECTOR) $(IMAGE)

.PHONY: packages
packages: build ## deb, rpm, SBOM and checksums of this machine's architecture, in dist/
	@rm -rf dist/packages && mkdir -p dist/packages/linux-$$(go env GOARCH)
	@cp $(COLLECTOR) dist/packages/linux-$$(go env GOARCH)/
	@deploy/release/packages dist/packages

##@ Tidy up

.PHONY: clean
clean: ## remove what the targets made (bin, dist, _build, _full, .run, .cache)
	rm -rf bin dist _build _full .run .cache
