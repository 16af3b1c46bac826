package pii

import "strings"

// sensitiveKeys are the keys whose whole value goes: the common names of credentials, and what
// https://github.com/getsentry/sentry-conventions marks as to be scrubbed whatever its value. Joined,
// in lower case.
var sensitiveKeys = []string{
	"password", "passwd", "pwd", "passphrase", "passcode", "userpassword", "dbpassword",
	"secret", "clientsecret", "secretkey", "secrettoken", "sharedsecret", "appsecret", "consumersecret",
	"token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "bearertoken", "sessiontoken", "securitytoken",
	"csrftoken", "xsrftoken", "csrf", "xsrf", "csrfmiddlewaretoken", "oauthtoken", "jwt",
	"apikey", "apitoken", "apisecret", "accesskey", "accesskeysecret", "secretaccesskey", "awssecretaccesskey",
	"authorization", "proxyauthorization", "auth", "wwwauthenticate", "xauthorization",
	"cookie", "cookies", "setcookie", "xapikey", "xauthtoken", "xcsrftoken", "xxsrftoken", "xaccesstoken", "xamzsecuritytoken",
	"session", "sessionid", "sessionkey", "sid", "phpsessid", "jsessionid", "aspnetsessionid", "connectsid",
	"credential", "credentials", "privatekey", "encryptionkey", "signingkey", "masterkey",
	"cvv", "cvv2", "cvc", "pin", "otp", "totp", "mfacode", "ssn", "socialsecuritynumber",
	"connectionstring", "dsnpassword", "mysqlpwd", "dockerconfigjson",
	"passwort", "kennwort", "contrasena", "contraseña", "senha", "motdepasse", "wachtwoord", "비밀번호", "パスワード", "密码", "密碼", "пароль",
}

// exemptKeys are whole keys that look sensitive and are not: IDs of the semantic conventions.
var exemptKeys = []string{
	"session.id", "session.previous_id", "process.session", "browser.session", "http.session",
}

// isIDKey tells whether a key names an ID that must survive: its value is left alone where it has the
// shape of an ID, and only there, because clients choose what they send.
func isIDKey(name string) bool {
	switch joinKey(name) {
	case "traceid", "spanid", "parentid", "parentspanid", "traceparent", "requestid", "xrequestid", "correlationid",
		"xcorrelationid", "sessionid", "sessionpreviousid", "messageid", "messagingmessageid", "serviceinstanceid",
		"httprequestheaderxrequestid", "httprequestheadertraceparent", "httprequestheaderxcorrelationid",
		"issueid", "issueeventid", "eventid", "k8spoduid", "containerid", "containerimageid", "uberctxid", "xb3traceid",
		"xb3spanid", "xamzntraceid", "awsrequestid", "faasinvocationid", "userhash", "logrecorduid", "xamznrequestid":
		return true
	}
	return strings.HasSuffix(name, ".uid") || strings.HasSuffix(name, "trace_id") || strings.HasSuffix(name, "span_id") ||
		strings.HasSuffix(name, "request_id") || strings.HasSuffix(name, "requestId") || strings.HasSuffix(name, "traceId")
}

// isID tells whether a value has the shape of an ID: a UUID, 8 to 64 hexadecimal digits with a letter
// or of an exact ID length, a traceparent, an X-Ray ID, a ULID. A card number has none of them.
func isID(v string) bool {
	if strings.HasPrefix(v, "1-") && len(v) == 35 && v[10] == '-' {
		v = v[2:10] + v[11:]
	}
	if len(v) == 55 && v[2] == '-' && v[35] == '-' && v[52] == '-' {
		v = v[3:35] + v[36:52]
	}
	if len(v) == 36 && v[8] == '-' && v[13] == '-' && v[18] == '-' && v[23] == '-' {
		return hexOnly(v[:8]) && hexOnly(v[9:13]) && hexOnly(v[14:18]) && hexOnly(v[19:23]) && hexOnly(v[24:])
	}
	switch n := len(v); {
	case n == 32 || n == 48 || n == 64:
		return hexOnly(v)
	case n == 16:
		return hexOnly(v) && !allDigits(v)
	}
	return false
}

func hexOnly(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return len(s) > 0
}
