package pii

import "strings"

// Parts of a payment card besides its number: tracks (ISO/IEC 7813), security code, expiry.

var trackID = func() int {
	register(Detector{Name: "card_track", Kind: "CARD_TRACK", Groups: []string{"payment"}, Default: true, trigger: onAt | onPair})
	return find("card_track").id
}()

func init() {
	register(
		Detector{
			Name: "card_cvv", Groups: []string{"payment"},
			Keys:     []string{"cvv", "cvc", "cvv2", "cvc2", "cid", "csc", "security code", "card security code", "card verification"},
			KeyCheck: func(v string) bool { return (len(v) == 3 || len(v) == 4) && allDigits(v) },
		},
		Detector{
			Name: "card_expiry", Groups: []string{"payment"},
			Keys:     []string{"expiry", "exp", "card expiry", "expiry date", "expiration", "expiration date", "valid thru", "card exp", "exp date"},
			KeyCheck: expiryValue,
		},
	)
}

// expiryValue accepts MM/YY and MM/YYYY.
func expiryValue(v string) bool {
	if len(v) != 5 && len(v) != 7 || v[2] != '/' && v[2] != '-' || !allDigits(v[:2]) || !allDigits(v[3:]) {
		return false
	}
	m := two(v, 0)
	return m >= 1 && m <= 12
}

// track handles a %B (track 1) or the = of track 2.
func (w *Worker) track(at int) {
	s := w.text
	switch s[at] {
	case '%':
		if !strings.HasPrefix(s[at:], "%B") {
			return
		}
		rest := s[at+2 : min(len(s), at+100)]
		name := strings.IndexByte(rest, '^')
		if name < 12 || name > 19 || !cardValue(rest[:name]) {
			return
		}
		second := strings.IndexByte(rest[name+1:], '^')
		if second < 0 {
			return
		}
		w.endTrack(at, at+2+name+1+second+1)
	case '=':
		start := at
		for start > 0 && isAlnum[s[start-1]] == 1 && at-start < 20 {
			start--
		}
		if start == 0 || s[start-1] != ';' || at-start < 12 || !cardValue(s[start:at]) {
			return
		}
		w.endTrack(start-1, at+1)
	}
}

// endTrack reports the track whose discretionary data begin at i.
func (w *Worker) endTrack(start, i int) {
	s := w.text
	first := i
	for i < len(s) && isAlnum[s[i]] != 0 {
		i++
	}
	if i-first < 4 {
		return
	}
	if i < len(s) && s[i] == '?' {
		i++
	}
	w.add(trackID, start, i, 0.95)
}
