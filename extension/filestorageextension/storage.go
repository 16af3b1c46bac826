package filestorageextension

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/boltfile"
)

// fileStorage is upstream's extension with a look at the files before anybody opens them.
type fileStorage struct {
	storage.Extension
	cfg    *Config
	logger *zap.Logger
}

var _ storage.Extension = (*fileStorage)(nil)

// Start sets damaged files aside: extensions start before the queues open them. Upstream's `recreate` alone is not
// enough: it catches panics only, not the errors that most damage is answered with, nor the panics of other goroutines.
func (s *fileStorage) Start(ctx context.Context, host component.Host) error {
	entries, err := os.ReadDir(s.cfg.Directory)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look at the files of 'directory': %w", err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() && isStore(e.Name()) {
			if err := s.check(filepath.Join(s.cfg.Directory, e.Name())); err != nil {
				return err
			}
		}
	}
	return s.Extension.Start(ctx, host)
}

// isStore tells the names that upstream gives (kind, type and name of the component, and what it is for) from files
// that were set aside.
func isStore(name string) bool {
	kind, _, ok := strings.Cut(name, "_")
	if !ok || strings.HasSuffix(name, ".backup") || strings.Contains(name, ".damaged-") {
		return false
	}
	switch kind {
	case "receiver", "processor", "exporter", "extension", "connector", "other":
		return true
	}
	return false
}

func (s *fileStorage) check(path string) error {
	err := boltfile.Check(path, s.cfg.Timeout)
	var damage *boltfile.DamagedError
	switch {
	case err == nil, errors.Is(err, boltfile.ErrInUse): // the one who opens it will tell
		return nil
	case !errors.As(err, &damage):
		return fmt.Errorf("look at %s: %w", path, err)
	case !s.cfg.Recreate:
		return fmt.Errorf("the file %s is damaged (%w): move it away, or let 'recreate: true' set it aside and begin a new one", path, err)
	}
	to, err := boltfile.SetAside(path)
	if err != nil {
		return fmt.Errorf("the file %s is damaged (%w) and could not be set aside: %w", path, damage, err)
	}
	s.logger.Error("A file of waiting data can't be read. It was set aside, nothing of it was removed; a new one is begun.",
		zap.String("file", path), zap.String("set_aside_as", to), zap.Error(damage))
	return nil
}

// GetClient implements [storage.Extension].
func (s *fileStorage) GetClient(ctx context.Context, kind component.Kind, id component.ID, name string) (storage.Client, error) {
	client, err := s.Extension.GetClient(ctx, kind, id, name)
	switch {
	case err != nil:
		return nil, err
	case kind == component.KindExporter:
		return &queueClient{Client: client, logger: s.logger.With(zap.String("queue_of", id.String()))}, nil
	case kind == component.KindReceiver:
		return &positionClient{Client: client, now: time.Now}, nil
	}
	return client, nil
}
