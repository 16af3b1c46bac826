package stacktrace

// Culprit returns the frame at fault as indices of exception and frame: the first in-app frame of
// the outermost exception, behind recover handlers and panic hooks; of the next exception when that
// has no frames. Both are -1 for a trace without frames; the crash site when no frame is in-app.
func (t *Trace) Culprit() (exception, frame int) {
	first := -1
	for i := range t.Exceptions {
		frames := t.Exceptions[i].Frames
		if len(frames) == 0 {
			continue
		}
		from := 0
		for j := from; j < len(frames); j++ {
			if frames[j].InApp {
				return i, j
			}
		}
		if first < 0 {
			first = i
		}
	}
	if first < 0 {
		return -1, -1
	}
	return first, 0
}
