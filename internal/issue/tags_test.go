package issue

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTagCounts(t *testing.T) {
	var c tagCounts
	value := func(i int) tagValue { return tagValue{"key", strconv.Itoa(i)} }
	for range 2 { // the second time in the space of the first
		for _, n := range []int{3, shortTags + 5, maxPending} {
			for range 2 {
				for i := range n {
					c.add(value(i), 1)
				}
			}
			require.Len(t, c.list, n, "each value once")
			for i := range n {
				at, ok := c.find(value(i))
				require.True(t, ok)
				require.EqualValues(t, 2, c.list[at].n)
			}
			if n == maxPending {
				c.add(value(n), 1)
				c.add(value(n+1), 1)
				c.add(value(0), -1)
				at, ok := c.find(tagValue{"key", ""})
				require.True(t, ok, "too many to tell apart")
				assert.EqualValues(t, 2, c.list[at].n)
				assert.EqualValues(t, 1, c.list[0].n)
			}
			c.reset()
			require.Empty(t, c.list)
			_, ok := c.find(value(0))
			require.False(t, ok)
		}
	}
}

func TestEntryMentions(t *testing.T) {
	e := &entry{id: "00aa", title: "ValueError: ÜBERLAUF", culprit: "Charge in Pay.py", service: "shop", services: []string{"Billing"}}
	for word, want := range map[string]bool{
		"valueerror": true, "überlauf": true, "pay.py": true, "billing": true, "shop": true, "00aa": true, "value pay": false, "refund": false,
		"pyshop": false, // of two texts
	} {
		assert.Equal(t, want, e.mentions(word), word)
	}
}

// The services of an issue follow its record, also where one takes the place of another.
func TestEntryAffects(t *testing.T) {
	e := &entry{service: "shop"}
	for _, step := range []struct {
		services map[string]uint64
		want     []string
	}{
		{map[string]uint64{"shop": 1}, nil},
		{map[string]uint64{"shop": 1, "web": 1, "app": 1}, []string{"app", "web"}},
		{map[string]uint64{"shop": 1, "web": 1, "bot": 1}, []string{"bot", "web"}},
		{map[string]uint64{"bot": 1, "web": 1}, []string{"bot", "web"}},
		{map[string]uint64{"shop": 1}, []string{}},
	} {
		e.affects(step.services)
		assert.ElementsMatch(t, step.want, e.services)
	}
}
