package sentryproto

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plain turns a value into what encoding/json makes of it.
func plain(v Value) any {
	switch v.Kind() {
	case String:
		return v.Str()
	case Number:
		return json.Number(v.Raw())
	case True, False:
		return v.Kind() == True
	case Array:
		out := []any{}
		for e := range v.Elements() {
			out = append(out, plain(e))
		}
		return out
	case Object:
		out := map[string]any{}
		for k, e := range v.Members() {
			out[k] = plain(e)
		}
		return out
	}
	return nil
}

func TestParseJSON(t *testing.T) {
	f := func(s string) {
		t.Helper()
		v, err := ParseJSON([]byte(s))
		require.NoError(t, err, s)
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		var want any
		require.NoError(t, d.Decode(&want))
		assert.Equal(t, want, plain(v), s)
	}
	f(`{}`)
	f(` [ ] `)
	f(`{"a":{"b":[1,-2.5e+10,true,false,null,"x"]},"c":""}`)
	f("\t{\r\n\"a\" : \"b\" , \"c\":[ {} , [] ]\n}")
	f(`"\"\\\/\b\f\n\r\tA\u00e4\ud83d\ude00"`)
	f(`"äöü😀"`)
	f(`0`)
	f(`[[[[[[[[[[1]]]]]]]]]]`)
}

func TestParseJSONFailure(t *testing.T) {
	f := func(s string, want error) {
		t.Helper()
		_, err := ParseJSON([]byte(s))
		require.ErrorIs(t, err, want, s)
	}
	for _, s := range []string{"", " ", "{", "[", "]", "{]", "[}", "{a:1}", `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `[1 2]`, `"`, `"\`, "\"a\nb\"", "01", "+1", "1.", ".5", "1e", "nul", "{} {}", `{"a":1 "b":2}`, "--1"} {
		f(s, ErrJSON)
	}
	f(strings.Repeat("[", 200)+strings.Repeat("]", 200), ErrJSONDepth)
	f("["+strings.Repeat("0,", maxNodes)+"0]", ErrJSONNodes)
}

// SDKs send what JSON does not have.
func TestParseJSONLenient(t *testing.T) {
	v, err := ParseJSON([]byte(`{"a":NaN,"b":[Infinity,-Infinity],"c":"half \ud83d surrogate","d":"` + "\xff" + `","e":"\q","f":"\u12"}`))
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"a": nil, "b": []any{nil, nil}, "c": "half \ufffd surrogate", "d": "\ufffd", "e": `\q`, "f": `\u12`}, plain(v))
}

func TestValue(t *testing.T) {
	v, err := ParseJSON([]byte(`{"n":5,"s":"7","f":1.5,"b":true,"o":{"x":1,"x":2},"l":[1,null,2],"v":{"values":[{"a":1},null]},"e":"1e400"}`))
	require.NoError(t, err)
	n, ok := v.Get("n").Int()
	assert.True(t, ok)
	assert.EqualValues(t, 5, n)
	n, ok = v.Get("s").Int()
	assert.True(t, ok)
	assert.EqualValues(t, 7, n)
	_, ok = v.Get("f").Int()
	assert.False(t, ok)
	_, ok = v.Get("e").Float()
	assert.False(t, ok)
	assert.Equal(t, "true", v.Get("b").Text())
	assert.Equal(t, "2", v.Get("o").Get("x").Text(), "the last of equal keys")
	assert.Equal(t, 3, v.Get("l").Len())
	count := func(v Value) (n int) {
		for range v.Values() {
			n++
		}
		return n
	}
	assert.Equal(t, 2, count(v.Get("l")), "nulls are left out")
	assert.Equal(t, 1, count(v.Get("v")))
	missing := v.Get("nothing").Get("at").Get("all")
	assert.Equal(t, Missing, missing.Kind())
	assert.Empty(t, missing.Text()+missing.Raw()+missing.Str())
	assert.Zero(t, count(missing))
}

// JSON gives the text back as it came when others can read it, and else one that they can.
func TestJSONText(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		v, err := ParseJSON([]byte(s))
		require.NoError(t, err)
		assert.Equal(t, want, v.JSON())
		assert.True(t, want == "" || json.Valid([]byte(want)))
	}
	same := func(s string) {
		t.Helper()
		f(s, s)
	}
	same(`[]`)
	same(`{"a" : [1.50e3, "\u00e4\n", "äöü", true, null, {"b":{}}] }`)
	f(`{"a":NaN,"b":[-Infinity,1]}`, `{"a":null,"b":[null,1]}`)
	f("[\"tab\there\"]", `["tab\there"]`)
	f("[\"\xff\"]", "[\"\ufffd\"]")
	f(`["\q"]`, `["\\q"]`)
	f(`["\u12"]`, `["\\u12"]`)
	f(`"text"`, "")
	f(`7`, "")
	assert.Empty(t, Value{}.JSON())
}

// A parser that is used again does not touch the strings it gave out.
func TestParserAgain(t *testing.T) {
	var p Parser
	v, err := p.Parse([]byte(`{"a":"first"}`))
	require.NoError(t, err)
	s := v.Get("a").Str()
	_, err = p.Parse([]byte(`["other"]`))
	require.NoError(t, err)
	p.Forget()
	assert.Equal(t, "first", s)
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5e3,{"b":"c\n\u00e4"}],"d":null,"e":true}`))
	f.Add([]byte(`[NaN,"\ud83d"]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := ParseJSON(data)
		if err != nil {
			if json.Valid(data) && !errors.Is(err, ErrJSONDepth) && !errors.Is(err, ErrJSONNodes) {
				t.Fatalf("%q is JSON: %v", data, err)
			}
			return
		}
		b, err := json.Marshal(plain(v))
		if err != nil || !utf8.Valid(b) {
			t.Fatalf("%q: %v", data, err)
		}
		if text := v.JSON(); text != "" {
			again, err := ParseJSON([]byte(text))
			if err != nil || !json.Valid([]byte(text)) || !utf8.ValidString(text) || !reflect.DeepEqual(plain(v), plain(again)) {
				t.Fatalf("%q became %q: %v", data, text, err)
			}
		}
	})
}

func BenchmarkParseJSON(b *testing.B) {
	data := []byte(`{"values":[` + strings.Repeat(`{"filename":"/srv/shop/src/services/cart.js","function":"Cart.total","lineno":10,"in_app":true,"context_line":"      sum += product.price * item.quantity;"},`, 60) + `{}]}`)
	var p Parser
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
