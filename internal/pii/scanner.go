package pii

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/otel-culprit/culprit/internal/pii/token"
)

// Scanner finds personal data and secrets in text. It is immutable and safe for concurrent use.
type Scanner struct {
	config   Config
	on       set
	wide     set // the enabled detectors that were named otherwise than by the group default
	lanes    *lanes
	triggers uint32
	wanted   wanted // the same as masks
	shapes   node
	pairs    pairTable
	words    wordTable
	// letterShapes: some shape has letters, so chains are looked at with the groups before them.
	letterShapes bool
	// broad: detectors beyond the default ones are on.
	broad       bool
	gateWeak    bool
	bare        bool // wide is not empty
	fewSigns    int  // rows of groups with fewer letters and digits are of no shape
	fewDigits   uint // short texts with fewer digits hold no number
	seps        [256]bool
	context     *contextTree
	gate        contextGate
	keys        *keyTable
	tokens      tokenTable
	patterns    *patternSet
	actions     []rule   // by detector id, then the patterns', then sensitive_keys'
	texts       []string // the enclosed ones among the configured texts
	allowValues map[string]bool
	allowRegex  []*regexp.Regexp
	phones      phonePlan
	workers     sync.Pool
}

// Finding is one value that was found.
type Finding struct {
	Type       string  // name of the detector or pattern, or "sensitive_keys"
	Kind       string  // the word in its token
	Score      float64 // 0 to 1
	Start, End int     // its bytes in the text

	rule int
}

// New compiles a scanner.
func New(c Config) (*Scanner, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.MaxValueBytes == 0 {
		c.MaxValueBytes = 1 << 20
	}
	if c.HashKeyID == "" {
		c.HashKeyID = "k1"
	}
	s := &Scanner{config: c, gateWeak: c.MinScore > 0.3}
	s.on, s.wide, _ = selectDetectors(c.Detectors, c.Disable)
	s.bare = s.wide != set{}
	s.fewSigns = maxGroup * maxGroups
	var enabled []*Detector
	colons := false
	for _, d := range catalogue {
		if !s.on.has(d.id) {
			continue
		}
		enabled = append(enabled, d)
		s.triggers |= d.triggers()
		s.broad = s.broad || !d.Default && len(d.Formats) > 0
		for _, f := range d.Formats {
			s.fewSigns = min(s.fewSigns, leastSigns(f.Shape))
			for i := range len(f.Shape) {
				switch c := f.Shape[i]; c {
				case 'L', 'A':
					s.letterShapes = true
				case ':':
					colons = true
					s.seps[':'] = true
				case '+':
					s.seps['+'] = true
					s.triggers |= onPlus
				}
			}
			if err := s.shapes.addShape(f.Shape, end{detector: d.id, weak: f.Weak && s.gateWeak, bare: s.wide.has(d.id), check: f.Check}, &s.pairs); err != nil {
				return nil, err // a mistake in the catalogue; covered by a test
			}
		}
	}
	for _, c := range []byte("-. /") {
		s.seps[c] = true
	}
	s.fewDigits = 4 // 1.2.3.4
	if s.letterShapes {
		s.triggers |= onWord
		if s.shapes.plates() || s.shapes.sixes() {
			s.triggers |= onPlate
		}
		s.fewDigits = 2
	}
	s.words = newWordTable(&s.pairs, &s.shapes)
	s.wanted = newWanted(s.triggers)
	s.lanes = newLanes(colons)
	s.context = newContextTree(enabled)
	s.gate.add(enabled)
	s.keys = newKeyTable(s, enabled)
	s.tokens = newTokenTable(s)
	s.phones = newPhonePlan(c.PhoneRegions)
	if err := s.compileRules(); err != nil {
		return nil, err
	}
	s.workers.New = func() any { return newWorker(s) }
	if err := s.checkTexts(); err != nil {
		return nil, err
	}
	return s, nil
}

// Redact returns text with everything in it replaced, and whether that changed it. key is the name
// under which the text stands ("" = none): it is context, and a sensitive key's whole text goes.
func (s *Scanner) Redact(text, key string) (string, bool) {
	w := s.Acquire()
	out, changed := w.Redact(text, w.Key(key))
	w.Release()
	return out, changed
}

