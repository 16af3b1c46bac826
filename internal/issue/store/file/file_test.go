package file_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/file"
	"github.com/otel-culprit/culprit/internal/issue/storetest"
)

func TestConformance(t *testing.T) {
	dirs := map[issue.Store]string{}
	open := func(t *testing.T, dir string) issue.Store {
		s, err := file.Open(dir, nil)
		require.NoError(t, err)
		dirs[s] = dir
		return s
	}
	storetest.Run(t, storetest.Target{
		New:    func(t *testing.T) issue.Store { return open(t, filepath.Join(t.TempDir(), "a", "b")) },
		Reopen: func(t *testing.T, s issue.Store) issue.Store { return open(t, dirs[s]) },
	})
}
