package filestorageextension

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/otel-culprit/culprit/extension/filestorageextension/internal/metadata"
)

// NewFactory returns the factory of the extension file_storage.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func create(ctx context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	inner, err := upstream.Create(ctx, set, cfg)
	if err != nil {
		return nil, err
	}
	files, ok := inner.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("upstream's file_storage is no storage but a %T", inner)
	}
	return &fileStorage{Extension: files, cfg: cfg.(*Config), logger: set.Logger}, nil
}
