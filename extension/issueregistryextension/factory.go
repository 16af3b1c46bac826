package issueregistryextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/metadata"
)

// NewFactory returns the factory of the extension issue_registry.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newRegistry(set, cfg.(*Config)), nil
}