// Find returns what Redact would replace, in the order of the text.
func (s *Scanner) Find(text, key string) []Finding {
	w := s.Acquire()
	defer w.Release()
	w.scan(text, w.Key(key))
	return append([]Finding(nil), w.findings...)
}

// Worker is a Scanner with the memory it works in, for one goroutine: a processor takes one for a
// batch, so that no value costs an allocation.
type Worker struct {
	s    *Scanner
	text string
	key  *Key

	findings             []Finding
	blocks               [4]masks // of the text's last blocks, by number modulo four
	places               places   // of the block in hand
	begun                bool     // both are those of a text of one block that is scanned next
	groups               [maxGroups]group
	nGroups              int
	chainFrom, chainDone int
	wordDone, tokenDone  int
	knit                 [2]uint64 // bytes of the block in hand and the next one in runs that hold no shape
	highDone, pairDone   int
	pemDone              int
	hooks, curl, oracle  trivalent // whether the text names webhooks, the command, the database
	vendorFrom           int       // where the value of the last run began,
	vendorDone           int       // and that run
	value                []byte
	cand                 Candidate
	shape                *node // the one whose formats are asked
	context              set
	contextStart         int
	contextEnd           int
	near                 nearby
	bareStart, bareEnd   int // the last question of mayBeBare and its answer
	bareMay              bool

	viewing, wantView bool
	view              []byte
	viewAt            []int32
	depth             int
	jsonPool          []*jsonWalk
	out               []byte
	hash              hasher
	clean             [cleanSets][2]cleanSlot
	hits              uint // values that went, from the first text on
	kept              uint // values in clean, from the first on
	crossed           bool // a finding was dropped that reaches beyond the better one

	// Count is called for each value that goes, with the number of its rule (Scanner.Rule) or CutRule; nil =
	// not counted. DryRun keeps texts as they are.
	Count  func(rule int)
	DryRun bool
}

func newWorker(s *Scanner) *Worker {
	w := &Worker{s: s, findings: make([]Finding, 0, 16), value: make([]byte, 0, 64)}
	w.cand.w = w
	return w
}

// Acquire takes a worker out of the scanner's pool.
func (s *Scanner) Acquire() *Worker { return s.workers.Get().(*Worker) }

// Release gives the worker back.
func (w *Worker) Release() {
	w.text, w.key, w.Count, w.DryRun = "", nil, nil, false
	w.cand.Text = ""
	if cap(w.view) > 1<<16 {
		w.view, w.viewAt, w.out = nil, nil, nil
	}
	for _, j := range w.jsonPool {
		if cap(j.ends) > 1<<14 || cap(j.out) > 1<<16 || cap(j.buf) > 1<<16 {
			j.ends, j.out, j.buf = nil, nil, nil
		}
	}
	w.s.workers.Put(w)
}

// scan fills w.findings with what is in text, sorted and without overlaps.
func (w *Worker) scan(text string, key *Key) {
	w.findings = w.findings[:0]
	w.wantView, w.viewing = false, false
	w.run(text, key)
	if w.wantView {
		w.scanView(text, key)
	}
	if w.s.patterns != nil {
		w.s.patterns.scan(w, text)
	}
	if len(w.findings) > 0 {
		w.resolve(text)
	}
}

// run is one pass over text, which is the value itself or a view of it.
func (w *Worker) run(text string, key *Key) {
	w.text, w.key = text, key
	w.chainFrom, w.chainDone, w.wordDone, w.tokenDone, w.highDone, w.pairDone, w.pemDone = 0, 0, 0, 0, 0, 0, 0
	w.contextStart, w.contextEnd = -1, -1
	w.bareStart = -1
	w.hooks, w.curl, w.oracle, w.vendorFrom, w.vendorDone = unknown, unknown, unknown, -1, -1
	w.scanBlocks(text)
	if key != nil && key.command {
		w.arguments()
	}
}

// report adds a finding if its score is high enough with the words around it.
func (w *Worker) report(detector, start, end int, score float64) {
	if score <= 0 {
		return
	}
	var ctx *set
	if score < 0.8 {
		ctx = w.contextFor(start, end)
		if ctx.has(detector) {
			score += 0.4
		} else if ctx.has(negative) || ctx.has(other) && score < 0.6 && w.s.wide.has(detector) {
			score -= 0.3
		}
	}
	score = min(score, 1)
	if score < w.s.config.MinScore {
		if score < w.s.config.MinScore-bareMargin-0.001 || !w.s.bare || ctx == nil || !w.bareValue(detector, start, end, score, ctx) {
			return
		}
		score = w.s.config.MinScore
	}
	w.add(detector, start, end, score)
}

