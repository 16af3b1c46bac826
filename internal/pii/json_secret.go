package pii

import "strings"

// Secrets of JSON that another element or member names: lists of arguments, the data of a Kubernetes Secret.

// element handles an element of a list; argument is what the flag before it says about it. It returns what the element
// says about the next one: ["--password","..."].
func (j *jsonWalk) element(key, argument *Key) *Key {
	s, at := j.s, j.i
	if argument != nil && s[at] == '"' {
		if v := s[at+1 : skipString(s, at)-1]; secretArgument(v) && !plainWord(v) {
			key = argument
		}
	}
	j.value(key, nil)
	if j.i-at < 48 && strings.HasPrefix(s[at:], `"--`) {
		if flag := j.w.flagKey(s[at+1 : j.i-1]); flag != nil && flag.Sensitive() {
			return flag
		}
	}
	return nil
}

// ofSecret tells whether the object that begins at open is a Kubernetes Secret.
func (j *jsonWalk) ofSecret(open int) bool {
	if j.secret == unknown {
		if j.secret = no; strings.Contains(j.s, `"Secret"`) {
			j.secret = yes
		}
	}
	if j.secret == no {
		return false
	}
	s, i := j.s, skipBlank(j.s, open+1)
	for n := 0; n < 16 && s[i] == '"'; n++ {
		end := skipString(s, i)
		value := skipBlank(s, skipBlank(s, end)+1)
		if s[i:end] == `"kind"` {
			return strings.HasPrefix(s[value:], `"Secret"`)
		}
		if i = skipBlank(s, skipValue(s, value)); s[i] != ',' {
			break
		}
		i = skipBlank(s, i+1)
	}
	return false
}
