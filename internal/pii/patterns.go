package pii

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// patternSet runs the user's expressions behind their keywords.
type patternSet struct {
	first    [256]bool // bytes that a keyword begins with, both cases
	patterns []pattern
}

type pattern struct {
	rule     int
	re       *regexp.Regexp
	keywords []string // in lower case
}

// compilePattern compiles an expression and finds what it cannot match without.
func compilePattern(p Pattern) (pattern, error) {
	re, err := regexp.Compile(p.Regex)
	if err != nil {
		return pattern{}, fmt.Errorf("%w; example: 'EMP-\\d{6}'", err)
	}
	if p.Regex == "" || re.MatchString("") {
		return pattern{}, fmt.Errorf("%q matches the empty text; example: 'EMP-\\d{6}'", p.Regex)
	}
	out := pattern{re: re}
	for _, k := range p.Keywords {
		if k == "" {
			return pattern{}, fmt.Errorf("%q: a keyword is empty", p.Regex)
		}
		out.keywords = append(out.keywords, strings.ToLower(k))
	}
	if len(out.keywords) == 0 {
		parsed, err := syntax.Parse(p.Regex, syntax.Perl)
		if err != nil {
			return pattern{}, err
		}
		if l := requiredLiteral(parsed.Simplify()); len(l) >= 3 {
			out.keywords = []string{strings.ToLower(l)}
		} else {
			return pattern{}, fmt.Errorf("%q has no literal of three bytes that each match holds, so it needs 'keywords' that stand in the same text; example: keywords: [employee]", p.Regex)
		}
	}
	return out, nil
}

// requiredLiteral returns the longest literal that each match of re holds.
func requiredLiteral(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return requiredLiteral(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return requiredLiteral(re.Sub[0])
		}
	case syntax.OpConcat:
		best := ""
		for _, sub := range re.Sub {
			if l := requiredLiteral(sub); len(l) > len(best) {
				best = l
			}
		}
		return best
	}
	return ""
}

func (s *Scanner) compilePatterns() error {
	if len(s.config.Patterns) == 0 {
		return nil
	}
	set := &patternSet{}
	for i, p := range s.config.Patterns {
		c, err := compilePattern(p)
		if err != nil {
			return err
		}
		c.rule = len(catalogue) + i
		for _, k := range c.keywords {
			set.first[k[0]] = true
			if k[0] >= 'a' && k[0] <= 'z' {
				set.first[k[0]-32] = true
			}
		}
		set.patterns = append(set.patterns, c)
	}
	s.patterns = set
	return nil
}

// scan runs the expressions whose keywords stand in text, or in the key.
func (p *patternSet) scan(w *Worker, text string) {
	var hit uint64 // of the first 64 patterns; the others' are asked one by one
	for i := range len(text) {
		if !p.first[text[i]] {
			continue
		}
		for k := range p.patterns {
			if k < 64 && hit&(1<<k) != 0 {
				continue
			}
			for _, word := range p.patterns[k].keywords {
				if foldPrefix(text[i:], word) {
					hit |= 1 << min(k, 63)
				}
			}
		}
	}
	for k := range p.patterns {
		x := &p.patterns[k]
		if hit&(1<<min(k, 63)) == 0 && !x.inKey(w.key) {
			continue
		}
		w.text = text
		for _, m := range x.re.FindAllStringIndex(text, -1) {
			w.add(x.rule, m[0], m[1], 1)
		}
	}
}

func (x *pattern) inKey(key *Key) bool {
	if key == nil {
		return false
	}
	name := strings.ToLower(key.name)
	for _, word := range x.keywords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
