// Package pii finds personal data and secrets in text and takes them out, at the cost of about one pass
// over the bytes.
//
//	s, err := pii.New(pii.DefaultConfig())
//	text, changed := s.Redact("mail jo@example.com", "") // "mail [EMAIL]", true
//
// A Scanner is immutable and safe for concurrent use. Redact with a key ("" = none) also judges the
// value by its name: the whole value of `password` goes, and the words of `customer.phone` are context.
// Code that scans many values in one goroutine takes a Worker (Acquire, Release), which does the same
// without the pool's cost; text in which nothing is found costs no allocation.
//
// # How it works
//
// Blocks of 64 bytes become bit masks of character classes (block.go); a few shifts of these masks yield
// the places where something can be: numbers, words of letters and digits, names with a value behind
// them, long tokens, @, + and so on. A handler looks at each place: exact form, boundaries, checksum.
// Words around the value (context.go) raise or lower its score. What reaches Config.MinScore is a
// Finding; overlaps are resolved (highest score, then longest), allowed values taken out, the action
// applied, and the result scanned again until nothing is found, so that redacting twice changes nothing.
// Values with full-width digits, percent-encoding or escapes are scanned a second time as their plain
// view (view.go); texts that are JSON are walked as JSON, so that they stay valid and their keys count.
// Values that come again at the same place are compared with the last clean one before anything else (known.go).
//
// # Tokens
//
// What is written in a value's place has one grammar whatever the action; see package token:
// "[EMAIL]", "[EMAIL:k1:9f2c41d0]", "[CARD:****4242]". Kinds are EMAIL, PHONE, IP, MAC, CARD, IBAN,
// SECRET (all credentials found by their form), REDACTED (whole values of sensitive keys), and for
// everything else the detector's name in upper case: US_SSN, KR_RRN. `mask` writes "****", `remove`
// nothing.
//
// # How to add a detector
//
// One file with its test beside it (country_xx.go for the identifiers of a country). Its init calls
// register, or national, which adds the groups "xx" (the name's prefix) and "people" and the name as context:
//
//	func init() {
//		national([]string{"eu"}, Detector{
//			Name:    "de_tax_id",
//			Context: []string{"steuer id", "steuerid", "idnr", "tax id", "tin"},
//			Formats: append(formats(deTaxID, "DD DDD DDD DDD"), weak(deTaxID, "D{11}")...),
//		})
//	}
//
//	func deTaxID(c *Candidate) float64 {
//		if c.Value[0] == '0' || !mod11_10(c.Value) {
//			return 0
//		}
//		return 0.6
//	}
//
// Shapes: D digit, L letter, A letter or digit, "~" one blank, dash or dot (the same throughout the
// value), "- . / : +" and blank themselves, D{7,9} repetitions. All shapes of all enabled detectors are
// one tree. A chain (groups of letters and digits with single separators) is taken apart once and walked
// down that tree, so a check runs only for candidates of its exact shape and the cost of a number does
// not grow with the number of detectors. The engine has tested the boundaries already: nothing that
// belongs to it touches the candidate. Value is compact and upper case; checks.go has luhn, mod97,
// mod11_10, verhoeff, weighted, validDate, birthDate, num2, num4, index36, allEqual.
//
// Scores: strong structure alone 0.9; a checksum of three bits or more and structure 0.6 to 0.85; less
// than 0.5 does not count without a context word, which adds 0.4. Bare digits with one check digit are
// registered with weak: their check is not even called without a context word near, so they cost nothing
// in ordinary logs; where the detector was named otherwise than by the group default, it is called for values
// that stand by themselves, which then need 0.1 less in a line and 0.2 less as the whole text (bare.go). So 0.4 is
// for what at most one random value in twenty passes, and such formats are registered with likely; 0.3 to 0.35 for
// one check digit or a rare form, less for shapes that say nothing alone. A failed mandatory checksum returns 0. Context words are compared without case and
// separators, also with the words of the attribute's key; "call$" is not taken for the beginning of a
// longer word. Words of other scripts are simply listed: "주민등록번호".
//
// Values that only their key tells (a birth date, a CVV): Keys, and KeyCheck for what the value must look
// like. They work for attributes, JSON members, URL parameters and key=value in text.
//
// Detectors whose form is no chain have a trigger and a handler of their own (detect_email.go).
package pii
