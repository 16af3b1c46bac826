package beatsreceiver

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Bounds of converted values. A map looks every key up when one is added, so its size is bounded.
const (
	maxMembers = 512 // of one map; the rest is left out, of a record and a resource counted as dropped
	maxNesting = 24  // deeper values are kept as JSON text
	maxPath    = 256 // bytes of a dotted name that is made; what is below a longer one stays a map
	// maxValues bounds lists: a value takes 50 times the memory of its two bytes of JSON.
	maxValues = 20_000 // of one event; the rest is left out
)

var errNoObject = errors.New("no JSON object")

// setValue copies the decoder's next value; null leaves dst as it is.
func (c *converter) setValue(dst pcommon.Value, depth int) error {
	d := c.decoder
	c.values++
	switch kind := d.PeekKind(); {
	case kind == '"':
		t, err := d.ReadToken()
		if err == nil {
			dst.SetStr(t.String())
		}
		return err
	case kind == '0':
		raw, err := d.ReadValue()
		if err == nil {
			setNumber(dst, raw)
		}
		return err
	case kind == 't', kind == 'f':
		_, err := d.ReadToken()
		dst.SetBool(kind == 't')
		return err
	case kind != '{' && kind != '[':
		return d.SkipValue()
	case depth >= maxNesting:
		raw, err := d.ReadValue()
		if err == nil {
			dst.SetStr(strings.ToValidUTF8(raw.String(), "\uFFFD"))
		}
		return err
	case kind == '{':
		return c.setMap(dst.SetEmptyMap(), depth)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	list := dst.SetEmptySlice()
	for d.PeekKind() != ']' {
		var err error
		if c.values >= maxValues {
			err = d.SkipValue()
		} else {
			err = c.setValue(list.AppendEmpty(), depth+1)
		}
		if err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (c *converter) setMap(dst pcommon.Map, depth int) error {
	d := c.decoder
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		key := name.String()
		if d.PeekKind() == 'n' || dst.Len() >= maxMembers || c.values >= maxValues {
			err = d.SkipValue()
		} else {
			err = c.setValue(dst.PutEmpty(key), depth+1)
		}
		if err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func setNumber(dst pcommon.Value, raw jsontext.Value) {
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		dst.SetInt(n)
	} else if f, err := strconv.ParseFloat(string(raw), 64); err == nil {
		dst.SetDouble(f)
	} else {
		dst.SetStr(string(raw))
	}
}

func putText(m pcommon.Map, key, text string) {
	if text != "" {
		m.PutStr(key, text)
	}
}

// fromHex decodes exactly len(dst) bytes that are not all zero.
func fromHex(dst []byte, text string) bool {
	if len(text) != 2*len(dst) {
		return false
	}
	if _, err := hex.Decode(dst, []byte(text)); err != nil {
		return false
	}
	for _, b := range dst {
		if b != 0 {
			return true
		}
	}
	return false
}
