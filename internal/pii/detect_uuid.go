package pii

// UUIDs (RFC 9562): off by default, as trace, span and request IDs must stay.

var uuidID = func() int {
	register(Detector{Name: "uuid", Groups: []string{"optional"}, Optional: true, trigger: onToken})
	return find("uuid").id
}()

// uuid handles a run of 36 token characters.
func (w *Worker) uuid(at, end int) bool {
	if end-at != 36 || !w.s.on.has(uuidID) || !isUUID(w.text[at:end]) || w.key != nil && w.key.id {
		return false
	}
	w.add(uuidID, at, end, 0.8)
	return true
}
