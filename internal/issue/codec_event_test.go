package issue

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fill sets everything that a value has to something that is not its zero.
func fill(v reflect.Value, n *int) {
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(int64(*n), 7).UTC()))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case v.Kind() == reflect.Int:
		v.SetInt(int64(*n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case v.Kind() == reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{fmt.Sprint("key ", *n): "value", "": "empty"}))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("a field of a kind that the codec does not know: " + v.Type().String())
	}
}

// TestEventCodec: every field of an event is stored, also those that will be added.
func TestEventCodec(t *testing.T) {
	var whole Event
	n := 0
	fill(reflect.ValueOf(&whole).Elem(), &n)
	no := false
	odd := Event{Handled: &no, Time: time.Date(-200, 1, 1, 0, 0, 0, 5, time.UTC), Stack: strings.Repeat("frame\n", 500)}
	for _, e := range []*Event{{}, &whole, &odd} {
		b, err := EncodeEvent(e)
		require.NoError(t, err)
		got, err := DecodeEvent(b)
		require.NoError(t, err)
		require.Equal(t, e, got)
		for i := range b { // cut off
			_, _ = DecodeEvent(b[:i])
		}
	}
}

// TestEventsOfAnEarlierVersion were stored as JSON.
func TestEventsOfAnEarlierVersion(t *testing.T) {
	e := &Event{ID: "x", Stack: strings.Repeat("frame\n", 500), Tags: map[string]string{"a": "b"}}
	b, err := json.Marshal(e)
	require.NoError(t, err)
	for _, stored := range [][]byte{append([]byte{codecVersion, formJSON}, b...), pack(b, formJSON)} {
		got, err := DecodeEvent(stored)
		require.NoError(t, err)
		require.Equal(t, e, got)
	}
}
