package pii

import "sync"

// A value whose form and check say that it can be personal data, but beside which no word says so, is left
// alone by the detectors of the group default: one number of nine digits in ten fits one country's check,
// and most fit some country's. Who names a detector, or another group than default, asks for recall: there
// such a value counts when its score is at most bareMargin below min_score, when it stands by itself, and
// when nothing around it says that it is something else: a name ("build=..."), a word right before it ("order ..."), a unit behind it,
// the name of another kind of number, or that it is the line's time. Where it is the whole text, one check digit is
// enough; in a line, where many numbers are, the form or a second check must say more.

const (
	// bareMargin is what a bare value's score may lack where it is the whole text. With min_score 0.5 one check digit
	// (0.3) is enough.
	bareMargin = 0.2
	// lineMargin is the same for a value with something beside it: 0.4 says that of random numbers at most one in
	// twenty passes, or that the kind is written so in every other log.
	lineMargin = 0.1
	// bareDigits is the least number of digits of a row without letters and separators.
	bareDigits = 9
)

// elsewhere stand right before numbers that are no personal data; unlike negativeWords they count only
// where nothing speaks for the value.
var elsewhere = []string{
	"lag", "lock", "gid", "ppid", "took", "elapsed", "count", "total", "index", "idx", "limit", "capacity", "ttl", "nonce",
	"time", "ts", "date", "job", "task", "tx", "txid", "zxid", "lsn", "xid", "event", "event at", "msg id", "row", "rows", "line", "status",
	"errno", "error code", "exit code", "status code", "retry", "attempt", "latency", "age", "expires", "mtime", "ctime", "atime",
	"snowflake", "tracking", "invoice", "ref", "ticket", "item", "sku", "product", "asin", "isbn", "ean", "upc", "barcode",
	"lot", "part", "model", "page", "cursor", "generation", "term", "pc", "addr", "mem", "memory", "heap", "used", "free", "cached",
	"range", "seed", "random", "hits", "misses", "weight", "score", "amount", "price", "balance", "quantity", "qty", "delay",
	"timeout", "uptime", "worker", "node", "slot", "chunk", "segment", "file", "record id", "for id", "with id", "worker id", "node id", "server id", "object id", "type", "when", "info", "records", "row id", "max", "min",
	"run", "rx", "rss", "vsz", "sum", "avg", "counter", "ticks", "jiffies", "cycles", "usec", "nsec", "msec", "sec", "seconds", "millis", "nanos", "at", "since", "until",
	"주문", "주문번호", "시간", "크기", "버전", "포트",
}

// openNames are the last words of names (name=value, "name": value) that say nothing about their value.
var openNames = map[string]bool{
	"number": true, "no": true, "num": true, "nr": true, "user": true, "account": true, "customer": true, "client": true, "member": true,
	"person": true, "citizen": true, "identity": true, "identifier": true, "document": true, "doc": true, "subject": true, "sub": true,
	"principal": true, "login": true, "username": true, "from": true, "to": true, "recipient": true, "sender": true, "owner": true,
	"holder": true, "patient": true, "q": true, "query": true, "search": true, "text": true, "msg": true, "message": true, "body": true,
	"data": true, "input": true, "content": true, "param": true, "arg": true, "field": true, "raw": true, "name": true, "who": true, "note": true,
	"comment": true, "payload": true, "contact": true, "value": true, "log": true, "번호": true, "고객": true,
}

// units behind a number say what it counts.
var units = map[string]bool{
	"ns": true, "us": true, "ms": true, "s": true, "sec": true, "secs": true, "seconds": true, "second": true, "min": true, "minutes": true,
	"b": true, "kb": true, "mb": true, "gb": true, "kib": true, "mib": true, "gib": true, "byte": true, "bytes": true, "bits": true, "rows": true,
	"records": true, "times": true, "items": true, "entries": true, "messages": true, "events": true, "requests": true, "hz": true, "khz": true,
	"mhz": true, "ops": true, "blocks": true, "pages": true, "files": true, "objects": true, "keys": true, "tokens": true, "cycles": true,
	"ticks": true, "micros": true, "millis": true, "nanos": true, "usd": true, "eur": true, "krw": true, "원": true, "건": true, "개": true,
}

