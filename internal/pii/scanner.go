package pii

import (
	"regexp"
	"sync"
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
	firsts   [maxGroup + 1][groupClasses][]edge // of the tree of shapes
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
			if err := s.shapes.addShape(f.Shape, end{detector: d.id, weak: f.Weak && s.gateWeak, bare: s.wide.has(d.id), line: s.wide.has(d.id) && (f.Likely || c.MinScore < 0.5), check: f.Check}, &s.pairs); err != nil {
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
	s.firsts = s.shapes.firstGroups()
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
