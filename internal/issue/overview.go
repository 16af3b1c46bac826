package issue

import (
	"cmp"
	"context"
	"slices"
)

// Overview is what metrics tell of all issues.
type Overview struct {
	Counts map[ServiceState]int64
	Latest []Outline // those that were seen last, the latest first
}

// ServiceState is a state of issues of a service.
type ServiceState struct {
	Service string
	State   State
}

// Outline is what an issue is called, and where it stands.
type Outline struct {
	ID, Title, Service string
	State              State
}

// Overview counts all issues and returns up to latest of them. It walks over the issues once and asks no store: metrics are
// sent every few seconds, also of a million issues.
func (c *Core) Overview(ctx context.Context, latest int) Overview {
	c.freshen(ctx)
	o := Overview{Counts: map[ServiceState]int64{}}
	var list []overviewed
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		for _, e := range sh.issues {
			if !e.matches("", nil) {
				continue
			}
			o.Counts[ServiceState{e.service, e.state}]++
			if latest > 0 {
				list = append(list, overviewed{Outline{e.id, e.title, e.service, e.state}, e.last.UnixNano()})
			}
		}
		sh.Unlock()
		if len(list) > 4*latest { // so that the list does not grow with the issues
			list = foremostSeen(list, latest)
		}
	}
	for _, l := range foremostSeen(list, latest) {
		o.Latest = append(o.Latest, l.Outline)
	}
	return o
}

type overviewed struct {
	Outline
	last int64
}

func foremostSeen(list []overviewed, n int) []overviewed {
	slices.SortFunc(list, func(a, b overviewed) int { return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(a.ID, b.ID)) })
	return list[:min(n, len(list))]
}
