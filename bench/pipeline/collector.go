package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"syscall"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/nopexporter"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"

	"github.com/otel-culprit/culprit/exporter/lokiexporter"
	"github.com/otel-culprit/culprit/extension/issueregistryextension"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor"
	"github.com/otel-culprit/culprit/processor/traceidprocessor"
)

// configVariable holds the configuration of a process that is a collector.
const configVariable = "CULPRIT_BENCH_CONFIG"

// usage is what a collector has used since its start.
type usage struct {
	CPU     int64  // nanoseconds, of the whole process
	GC      int64  // of them for garbage collection, as the runtime estimates
	Objects uint64 // allocated
	Bytes   uint64 // allocated
	Heap    uint64 // live now; after a collection where one was asked for
}

// collect runs a collector until its standard input ends. Each line of it is a question, each
// answer a line: "usage", "heap" (usage after a garbage collection), "profile <file>" and "stop".
func collect(config string) error {
	col, err := otelcol.NewCollector(otelcol.CollectorSettings{
		BuildInfo:               component.BuildInfo{Command: "pipeline", Version: "0"},
		Factories:               factories,
		DisableGracefulShutdown: true,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: confmap.ResolverSettings{
			URIs: []string{"yaml:" + config}, ProviderFactories: []confmap.ProviderFactory{yamlprovider.NewFactory()},
		}},
	})
	if err != nil {
		return err
	}
	go answer()
	return col.Run(context.Background())
}

func factories() (otelcol.Factories, error) {
	var f otelcol.Factories
	var err error
	f.Telemetry = otelconftelemetry.NewFactory()
	if f.Receivers, err = otelcol.MakeFactoryMap[receiver.Factory](otlpreceiver.NewFactory()); err != nil {
		return f, err
	}
	if f.Exporters, err = otelcol.MakeFactoryMap[exporter.Factory](
		otlpexporter.NewFactory(), otlphttpexporter.NewFactory(), nopexporter.NewFactory(), lokiexporter.NewFactory()); err != nil {
		return f, err
	}
	if f.Extensions, err = otelcol.MakeFactoryMap[extension.Factory](issueregistryextension.NewFactory()); err != nil {
		return f, err
	}
	f.Processors, err = otelcol.MakeFactoryMap[processor.Factory](
		traceidprocessor.NewFactory(), piiredactionprocessor.NewFactory(), errorissueprocessor.NewFactory(),
		redactionprocessor.NewFactory(), transformprocessor.NewFactory())
	return f, err
}

func answer() {
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	profiling := false
	for in.Scan() {
		var verb, file string
		_, _ = fmt.Sscan(in.Text(), &verb, &file)
		switch verb {
		case "heap":
			runtime.GC()
			debug.FreeOSMemory()
		case "profile":
			f, err := os.Create(file)
			if err == nil {
				err = pprof.StartCPUProfile(f)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			profiling = err == nil
		case "stop":
			if profiling {
				pprof.StopCPUProfile()
			}
			os.Exit(0)
		}
		_ = out.Encode(used()) // the parent has gone if this fails
	}
	os.Exit(0)
}

func used() usage {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // cannot fail for the process itself
	samples := []metrics.Sample{
		{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/gc/heap/allocs:objects"}, {Name: "/gc/heap/allocs:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"},
	}
	metrics.Read(samples)
	return usage{
		CPU: r.Utime.Nano() + r.Stime.Nano(), GC: int64(samples[0].Value.Float64() * 1e9),
		Objects: samples[1].Value.Uint64(), Bytes: samples[2].Value.Uint64(), Heap: samples[3].Value.Uint64(),
	}
}
