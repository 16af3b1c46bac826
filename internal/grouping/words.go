package grouping

import (
	_ "embed"
	"strings"
)

//go:embed vocabulary.txt
var vocabularyText string

// wordFlags say what a word may do in a log message.
type wordFlags uint32

const (
	// fVocab: a word that logs are made of, so probably not a value.
	fVocab wordFlags = 1 << iota
	// fPrep: a preposition; a name that follows it is a value: "from kermit".
	fPrep
	// fNoun: a noun that announces a name: "domain cluster_root", "queue orders".
	fNoun
	// fWho: a noun whose name may be any word at all: "user support", "host build".
	fWho
	// fClosed: a word that is never a name, even behind fWho: "is", "unknown", "not".
	fClosed
	// fCompound: a noun that makes a term with "user" or "host": "user input", "host key".
	fCompound
	// fUnit: a unit of measure behind a number.
	fUnit
	// fText: a key whose value is prose: msg, error, level.
	fText
	// fSecret: a key whose value is always taken as one.
	fSecret
	// fMonth: the name of a month or day, a value beside a number.
	fMonth
	// fZone: a time zone, a value behind a time.
	fZone
	// fLevel: a word that loggers put in brackets.
	fLevel
	// fIdent: a noun whose name is an identifier of the program, so constant: "field email".
	fIdent
	// fFixed: a word whose number is part of it: "base 10".
	fFixed
	// fTech: a term with digits that is a word: "ipv4", "utf8".
	fTech
	// fScheme: an authorisation scheme, swallowed by the secret behind it.
	fScheme
	// fChange: a verb or noun of a change of state: "transitioned from NEW to RUNNING".
	fChange
	// fExt: between the parts of a telephone number.
	fExt
	// fName: a word that is also the name of a person or a city.
	fName
	// fLabel: a key of fText whose value is a label, not a sentence.
	fLabel
)

var wordClasses = []struct {
	flags wordFlags
	words string
}{
	{fPrep, "from to by for on at in of with via into onto against between through"},
	{fNoun, `domain realm group device interface module service node peer member queue topic table bucket
		database schema keyspace cluster namespace pod container job task thread process program daemon directory
		folder dir path class filename image volume disk partition filesystem session client server zone region city country
		customer tenant merchant author owner name called named alias project repository repo branch tag
		package product plugin driver application app worker instance environment stream channel room tree
		component application bean exchange stage executor`},
	{fWho, `user username login logname ruser rhost host hostname client_ip useraccount uname euser suser nickname`},
	{fSecret, `password passwd pwd secret token apikey api_key access_token authorization credential passphrase`},
	{fClosed, `is are was were be been has have had not no unknown does did do can cannot could may might will would should must
		a an the this that these and or but if then than as when while because since who which
		from to by for on at in of with via into onto against between through without within per after before during under over
		authenticated logged failed denied rejected disconnected connected authorized unauthorized locked disabled enabled
		expired deleted created updated removed added missing invalid valid lookup up down already still now again`},
	{fCompound, `input data session sessions request requests profile account accounts agent info information id ids name names
		code error errors space mode event events group groups list lists table count token tokens settings preferences password passwords
		credentials login permission permissions role roles key keys address interface experience context object record records
		service services cache authentication authorization registration creation deletion limit quota manager defined specified supplied provided
		controller adapter bus bridge process memory machine status state type file directory home unreachable unavailable`},
	{fUnit, `ns us ms s sec secs second seconds msec msecs usec usecs nsec millis milliseconds microseconds nanoseconds
		min mins minute minutes h hr hrs hour hours day days week weeks month months year years
		b byte bytes kb kbytes kib mb mbytes mib gb gbytes gib tb tib pb kbps mbps gbps bps
		hz khz mhz ghz percent pct celsius fahrenheit rpm mv ma mah am pm octets bits`},
	{fText, `msg message error err exception reason event level lvl severity cause description detail details text title
		log_level loglevel desc code status state summary errmsg error_message errormessage error_description status_message`},
	{fMonth, `jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
		october november december mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday`},
	{fZone, "utc gmt est edt cst cdt mst mdt pst pdt cet cest bst ist jst kst msk aest hkt sgt eet eest wet z"},
	{fLevel, `trace debug info information notice warn warning error err fatal critical crit severe alert emerg emergency
		panic verbose fine finer finest ok failed fail success pass passed done skip skipped depend`},
	{fIdent, `field column property attribute argument parameter arg param option method function operator keyword variable
		header element operation constant annotation macro symbol`},
	{fFixed, "base"},
	{fTech, `ipv4 ipv6 utf8 utf16 utf32 sha1 sha256 sha384 sha512 md5 sha2 sha3 base64 base32 base58 x86 x64 amd64 arm64 i386 i686 oauth2 oauth1
		http2 http3 h2 log4j log4j2 slf4j ec2 s3 k8s i18n l10n p2p b2b b2c v4l2 mp3 mp4 h264 h265 x509 pkcs1 pkcs7 pkcs8 pkcs12 tls1 ssl3
		ext2 ext3 ext4 ntfs3 log2 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 e2e 3d 2d db2 neo4j web3 py2 py3 python2 python3
		ed25519 p256 p384 c10k vt100 latin1 win32 win64 0day ps2 rfc822 iso8859 a11y o11y`},
	{fScheme, "bearer basic digest negotiate apikey"},
	{fLabel, "level lvl severity log_level loglevel status state code event title"},
	{fName, `grace rose bill mark lily ines nils max will jack frank chase drew grant hope joy faith dawn ruby amber iris art dean
		sue pat may june april august summer nice reading split mobile cork bath orange phoenix`},
	{fExt, "ext extn extension x"},
	{fChange, "transition transitioned transitioning changed change changing state switched switching moved promoted renamed"},
}

