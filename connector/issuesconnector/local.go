package issuesconnector

import (
	"strings"
	"sync"
)

// localIssues bounds the issues that are counted without a registry.
const localIssues = 100_000

// local counts occurrences by issue where there is no registry. Two generations bound it; an issue
// that was not seen for long begins anew.
type local struct {
	mu       sync.Mutex
	now, old map[string]uint64 // guarded by mu
}

// count counts an occurrence and returns how many there were, this one included.
func (l *local) count(issue string) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, ok := l.now[issue]
	if !ok {
		n = l.old[issue]
		if len(l.now) >= localIssues {
			l.old, l.now = l.now, nil
		}
		if l.now == nil {
			l.now = make(map[string]uint64)
		}
		issue = strings.Clone(issue)
	}
	l.now[issue] = n + 1
	return n + 1
}
