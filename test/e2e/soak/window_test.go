package soak

import (
	"fmt"
	"strings"
	"time"
)

// What upstream's persistent queue says when it opens and was sending something when it ended: the time between the two
// is the window in which a kill could lose or repeat batches.
const (
	opening = "Fetching items left for dispatch by consumers"
	moved   = "Moved items for dispatching back to queue"
)

type phase int

const (
	before phase = iota
	open
	ended
)

// windowIn tells how far a start is that printed this.
func windowIn(output string) phase {
	switch {
	case strings.Count(output, moved) > 0 && strings.Count(output, opening) == strings.Count(output, moved):
		return ended
	case strings.Contains(output, opening):
		return open
	}
	return before
}

// windows tells how long the windows of all starts took, by the collector's own log.
func windows(output string) string {
	var total, longest time.Duration
	n := 0
	began := map[string]time.Time{}
	for line := range strings.Lines(output) {
		at, err := time.Parse("2006-01-02T15:04:05.000Z0700", strings.SplitN(line, "\t", 2)[0])
		if err != nil {
			continue
		}
		queue := ""
		if _, rest, ok := strings.Cut(line, `"otelcol.component.id": "`); ok {
			queue, _, _ = strings.Cut(rest, `"`)
		}
		switch {
		case strings.Contains(line, opening):
			began[queue] = at
		case strings.Contains(line, moved) && !began[queue].IsZero():
			d := at.Sub(began[queue])
			delete(began, queue)
			total, longest = total+d, max(longest, d)
			n++
		}
	}
	return fmt.Sprintf("queues that opened with batches to put back: %d, on average %s, at most %s", n, total/time.Duration(max(n, 1)), longest)
}
