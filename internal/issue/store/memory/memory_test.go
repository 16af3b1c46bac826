package memory_test

import (
	"testing"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/internal/issue/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, storetest.Target{New: func(*testing.T) issue.Store { return memory.New() }})
}
