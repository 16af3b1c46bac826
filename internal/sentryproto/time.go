package sentryproto

import (
	"math"
	"strconv"
	"time"
)

// lastSecond bounds what is taken for a time: it is in the year 2191.
const lastSecond = 7_000_000_000

// UnixNano reads a time in one of the forms that SDKs send: seconds since 1970 as number or text, or
// RFC 3339 with or without a zone. The result is in nanoseconds since 1970; 0 when it is none.
func (v Value) UnixNano() int64 {
	switch v.Kind() {
	case Number:
		return seconds(v.Raw())
	case String:
		s := v.Str()
		if len(s) < 10 || s[4] != '-' {
			return seconds(s)
		}
		for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999"} {
			if t, err := time.Parse(layout, s); err == nil && t.Unix() > 0 && t.Unix() <= lastSecond {
				return t.UnixNano()
			}
		}
	}
	return 0
}

// seconds keeps the digits that a float64 of the whole number would lose: JavaScript sends
// microseconds and parts of them.
func seconds(s string) int64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0) || f > lastSecond {
		return 0
	}
	whole, fraction := math.Modf(f)
	return int64(whole)*1e9 + int64(math.Round(fraction*1e9))
}
