// Package rival has what one configures for opentelemetry-collector-contrib's redaction processor to do what pii_redaction
// does: the benchmarks share it.
package rival

// Expressions are ten types of personal data and secrets, as one writes them for the redaction processor:
// e-mail, payment card, US SSN, phone, IPv4, JWT, bearer token, IBAN, AWS access key, Korean resident number.
var Expressions = []string{
	`[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}`,
	`\b(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|3[47][0-9]{13}|6(?:011|5[0-9]{2})[0-9]{12})\b`,
	`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`,
	`\+[0-9]{1,3}[ -]?\(?[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}`,
	`\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\b`,
	`\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`,
	`(?i)bearer\s+[A-Za-z0-9._~+/=-]{16,}`,
	`\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b`,
	`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
	`\b[0-9]{6}-[1-4][0-9]{6}\b`,
}

// Detectors are those of pii_redaction for the same ten types.
var Detectors = []string{
	"email", "credit_card", "us_ssn", "phone", "ipv4", "jwt", "auth_header", "iban", "aws_access_key", "kr_rrn",
}