// wordTable is an open-addressed hash table from words, whatever their case, to flags. It holds
// hashes alone, so that it stays in the first cache: that another word has the hash of one of the
// 4,000 by chance happens to two in a million, and is the same on every machine.
type wordTable struct {
	hash  [1 << tableBits]uint32 // 0 = free
	flags [1 << tableBits]wordFlags
}

const tableBits = 13

var words = buildTable()

func buildTable() *wordTable {
	t := new(wordTable)
	for w := range strings.FieldsSeq(vocabularyText) {
		t.insert(w, fVocab)
	}
	for _, c := range wordClasses {
		for w := range strings.FieldsSeq(c.words) {
			f := c.flags
			if f&(fZone|fMonth|fTech|fUnit) == 0 {
				f |= fVocab
			}
			t.insert(w, f)
		}
	}
	return t
}

func (t *wordTable) insert(w string, f wordFlags) {
	i, _ := t.find(hashWord(w))
	t.hash[i] = hashWord(w)
	t.flags[i] |= f
}

// find returns the place of a hash and whether it is taken.
func (t *wordTable) find(h uint32) (int, bool) {
	for i := h & (1<<tableBits - 1); ; i = (i + 1) & (1<<tableBits - 1) {
		if t.hash[i] == h {
			return int(i), true
		}
		if t.hash[i] == 0 {
			return int(i), false
		}
	}
}

// maxWord is the length of the longest word that is looked up.
const maxWord = 24

const fnvBasis, fnvPrime = 2166136261, 16777619

// hashWord is FNV-1a over the word in lower case; never 0.
func hashWord(w string) uint32 {
	h := uint32(fnvBasis)
	for i := 0; i < len(w); i++ {
		h = (h ^ uint32(w[i]|0x20)) * fnvPrime
	}
	return mixed(h)
}

// hashWith is the hash of w with one more letter.
func hashWith(w string, c byte) uint32 {
	h := uint32(fnvBasis)
	for i := 0; i < len(w); i++ {
		h = (h ^ uint32(w[i]|0x20)) * fnvPrime
	}
	return mixed((h ^ uint32(c)) * fnvPrime)
}

