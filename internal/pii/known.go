package pii

// cleanSets is the number of places in a worker's memory of values in which nothing was found: names of pods,
// hosts and threads, user agents come again with every record. A power of two; each place holds two values.
const cleanSets = 128

// maxClean is the longest such value.
const maxClean = 123

// cleanSlot is one such value, by the serial number of its key.
type cleanSlot struct {
	serial uint32
	n      uint8
	text   [maxClean]byte
}

// keep remembers a text in which nothing was found in one of its slots.
func (w *Worker) keep(slots *[2]cleanSlot, text string, key *Key) {
	w.kept++
	x := &slots[w.kept&1]
	x.serial, x.n = key.serial, uint8(copy(x.text[:], text))
}

// Place is somewhere where values of one name come again and again, and mostly the same one: an attribute of log
// records. It remembers the last value in which nothing was found. The zero Place is ready to use.
type Place struct {
	key  *Key
	n    int
	text [maxClean]byte
}

// Key returns what is known about the name of the place, nil at first.
func (p *Place) Key() *Key { return p.key }

// Take gives the place another name.
func (p *Place) Take(key *Key) { p.key, p.n = key, 0 }

// Knows tells whether nothing is found in text.
func (p *Place) Knows(text string) bool { return len(text) == p.n && string(p.text[:p.n]) == text }

// RedactAt is Redact for the value of a place.
func (w *Worker) RedactAt(p *Place, text string) (string, bool) {
	if p.Knows(text) {
		return text, false
	}
	hits := w.hits
	out, changed := w.Redact(text, p.key)
	if !changed && w.hits == hits {
		p.learn(text)
	}
	return out, changed
}

// learn is told a text in which nothing was found with the key of the place.
func (p *Place) learn(text string) {
	if len(text) <= maxClean {
		p.n = copy(p.text[:], text)
	}
}
