package pii

import "strings"

// Values that only their key tells. Names, addresses and the like are not guessed in free text.

func init() {
	keyed := func(name, kind string, groups []string, check func(string) bool, keys ...string) {
		register(Detector{Name: name, Kind: kind, Groups: groups, Keys: keys, KeyCheck: check})
	}
	personal := []string{"contact", "personal"}
	keyed("person_name", "NAME", personal, textValue,
		"first name", "last name", "full name", "given name", "family name", "surname", "middle name", "maiden name", "fullname",
		"firstname", "lastname", "customer name", "patient name", "cardholder name", "cardholder", "card holder", "name on card", "holder name",
		"contact name", "account holder", "recipient name", "billing name", "shipping name", "user full name", "display name", "real name", "성명", "이름", "氏名")
	keyed("address", "ADDRESS", personal, textValue,
		"street address", "home address", "postal address", "mailing address", "billing address", "shipping address", "street", "address line",
		"address line1", "address line2", "address1", "address2", "delivery address", "residence", "주소", "住所")
	keyed("birth_date", "BIRTH_DATE", personal, dateValue,
		"dob", "birth date", "birthdate", "date of birth", "birthday", "birth day", "geburtsdatum", "생년월일")
	keyed("postal_code", "POSTAL_CODE", personal, codeValue, "zip", "zip code", "zipcode", "postal code", "postcode", "plz", "우편번호")
	keyed("gender", "GENDER", personal, wordValue, "gender", "sex")
	keyed("username", "USERNAME", personal, textValue, "username", "user name", "login", "login name", "user login", "nickname", "screen name")
	keyed("geo_coordinate", "GEO", personal, coordinateValue,
		"lat", "lng", "lon", "long", "latitude", "longitude", "latlng", "lat lon", "geo location", "coordinates", "gps", "location lat", "location lon")
	keyed("advertising_id", "ADVERTISING_ID", []string{"device"}, isUUID,
		"idfa", "gaid", "aaid", "adid", "advertising id", "idfv", "ad id", "device advertising id")
	keyed("user_agent", "USER_AGENT", []string{"device"}, textValue, "user agent", "http user agent", "useragent", "user agent original")
	keyed("passport_number", "PASSPORT", personal, numberValue, "passport", "passport number", "passport no", "여권번호")
	keyed("driver_license", "DRIVER_LICENSE", personal, numberValue, "driver license", "drivers license", "driver license number", "driving licence", "license number")
	keyed("national_id", "NATIONAL_ID", personal, numberValue, "national id", "national id number", "identity number", "citizen id", "personal id", "tax id", "주민번호", "주민등록번호")
}

// prosePrefix: values that say that there is none.
func emptyValue(v string) bool {
	switch strings.ToLower(v) {
	case "", "null", "none", "nil", "-", "n/a", "undefined", "unknown", "true", "false", "anonymous":
		return true
	}
	return false
}

func textValue(v string) bool {
	return !emptyValue(v) && len(v) <= 512 && v[0] != '[' && v[0] != '{' && v[0] != '$'
}

func wordValue(v string) bool { return textValue(v) && len(v) <= 24 }

func codeValue(v string) bool { return textValue(v) && len(v) >= 3 && len(v) <= 12 && hasDigit(v) }

func numberValue(v string) bool { return textValue(v) && len(v) >= 5 && len(v) <= 32 && hasDigit(v) }

func dateValue(v string) bool { return textValue(v) && len(v) >= 6 && len(v) <= 32 && hasDigit(v) }

// coordinateValue accepts one or two decimals with a fraction.
func coordinateValue(v string) bool {
	dot, digits := false, 0
	for i := range len(v) {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			dot = true
		case c == '-' || c == '+' || c == ',' || c == ' ' || c == ';' || c|0x20 == 'n' || c|0x20 == 's' || c|0x20 == 'e' || c|0x20 == 'w':
		default:
			return false
		}
	}
	return dot && digits >= 3 && len(v) <= 48
}

func hasDigit(v string) bool {
	for i := range len(v) {
		if isAlnum[v[i]] == 1 {
			return true
		}
	}
	return false
}

func isUUID(v string) bool { return len(v) == 36 && isID(v) }
