package pii

// A text that is nothing but a candidate, without a key, has no words that could speak for it or against
// it. In ordinary logs there is hardly one; where there is, its form and check are enough, if the form is
// more than a row of digits or nine of them in groups (too many of which fit some country's check) and the
// detector is not one of those that are on by default.

// checked is the least score of a format that has a check digit or a structure that random signs rarely have.
const checked = 0.3

// alone tells whether text[start:end] is the whole text, more than digits, and nothing is known about it.
func (w *Worker) alone(start, end int) bool {
	if start > 0 || end < len(w.text) || w.key != nil || end > maxLone {
		return false
	}
	letters, digits := 0, 0
	for i := range end {
		switch isAlnum[w.text[i]] {
		case 1:
			digits++
		case 2:
			letters++
		}
	}
	return letters > 0 || digits > 9 && digits < end
}

// maxLone is longer than all shapes.
const maxLone = 48

// lone tells whether the detector takes text[start:end] for being alone.
func (w *Worker) lone(detector, start, end int) bool {
	return w.alone(start, end) && !catalogue[detector].Default
}
