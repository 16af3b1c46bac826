// Package outbox is the list of notices that wait for one consumer, for stores of one process.
package outbox

import (
	"slices"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Max is how many notices wait for a consumer; then the oldest go.
const Max = 10000

// Box is the outbox of one consumer; not safe for concurrent use.
type Box struct {
	Seen  time.Time // when the consumer last subscribed or claimed
	items []item    // oldest first
}

type item struct {
	notice issue.Notice
	until  time.Time // of the claim
}

// Add appends a notice and returns the sequence numbers of those that had to go.
func (b *Box) Add(n issue.Notice) (dropped []uint64) {
	b.items = append(b.items, item{notice: n})
	for len(b.items) > Max {
		dropped = append(dropped, b.items[0].notice.Seq)
		b.items = b.items[1:]
	}
	return dropped
}

// Claim returns up to limit notices that nobody holds and holds them.
func (b *Box) Claim(limit int, now time.Time, lease time.Duration) []issue.Notice {
	b.Seen = now
	var out []issue.Notice
	for i := range b.items {
		if len(out) >= limit {
			break
		}
		if it := &b.items[i]; !now.Before(it.until) {
			it.until = now.Add(lease)
			out = append(out, it.notice)
		}
	}
	return out
}

// Done removes notices.
func (b *Box) Done(seqs []uint64) {
	if len(seqs) > 8 {
		seqs = slices.Clone(seqs)
		slices.Sort(seqs)
	}
	b.items = slices.DeleteFunc(b.items, func(it item) bool {
		if len(seqs) > 8 {
			_, found := slices.BinarySearch(seqs, it.notice.Seq)
			return found
		}
		return slices.Contains(seqs, it.notice.Seq)
	})
}
