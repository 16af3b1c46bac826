package tracecontext

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzText: no text makes the search fail, and what it finds is an ID.
func FuzzText(f *testing.F) {
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	for _, seed := range []string{
		`{"trace_id":"` + id + `","a":[{"b":1}],"c":{"d":"\u00e9\""}}`,
		`level=info msg="x" traceID=3ad7b2c1`,
		`INFO [shop,5e8eeb48b08fa2a6,0b1f,true] x`,
		`x NR-LINKING|a|b|` + id + `|00f067aa0ba902b7|n|`,
		`00-` + id + `-00f067aa0ba902b7-01`,
		`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8`,
		`{"log":"{\"trace_id\":\"` + id + `\"}"}`,
		`{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"trace_id":"` + id + `"}}}}}}}}}}`,
	} {
		f.Add(seed)
	}
	finder := NewFinder([]string{"own"}, []string{"ticket"})
	f.Fuzz(func(t *testing.T, text string) {
		var s Scan
		finder.Text(text, &s)
		r, ok := s.Result()
		require.Equal(t, ok, r.TraceID != [16]byte{})
		if ok {
			require.NotEmpty(t, r.Source)
			require.True(t, r.Rule.Found())
		}
		for _, req := range s.Requests() {
			require.NotEmpty(t, req.ID)
			require.LessOrEqual(t, len(req.ID), maxRequestID)
			Weak(req.ID)
			DeriveTrace(DeriveHash, req.ID)
		}
	})
}

// FuzzConvert: no value makes a rule fail, and an ID that is written plainly is read as itself.
func FuzzConvert(f *testing.F) {
	for style := StyleAny; style <= StyleHash; style++ {
		f.Add(uint8(style), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
		f.Add(uint8(style), "3ad7b2c1%3A1f:0:1")
		f.Add(uint8(style), "5208512171318403364")
		f.Add(uint8(style), "CvdlGRbNQ92ESOshHIAxnA==")
		f.Add(uint8(style), "|4bf92f35-77b3-4da6-a3ce-929d0e0e4736.1_")
	}
	f.Fuzz(func(t *testing.T, style uint8, value string) {
		c, rule := Convert(Style(style%uint8(StyleHash+1)), value)
		require.Equal(t, rule.Found(), c.TraceID != [16]byte{}, rule.String())
		if rule.Found() {
			again, rule := Convert(StyleAny, hexOf(c.TraceID))
			require.Equal(t, c.TraceID, again.TraceID)
			require.Equal(t, RuleHex128, rule)
		}
		ConvertSpan(Style(style%uint8(StyleHash+1)), value)
		id, rule := DeriveTrace(DeriveHash, value)
		require.Equal(t, rule.Found(), id != [16]byte{})
	})
}

// FuzzKeys: no name makes the lookup fail, and the filters refuse nothing that is in the table.
func FuzzKeys(f *testing.F) {
	f.Add("http.request.header.X-B3-TraceId")
	f.Add("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.trace_id")
	f.Add("..//@@--")
	keys := NewKeys(nil, nil)
	f.Fuzz(func(t *testing.T, name string) {
		_, ok := keys.Lookup(name)
		var p path
		if p.push(name) && p.n > 0 {
			if _, there := keys.byName[string(p.buf[:p.n])]; there && !ok {
				require.True(t, len(name) < 3 || p.n == 2, "the filters refuse %q", name)
			}
		}
	})
}
