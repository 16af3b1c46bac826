package grouping

import "strings"

// class is the kind of a value, for people to read; a template does not tell them apart.
type class uint8

const (
	clsAny class = iota
	clsStr
	clsNum
	clsHex
	clsUUID
	clsIP
	clsHost
	clsPath
	clsURL
	clsEmail
	clsTime
	clsID
	clsSecret
	clsFile
)

var classNames = [...]string{Any, "<str>", "<num>", "<hex>", "<uuid>", "<ip>", "<host>", "<path>", "<url>", "<email>", "<time>", "<id>", "<secret>", "<file>"}

// endings are the ends of file names and of host names that occur without digits.
var endings = func() map[string]class {
	m := map[string]class{}
	for w := range strings.FieldsSeq(`txt log csv tsv json xml yml yaml toml ini conf cfg config properties lock pid sock tmp bak orig
		py pyc rb pl pm php js mjs cjs ts jsx tsx java kt kts scala groovy clj go rs c cc cpp cxx h hpp cs fs vb swift dart ex exs erl hs lua sh bash ps bat cmd
		html htm css scss less svg png jpg jpeg gif bmp ico pdf doc docx xls xlsx ppt pptx odt rtf md rst zip gz tgz tar bz xz zst rar jar war ear
		so dll exe bin dat db sqlite sql parquet avro orc proto pem crt cer csr p12 jks keystore iso img rpm deb apk ipa wasm vue`) {
		m[w] = clsFile
	}
	for w := range strings.FieldsSeq(`com org net edu gov mil io dev cloud local lan internal localdomain home corp intra arpa biz
		de uk fr nl it es pl se fi dk ch cz hu ro ru ua jp cn kr tw hk sg au nz br mx ar cl za tr il ir eu ca`) {
		m[w] = clsHost
	}
	return m
}()

func upperConstant(s string) bool {
	n := 0
	for i := 0; i < len(s); i++ {
		if classes[s[i]]&cUpper != 0 {
			n++
		} else if s[i] != '_' {
			return false
		}
	}
	return n > 1
}

// keyLike tells a text of letters, "_", "-" and "." that may stand before a colon.
func keyLike(t string) bool {
	letters := false
	for i := 0; i < len(t); i++ {
		k := classes[t[i]]
		if k&(cLetter|cHigh) != 0 {
			letters = true
		} else if t[i] != '_' && t[i] != '-' && t[i] != '.' && t[i] != '$' && t[i] != '@' && t[i] != '/' {
			return false
		}
	}
	return letters && t[0] != '/' && t[len(t)-1] != '/'
}

// hexColons tells IPv6 and MAC addresses and the like: hex digits with two colons at least.
func hexColons(t string) bool {
	colons, hex := 0, 0
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case c == ':':
			colons++
		case c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f':
			hex++
		case (c == '%' || c == '/') && colons >= 2 && i > 2:
			return true
		case c == '.' && colons >= 2:
		default:
			return false
		}
	}
	return colons >= 2 && hex > 0
}

// colonClass tells a time, "12:00:01.5", from an address.
func colonClass(t string) class {
	for i := 0; i < len(t); i++ {
		if c := t[i]; (c < '0' || c > '9') && c != ':' && c != '.' {
			return clsIP
		}
	}
	if strings.Count(t, ":") > 3 || strings.Contains(t, "::") {
		return clsIP
	}
	return clsTime
}

func allHex(t string) bool {
	for i := 0; i < len(t); i++ {
		if c := t[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// digitClass names the kind of a value with digits.
func digitClass(t string) class {
	dots, dashes, digits, hex, other := 0, 0, 0, 0, 0
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			dots++
		case c == '-':
			dashes++
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			hex++
		default:
			other++
		}
	}
	switch {
	case dots == 3 && digits+dots == len(t):
		return clsIP
	case len(t) == 36 && dashes == 4 && other == 0:
		return clsUUID
	case dots <= 1 && digits+dots+dashes == len(t) && dashes <= 1 && (dashes == 0 || t[0] == '-'),
		dots <= 1 && hex+other <= 3 && digits > 0 && t[0] >= '0' && t[0] <= '9' && digits+hex+other+dots == len(t):
		return clsNum
	case len(t) > 2 && t[0] == '0' && t[1]|0x20 == 'x', other == 0 && dots == 0 && dashes == 0 && len(t) >= 6:
		return clsHex
	case dashes == 2 && digits+dashes == len(t) && len(t) <= 10:
		return clsTime
	case fileOrHost(t):
		return fileClass(t)
	case dots >= 2 && hex+other > 0:
		return clsHost
	}
	return clsID
}

// timeOrID names a value with colons and digits.
func timeOrID(t string) class {
	for i := 0; i < len(t); i++ {
		if c := t[i]; (c < '0' || c > '9') && strings.IndexByte(":.-TZ+", c) < 0 {
			return clsID
		}
	}
	if strings.Count(t, ".") == 3 {
		return clsIP
	}
	return clsTime
}

// tokenClass names the value that a redaction token stands for.
func tokenClass(t string) class {
	i := strings.IndexByte(t, '[')
	if i < 0 {
		return clsAny
	}
	t = t[i+1:]
	end := strings.IndexAny(t, ":]")
	if end < 0 {
		return clsAny
	}
	switch name := t[:end]; {
	case name == "EMAIL":
		return clsEmail
	case strings.HasPrefix(name, "IP"):
		return clsIP
	case strings.Contains(name, "CARD"), strings.Contains(name, "PHONE"), strings.HasSuffix(name, "SSN"), strings.HasSuffix(name, "RRN"):
		return clsNum
	case strings.HasPrefix(name, "URL"):
		return clsURL
	}
	return clsAny
}

// fileOrHost tells a name whose last part is that of a file or a host.
func fileOrHost(t string) bool {
	last := t[strings.LastIndexByte(t, '.')+1:]
	if len(last) == 0 || len(last) > 11 || len(last) == len(t) {
		return false
	}
	for i := 0; i < len(last); i++ {
		if classes[last[i]]&(cLower|cDigit) == 0 {
			return false
		}
	}
	return endings[last] != 0
}

// fileClass names the kind of a name with a known ending.
func fileClass(t string) class { return endings[t[strings.LastIndexByte(t, '.')+1:]] }

// addressed tells that what stands before a colon is a host, a file or a method, and what stands
// behind it a port or a line.
func addressed(name, number string) bool {
	return fileOrHost(name) || strings.Count(name, ".") >= 2 && number != "" && classes[number[0]]&cDigit != 0
}