// bareBefore and bareAfter are the signs between which a value stands by itself.
var bareBefore, bareAfter = func() (b, a [256]bool) {
	for _, c := range []byte(" \t\n\r\"'([{<,;|>=:\\`") {
		b[c] = true
	}
	for _, c := range []byte(" \t\n\r\"')]}>,;|&.!?<\\`:") {
		a[c] = true
	}
	for c := 0x80; c < 256; c++ {
		b[c], a[c] = true, true
	}
	return b, a
}()

// stands tells whether text[start:end] stands by itself, as far as its neighbours say; it is asked before
// any check, so it must be quick.
func (w *Worker) stands(start, end int) bool {
	if !w.s.bare {
		return false
	}
	s := w.text
	if start > 0 {
		c := s[start-1]
		if !bareBefore[c] || start > 1 && c == ',' && isAlnum[s[start-2]] == 1 || c == ':' && start > 1 && isAlnum[s[start-2]] == 1 {
			return false
		}
		if (c == '=' || c == ':' || c == '"' || c == '\'' || c == ' ' && start > 2 && (s[start-2] == ':' && s[start-3] == '"' || s[start-2] == '=')) && !w.openName(start) {
			return false
		}
		if start > 1 && (c == '(' && s[start-2] == '=' || c == ' ' && s[start-2] == '}') {
			return false // Key (id)=(17), a metric
		}
	}
	if end < len(s) {
		c := s[end]
		if !bareAfter[c] || (c == '.' || c == ':' || c == ',' || c == '?' || c == '!') && end+1 < len(s) && isAlnum[s[end+1]] != 0 {
			return false
		}
	}
	return true
}

// openName tells whether the name before a value at start says nothing about it, or there is none.
func (w *Worker) openName(start int) bool {
	s, p := w.text, start
	for k := 0; p > 0 && k < 3 && (s[p-1] == '"' || s[p-1] == '\'' || s[p-1] == '\\'); k++ {
		p--
	}
	for k := 0; p > 0 && k < 2 && s[p-1] == ' '; k++ {
		p--
	}
	if p == 0 || s[p-1] != '=' && s[p-1] != ':' {
		return true // a quotation
	}
	p--
	for k := 0; p > 0 && k < 4 && (s[p-1] == '"' || s[p-1] == '\'' || s[p-1] == '\\' || s[p-1] == ' '); k++ {
		p--
	}
	return openWord(s, p)
}

// openWord tells whether the last word of the name that ends at end is one of openNames.
func openWord(s string, end int) bool {
	at := end
	for at > 0 && end-at < 24 && (isAlnum[s[at-1]] == 2 || s[at-1] >= 0x80) {
		at--
		if at > 0 && s[at] >= 'A' && s[at] <= 'Z' && s[at-1] >= 'a' {
			break // camel case
		}
	}
	var b [24]byte
	n := 0
	for _, c := range []byte(s[at:end]) {
		b[n] = lower[c]
		n++
	}
	return openNames[string(b[:n])]
}

// bareValue tells whether a value that no word speaks for counts nevertheless: ctx are the words around it.
func (w *Worker) bareValue(detector, start, end int, score float64, ctx *set) bool {
	if score < w.s.config.MinScore-lineMargin-0.001 && !w.alone(start, end) || w.shape != nil && ctx.meets(&w.shape.named) {
		return false
	}
	return w.s.wide.has(detector) && !ctx.has(negative) && !ctx.has(other) && !ctx.meets(numberIDs()) && w.stands(start, end) && w.mayBeBare(start, end)
}

