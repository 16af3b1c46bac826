package issue

// tagValue is one value of a tag.
type tagValue struct{ key, value string }

// tagCounts counts values of tags between two writes. Nearly all issues have few of them, for which a list is faster than a
// map, above all to be emptied and used again.
type tagCounts struct {
	list  []tagCount
	index map[tagValue]int // places in the list, once it is long
}

type tagCount struct {
	tagValue
	n int64
}

// shortTags is up to how many tags the list is looked through.
const shortTags = 32

// add counts n for a tag. Where there are too many, the values of further ones are not told apart.
func (c *tagCounts) add(t tagValue, n int64) {
	i, ok := c.find(t)
	if !ok && len(c.list) >= maxPending {
		t.value = ""
		i, ok = c.find(t)
	}
	if ok {
		c.list[i].n += n
		return
	}
	c.list = append(c.list, tagCount{t, n})
	switch {
	case c.index != nil:
		c.index[t] = len(c.list) - 1
	case len(c.list) > shortTags:
		c.index = make(map[tagValue]int, 2*len(c.list))
		for i := range c.list {
			c.index[c.list[i].tagValue] = i
		}
	}
}

func (c *tagCounts) find(t tagValue) (int, bool) {
	if c.index != nil {
		i, ok := c.index[t]
		return i, ok
	}
	for i := range c.list {
		if c.list[i].tagValue == t {
			return i, true
		}
	}
	return 0, false
}

// reset empties it. The list keeps its space unless it is large.
func (c *tagCounts) reset() {
	c.index = nil
	if cap(c.list) > 2*shortTags {
		c.list = nil
		return
	}
	clear(c.list)
	c.list = c.list[:0]
}