func mixed(h uint32) uint32 { return h ^ h>>15 | 1<<31 }

// lookup returns the flags of a word in any case; 0 = unknown.
func lookup(w string) wordFlags {
	if len(w) == 0 || len(w) > maxWord {
		return 0
	}
	i, ok := words.find(hashWord(w))
	if !ok {
		return 0
	}
	return words.flags[i]
}

// equalFold compares a word of the table with one in any case; ASCII alone.
func equalFold(lower, w string) bool {
	if len(lower) != len(w) {
		return false
	}
	for i := 0; i < len(w); i++ {
		c := w[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if lower[i] != c {
			return false
		}
	}
	return true
}

// known tells whether a word, or the stem of it, belongs to the vocabulary.
func known(w string, f wordFlags) bool {
	if f&(fVocab|fTech|fUnit) != 0 {
		return true
	}
	n := len(w)
	if i := strings.IndexByte(w, '\''); i > 0 {
		return vocab(w[:i]) || stemmed(w[:i]) || w[i-1] == 'n' && vocab(w[:i-1])
	}
	if i := strings.IndexByte(w, '-'); i > 0 && i < n-1 {
		return (vocab(w[:i]) || stemmed(w[:i]) || prefix(w[:i])) && known(w[i+1:], lookup(w[i+1:]))
	}
	if n < 3 || n > maxWord {
		return n == 1 || lookup(w)&fVocab != 0
	}
	if vocab(w) || stemmed(w) {
		return true
	}
	for _, p := range prefixes {
		if n > len(p)+2 && equalFold(p, w[:len(p)]) {
			r := w[len(p):]
			if vocab(r) || stemmed(r) {
				return true
			}
		}
	}
	return false
}

var prefixes = [...]string{"un", "re", "non", "pre", "de", "dis", "mis", "over", "sub", "in", "multi", "auto", "co", "inter"}

func prefix(w string) bool {
	for _, p := range prefixes {
		if equalFold(p, w) {
			return true
		}
	}
	return false
}

func vocab(w string) bool { return lookup(w)&fVocab != 0 }

// stemmed takes the common English endings off and looks again.
func stemmed(w string) bool {
	n := len(w)
	if n > 4 && w[n-1]|0x20 == 's' && w[n-2]|0x20 != 's' {
		if vocab(w[:n-1]) {
			return true
		}
		if w[n-2]|0x20 != 'e' {
			w, n = w[:n-1], n-1 // "extensions", "numbers", "settings"
		}
	}
	if n < 4 {
		return false
	}
	end := func(s string) bool { return n > len(s)+1 && equalFold(s, w[n-len(s):]) }
	// The stem as it is, with an "e" ("created"), with its last letter single ("stopped").
	try := func(cut int) bool {
		s := w[:n-cut]
		if vocab(s) || vocabE(s) {
			return true
		}
		m := len(s)
		return m > 3 && s[m-1] == s[m-2] && vocab(s[:m-1])
	}
	switch {
	case end("ies"), end("ied"), end("ier"), end("ily"):
		return vocabY(w[:n-3]) || try(2) || end("ily") && try(3)
	case end("ation"):
		return try(5) || try(3)
	case end("able"), end("ible"), end("ment"), end("ness"):
		return try(4)
	case end("ing"), end("est"), end("ion"):
		return try(3)
	case end("ed"), end("er"), end("or"), end("ly"), end("es"), end("al"):
		return try(2) || end("es") && try(1)
	case end("s"), end("d"), end("y"):
		return try(1)
	}
	return false
}

func vocabE(s string) bool { return vocabWith(s, 'e') }

func vocabY(s string) bool { return vocabWith(s, 'y') }

func vocabWith(s string, c byte) bool {
	i, ok := words.find(hashWith(s, c))
	return ok && words.flags[i]&fVocab != 0
}