// add adds a finding as it is, unless its detector is off and only shares a trigger with one that is on.
func (w *Worker) add(rule, start, end int, score float64) {
	if start < 0 || end > len(w.text) || start >= end || rule < len(catalogue) && !w.s.on.has(rule) {
		return
	}
	if score < w.s.config.MinScore {
		if !w.contextFor(start, end).has(rule) || score+0.4 < w.s.config.MinScore {
			return
		}
		score = min(score+0.4, 1)
	}
	w.findings = append(w.findings, Finding{Score: score, Start: start, End: end, rule: rule})
}

// resolve takes out what overlaps something better, what is allowed and what lies in a token.
func (w *Worker) resolve(text string) {
	f := w.findings
	keep := f[:0]
	tokens := strings.IndexByte(text, '[') >= 0
	for i := range f {
		x := f[i]
		if tokens {
			if from, to, ok := token.Covering(text, x.Start, x.End); ok && !w.bracketed(text, x.Start, x.End, from, to) {
				continue
			}
		}
		if !w.allowed(text[x.Start:x.End]) {
			keep = append(keep, x)
		}
	}
	f = keep
	if len(f) > manyFindings {
		w.findings = f
		w.resolveMany()
		return
	}
	// Best first: few findings, so an insertion sort.
	for i := 1; i < len(f); i++ {
		for j := i; j > 0 && better(&f[j], &f[j-1]); j-- {
			f[j], f[j-1] = f[j-1], f[j]
		}
	}
	n := 0
	for i := range f {
		free := true
		for j := range n {
			if f[i].Start < f[j].End && f[j].Start < f[i].End {
				free = false
				break
			}
		}
		if free {
			f[n] = f[i]
			n++
		}
	}
	w.crossed = n < len(f)
	f = f[:n]
	for i := 1; i < len(f); i++ {
		for j := i; j > 0 && f[j].Start < f[j-1].Start; j-- {
			f[j], f[j-1] = f[j-1], f[j]
		}
	}
	w.findings = f
	w.nameFindings()
}

// bracketed tells whether the token from..to is nothing but a value in brackets: [X1234567] is one where no rule's
// kind has that name.
func (w *Worker) bracketed(text string, start, end, from, to int) bool {
	if start != from+1 || end != to-1 || !hasDigit(text[start:end]) {
		return false
	}
	return !w.s.isKind(text[start:end])
}

// isKind tells whether a rule's tokens have this kind.
func (s *Scanner) isKind(kind string) bool {
	for i := range s.actions {
		if s.actions[i].kind == kind {
			return true
		}
	}
	return false
}

// manyFindings is where resolve stops comparing each finding with each other one.
const manyFindings = 48

// resolveMany is resolve in one sweep: of findings that overlap, the better one of each two stays.
func (w *Worker) resolveMany() {
	f := w.findings
	slices.SortStableFunc(f, func(a, b Finding) int { return a.Start - b.Start })
	n := 0
	for i := range f {
		switch {
		case n == 0 || f[i].Start >= f[n-1].End:
			f[n] = f[i]
			n++
		case better(&f[i], &f[n-1]) && (n < 2 || f[i].Start >= f[n-2].End):
			f[n-1] = f[i]
		}
	}
	w.crossed = true
	w.findings = f[:n]
	w.nameFindings()
}

func (w *Worker) nameFindings() {
	for i := range w.findings {
		r := &w.s.actions[w.findings[i].rule]
		w.findings[i].Type, w.findings[i].Kind = r.name, r.kind
	}
}

func better(a, b *Finding) bool {
	if a.Score != b.Score {
		return a.Score > b.Score
	}
	if a.End-a.Start != b.End-b.Start {
		return a.End-a.Start > b.End-b.Start
	}
	return a.rule < b.rule
}

func (w *Worker) allowed(value string) bool {
	if w.s.allowValues[value] {
		return true
	}
	for _, re := range w.s.allowRegex {
		if re.MatchString(value) {
			return true
		}
	}
	return false
}
