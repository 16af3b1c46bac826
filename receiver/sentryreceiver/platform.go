package sentryreceiver

import (
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// languageOf names the language of a platform
// (https://develop.sentry.dev/sdk/foundations/transport/event-payloads/#required-attributes); the
// SDK's name decides where a platform stands for several.
func languageOf(platform, sdk string) stacktrace.Language {
	switch platform {
	case "python":
		return stacktrace.Python
	case "java", "groovy":
		return stacktrace.Java
	case "node":
		return stacktrace.NodeJS
	case "go":
		return stacktrace.Go
	case "csharp":
		return stacktrace.DotNet
	case "ruby":
		return stacktrace.Ruby
	case "php":
		return stacktrace.PHP
	case "perl":
		return stacktrace.Perl
	case "elixir":
		return stacktrace.Erlang
	case "cocoa", "objc":
		return stacktrace.Swift
	}
	name, ok := strings.CutPrefix(sdk, "sentry.")
	if !ok {
		if platform == "javascript" {
			return stacktrace.WebJS
		}
		return stacktrace.Unknown
	}
	family, rest, _ := strings.Cut(name, ".")
	switch family {
	case "javascript":
		switch rest {
		case "node", "node-core", "nestjs", "bun", "deno", "aws-serverless", "google-cloud-serverless", "serverless":
			return stacktrace.NodeJS
		}
		return stacktrace.WebJS
	case "python":
		return stacktrace.Python
	case "go":
		return stacktrace.Go
	case "java", "kotlin":
		return stacktrace.Java
	case "ruby":
		return stacktrace.Ruby
	case "php":
		return stacktrace.PHP
	case "dotnet":
		return stacktrace.DotNet
	case "rust":
		return stacktrace.Rust
	case "dart":
		return stacktrace.Dart
	case "native":
		return stacktrace.CPlusPlus
	case "cocoa":
		return stacktrace.Swift
	case "elixir":
		return stacktrace.Erlang
	}
	if platform == "javascript" {
		return stacktrace.WebJS
	}
	return stacktrace.Unknown
}