// mayBeBare tells what is to be known of a value that stands by itself before any detector is asked.
func (w *Worker) mayBeBare(start, end int) bool {
	if w.bareStart != start || w.bareEnd != end {
		w.bareStart, w.bareEnd = start, end
		w.bareMay = (w.key == nil || start > 0 || end < len(w.text) || w.key.open) && !w.clock(start, end) && !w.counts(start, end)
	}
	return w.bareMay
}

// alone tells whether there are no letters and digits but the value's in the text.
func (w *Worker) alone(start, end int) bool {
	s := w.text
	if start > 4 || len(s)-end > 4 {
		return false
	}
	for i := range len(s) {
		if (i < start || i >= end) && (isAlnum[s[i]] != 0 || s[i] >= 0x80) {
			return false
		}
	}
	return true
}

// counts tells whether a row of digits is too short, a part of a row of numbers, or has a unit behind it.
func (w *Worker) counts(start, end int) bool {
	s := w.text
	digits, separators, letters, alone := 0, 0, false, start == 0 && end == len(s)
	for i := start; i < end; i++ {
		switch isAlnum[s[i]] {
		case 0:
			separators++
			if s[i] == ' ' && separators < 100 {
				separators += 100 // blanks
			}
		case 1:
			digits++
		default:
			letters = true
			if s[i] >= 'a' && !alone {
				return true // parts of names and hashes; documents print capitals
			}
		}
	}
	if letters {
		return false
	}
	if separators == 0 && digits < bareDigits {
		return true
	}
	before := start > 1 && s[start-1] == ' ' && isAlnum[s[start-2]] == 1
	after := end+1 < len(s) && s[end] == ' ' && isAlnum[s[end+1]] == 1
	if before && after || separators >= 100 && (before || after) {
		return true
	}
	p := end
	if p < len(s) && s[p] == ' ' {
		p++
	}
	q := p
	for q < len(s) && q-p < 9 && (isAlnum[s[q]] == 2 || s[q] >= 0x80) {
		q++
	}
	if q > p {
		var b [9]byte
		for i, c := range []byte(s[p:q]) {
			b[i] = lower[c]
		}
		if units[string(b[:q-p])] {
			return true
		}
	}
	return noughts(s[start:end]) || start > 9 && s[start-1] == ' ' && inIBAN(s, start)
}

// clock tells whether a row of digits is a time: a date and a time written together, or seconds since 1970
// (also milli-, micro-, nanoseconds) where the time of a line stands: at its beginning, beside a date or a
// number.
func (w *Worker) clock(start, end int) bool {
	s := w.text
	n := end - start
	if n < 10 || n > 19 || !allDigits(s[start:end]) {
		return false
	}
	switch n {
	case 12, 14:
		year := two(s, start)*100 + two(s, start+2)
		if year >= 1970 && year <= thisYear+1 && timeOfDay(s[start+4:end]) {
			return true
		}
		return n == 12 && timeOfDay(s[start+2:end]) && two(s, start) >= 10 && two(s, start) <= thisYear%100+1
	case 10, 13, 16, 19:
	default:
		return false
	}
	seconds := 0
	for _, c := range []byte(s[start : start+10]) {
		seconds = seconds*10 + int(c-'0')
	}
	const year = 31556952
	now := (thisYear-1970)*year + year
	if seconds < 30*year || seconds > now+year {
		return false
	}
	before := start > 1 && s[start-1] == ' ' && isAlnum[s[start-2]] == 1
	if dateAt(s, end+1) || start > 0 && (before || end+1 < len(s) && s[end] == ' ' && isAlnum[s[end+1]] == 1) {
		return true
	}
	for i := range start {
		if isAlnum[s[i]] != 0 || s[i] >= 0x80 {
			return false
		}
	}
	return seconds > now-11*year && (start > 0 || end < len(s)) // a line's beginning
}

