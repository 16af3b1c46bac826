package pii

import (
	_ "embed" // the numbering plans
	"regexp/syntax"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./phonegen

//go:embed phone_plan.txt
var phonePlanText string

// phonePlan tells which national numbers are valid, by country calling code and by region.
type phonePlan struct {
	regions []*digitTable // of the configured regions: with their national prefix
}

// plans holds the numbering plans of all calling codes; a code's tables are made when first needed.
var plans = sync.OnceValue(func() map[int]*codePlan {
	out := map[int]*codePlan{}
	for line := range strings.Lines(phonePlanText) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 || f[3] == "" {
			continue
		}
		code, err := strconv.Atoi(f[0])
		if err != nil {
			continue
		}
		p := out[code]
		if p == nil {
			p = &codePlan{}
			out[code] = p
		}
		if !strings.Contains(p.expr, f[3]) {
			if p.expr != "" {
				p.expr += "|"
			}
			p.expr += f[3]
		}
	}
	for code, more := range morePlans {
		if p := out[code]; p != nil {
			p.expr += "|" + more
		}
	}
	return out
})

// morePlans are ranges that are in use and not in the metadata: in Korea every block of 010.
var morePlans = map[int]string{82: "10[0-9]{8}"}

type codePlan struct {
	expr  string
	once  sync.Once
	table *digitTable
}

func (p *codePlan) get() *digitTable {
	p.once.Do(func() { p.table = newDigitTable(p.expr) })
	return p.table
}

// regionExpr returns the expression of national numbers as they are dialled in a region, "" when unknown.
func regionExpr(region string) string {
	for line := range strings.Lines(phonePlanText) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 4 && f[1] == region {
			prefix := ""
			if f[2] != "" {
				prefix = "(?:" + f[2] + ")?"
			}
			return prefix + "(?:" + f[3] + ")"
		}
	}
	return ""
}

func newPhonePlan(regions []string) phonePlan {
	var p phonePlan
	for _, r := range regions {
		if expr := regionExpr(r); expr != "" {
			p.regions = append(p.regions, newDigitTable(expr))
		}
	}
	return p
}

// digitTable is a deterministic automaton over digits. State 0 is the dead one, 1 the first.
type digitTable struct {
	next   [][10]int16
	accept []bool
}

// maxStates bounds a table; no numbering plan comes near.
const maxStates = 4096

// newDigitTable makes the table of an expression over digits; nil when it has none.
func newDigitTable(expr string) *digitTable {
	re, err := syntax.Parse("^(?:"+expr+")$", syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil
	}
	t := &digitTable{next: make([][10]int16, 1), accept: make([]bool, 1)}
	ids := map[string]int16{}
	var queue [][]uint32
	add := func(pcs []uint32) int16 {
		if len(pcs) == 0 {
			return 0
		}
		var key strings.Builder
		for _, pc := range pcs {
			key.WriteString(strconv.Itoa(int(pc)))
			key.WriteByte(',')
		}
		id, ok := ids[key.String()]
		if !ok {
			if len(t.next) == maxStates {
				return 0
			}
			id = int16(len(t.next))
			ids[key.String()] = id
			t.next = append(t.next, [10]int16{})
			t.accept = append(t.accept, accepts(prog, pcs))
			queue = append(queue, pcs)
		}
		return id
	}
	add(closure(prog, []uint32{uint32(prog.Start)}))
	for i := 0; i < len(queue); i++ {
		for d := range 10 {
			var to []uint32
			for _, pc := range queue[i] {
				if inst := &prog.Inst[pc]; isRune(inst) && inst.MatchRune(rune('0'+d)) {
					to = append(to, inst.Out)
				}
			}
			t.next[i+1][d] = add(closure(prog, to))
		}
	}
	return t
}

func isRune(i *syntax.Inst) bool {
	switch i.Op {
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return true
	}
	return false
}

// closure follows the instructions that read nothing; a text's end is checked by accepts.
func closure(prog *syntax.Prog, from []uint32) []uint32 {
	seen := make([]bool, len(prog.Inst))
	var out []uint32
	var visit func(pc uint32)
	visit = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch i := &prog.Inst[pc]; i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			visit(i.Out)
			visit(i.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			visit(i.Out)
		default:
			out = append(out, pc)
		}
	}
	for _, pc := range from {
		visit(pc)
	}
	return out
}

func accepts(prog *syntax.Prog, pcs []uint32) bool {
	for _, pc := range pcs {
		if prog.Inst[pc].Op == syntax.InstMatch {
			return true
		}
	}
	return false
}