// timeOfDay tells whether digits are month, day, hour, minute and perhaps a second.
func timeOfDay(s string) bool {
	if m, d := two(s, 0), two(s, 2); m < 1 || m > 12 || d < 1 || d > 31 {
		return false
	}
	return two(s, 4) < 24 && two(s, 6) < 60 && (len(s) < 10 || two(s, 8) < 60)
}

// dateAt tells whether a date begins at i: 2026-11-22, 2026.11.22, 2026/11/22.
func dateAt(s string, i int) bool {
	return i >= 0 && i+10 <= len(s) && allDigits(s[i:i+4]) && s[i+4] == s[i+7] && isAlnum[s[i+4]] == 0 &&
		allDigits(s[i+5:i+7]) && allDigits(s[i+8:i+10])
}

// numberIDs are the detectors of numbers whose names say of a number beside them that it is no other one.
var numberIDs = sync.OnceValue(func() *set {
	ids := *peopleIDs()
	for _, name := range [...]string{"us_aba_routing", "imei", "imsi", "iccid", "us_dea"} {
		ids.add(find(name).id)
	}
	return &ids
})

// noughts tells whether digits are all the same, or noughts and one other.
func noughts(s string) bool {
	same, zero := true, true
	for i := range len(s) - 1 {
		same = same && s[i] == s[len(s)-1]
		zero = zero && s[i] == '0'
	}
	return same || zero
}

// inIBAN tells whether the groups of at most four before i begin as an IBAN does, whose check failed then.
func inIBAN(s string, i int) bool {
	for k := 0; k < 7 && i > 4 && s[i-1] == ' '; k++ {
		p := i - 1
		for p > 0 && i-1-p < 5 && isAlnum[s[p-1]] != 0 {
			p--
		}
		if n := i - 1 - p; n == 0 || n > 4 {
			return false
		} else if n == 4 && isAlnum[s[p]] == 2 && isAlnum[s[p+1]] == 2 && isAlnum[s[p+2]] == 1 && isAlnum[s[p+3]] == 1 {
			return true
		}
		i = p
	}
	return false
}

// afterDigits tells whether a short group of digits and a blank stand before the candidate.
func (c *Candidate) afterDigits() bool {
	s, b := c.Text, c.Start
	if b < 2 || s[b-1] != ' ' || isAlnum[s[b-2]] != 1 {
		return false
	}
	p := b - 1
	for p > 0 && b-1-p < 4 && isAlnum[s[p-1]] == 1 {
		p--
	}
	return b-1-p < 4 && (p == 0 || isAlnum[s[p-1]] == 0 && freeBefore(s, p))
}

// inLongRow tells whether groups of digits with the same blanks stand before the candidate, or a short one behind it.
func (c *Candidate) inLongRow() bool {
	if c.afterDigits() {
		return true
	}
	s, e := c.Text, c.End
	n := 0
	if e < len(s) && s[e] == ' ' {
		n = leadingDigits(s[e+1:])
	}
	if n == 0 || n > 5 {
		return false
	}
	if e += n + 1; e == len(s) {
		return true
	}
	switch s[e] {
	case '-', ':', '/', '.', '%', '_':
		return false
	}
	return isAlnum[s[e]] == 0
}

// inRow tells whether a candidate in groups of four stands beside another group of four digits: it is a part
// of a longer number, or of a table.
func (c *Candidate) inRow() bool {
	s := c.Text
	if c.Sep == 0 {
		return false
	}
	if e := c.End; e+5 <= len(s) && s[e] == c.Sep && allDigits(s[e+1:e+5]) && (e+5 == len(s) || isAlnum[s[e+5]] == 0 && s[e+5] != '-' && s[e+5] != ':' && s[e+5] != '/') {
		return true
	}
	b := c.Start
	return b >= 5 && s[b-1] == c.Sep && allDigits(s[b-5:b-1]) && (b == 5 || isAlnum[s[b-6]] == 0)
}
