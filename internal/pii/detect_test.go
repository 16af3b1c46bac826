package pii

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func scannerFor(t testing.TB, change func(*Config)) *Scanner {
	t.Helper()
	c := DefaultConfig()
	if change != nil {
		change(&c)
	}
	s, err := New(c)
	require.NoError(t, err)
	return s
}

// only makes two checks: text becomes want; text stays as it is.
func only(t *testing.T, detectors ...string) (becomes func(text, want string), stays func(text string)) {
	s := scannerFor(t, func(c *Config) { c.Detectors = detectors })
	becomes = func(text, want string) {
		t.Helper()
		out, changed := s.Redact(text, "")
		assert.Equal(t, want, out)
		assert.Equal(t, out != text, changed)
	}
	return becomes, func(text string) { t.Helper(); becomes(text, text) }
}

// RFC 5321, 6531; file names and package versions are no addresses.
func TestEmail(t *testing.T) {
	becomes, stays := only(t, "email")
	becomes("to=jo.doe+x@mail.example.co.kr;", "to=[EMAIL];")
	becomes("<jo@example.com>, al@example.org.", "<[EMAIL]>, [EMAIL].")
	becomes("user%40example.com", "[EMAIL]")
	becomes(`\u006ao@example.com`, "[EMAIL]")
	becomes("δοκιμή@παράδειγμα.gr", "[EMAIL]")
	becomes("user@xn--80ak6aa92e.com", "[EMAIL]")
	becomes(`"joe bloggs"@example.com`, "[EMAIL]")
	becomes("joe@[192.0.2.1]", "[EMAIL]")
	becomes("담당자jo@example.com에게", "담당자[EMAIL]에게")
	stays("root@localhost pkg@1.2.3 image@2x.png git@github.com:acme/repo.git user@1000.service")
	becomes("exports/jo.doe@example.com.txt al@mail.example.co.kr.csv", "exports/[EMAIL].txt [EMAIL].csv")
	stays("sprite@2x.min.js icon@3x.de.png app@1.2.3.tar.gz")
	stays("@Override a@ @b .@c.d a..b@")
	stays(strings.Repeat("@", 1000))
}

// RFC 3986, 1918, 5737; versions, pools and netmasks.
func TestIPv4(t *testing.T) {
	becomes, stays := only(t, "ipv4")
	becomes("from 203.0.113.9:443 to /10.0.0.1", "from [IP]:443 to /[IP]")
	becomes("10.0.0.1-10.0.0.5, 192.168.0.0/16", "[IP]-[IP], [IP]/16")
	becomes("rhost=220.135.151.1.dynamic.example.net", "rhost=[IP].dynamic.example.net")
	stays("version 6.1.1.2, v1.2.3.4, KB 1.2.3.4, foo-1.2.3.4-5.rpm, 1.2.3.4.5")
	stays("BP-108841162-10.10.34.11-1440074360971 10.0.0.1_x 300.1.1.1 01.2.3.4 255.255.255.0")
	becomes("to 127.0.0.1 0.0.0.0", "to [IP] [IP]") // nobody's, but named
	same, changed := nationalScanner(t, "default").Redact("to 127.0.0.1 0.0.0.0 ::1 ::/128", "")
	assert.False(t, changed, same)
	stays("Chrome/142.0.0.0 Edg/142.0.77.22")
	s := scannerFor(t, func(c *Config) { c.Detectors, c.KeepPrivateIP = []string{"ipv4"}, true })
	out, _ := s.Redact("10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 203.0.113.1 8.8.8.8", "")
	assert.Equal(t, "10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 203.0.113.1 [IP]", out)
}

// RFC 4291, 4007.
func TestIPv6AndMAC(t *testing.T) {
	becomes, stays := only(t, "ipv6", "mac_address")
	becomes("peer [2001:db8::1]:443 fe80::1%eth0 ::ffff:192.0.2.1", "peer [[IP]]:443 [IP] [IP]")
	becomes("2001:db8:0:0:0:0:2:1", "[IP]")
	becomes("::1 ::1/128 ::/128 x::1 a::", "[IP] [IP] [IP] x::1 a::")
	becomes("mac 00:1A:2b:3c:4d:5e, 00-1a-2b-3c-4d-5e, 001a.2b3c.4d5e", "mac [MAC], [MAC], [MAC]")
	stays(":: 12:34:56 std::string Foo::Bar a::b 1:2:3:4:5:6:7 12345::1 1::2::3")
	stays("ff:ff:ff:ff:ff:ff 00:00:00:00:00:00 aa:bb:cc:dd:ee:ff:00:11 1.2.3.4")
}

// ISO/IEC 7812-1; the numbers are the networks' test numbers.
func TestCreditCard(t *testing.T) {
	becomes, stays := only(t, "credit_card")
	for _, v := range []string{
		"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005", "3782 822463 10005", "30569309025904",
		"6011111111111117", "3530111333300000", "5555555555554444", "2223003122003222", "6205500000000000004", "６０１１１１１１１１１１１１１７",
	} {
		becomes("pay "+v+" now", "pay [CARD] now")
	}
	becomes("card 122000000000003, paid 122000000000003.", "card [CARD], paid [CARD].")
	for _, v := range []string{"213139854395604", "3526419378164199", "639023595775"} {
		becomes("card "+v+" kept", "card [CARD] kept") // ranges that only a word makes cards
		stays("got " + v + " rows")
	}
	stays("card 213139854395605 3526419378164198 639023595776 9523419378164190")
	stays("pay 4111111111111112, 4111 1111 1111 1112, 9111111111111111, 4111-1111 1111-1111")
	stays("blk_-4111111111111111 x4111111111111111 4111111111111111x 0.4111111111111111 4111111111111111_1 550e8400-e29b-4111-1111-411111111111")
	stays("ts 1763800000123 1763800000123456 offset=4111111111111111 id 122000000000004")
}

// ISO 13616 and the SWIFT IBAN registry.
func TestIBAN(t *testing.T) {
	becomes, stays := only(t, "iban")
	becomes("to DE89370400440532013000, GB29 NWBK 6016 1331 9268 19.", "to [IBAN], [IBAN].")
	becomes("de89370400440532013000", "[IBAN]")
	stays("DE88370400440532013000 DE8937040044053201300 XX89370400440532013000 DE8937 0400440532013000 xDE89370400440532013000")
}

// ITU-T E.164, E.123, RFC 3966; what is given out: libphonenumber's metadata.
func TestPhone(t *testing.T) {
	becomes, stays := only(t, "phone")
	becomes("call +82 10-1234-5678, +1 (650) 253-0000 x123", "call [PHONE], [PHONE]")
	becomes("tel:+44-20-7946-0018;", "[PHONE];")
	becomes("+44 (0)20 7946 0018", "[PHONE]")
	becomes("to=%2B821012345678&x=1", "to=[PHONE]&x=1")
	becomes("(202) 456-1111 and 010-1234-5678", "[PHONE] and [PHONE]")
	becomes("전화 02-312-3456, phone: 415 555 2671", "전화 [PHONE], phone: [PHONE]")
	becomes("0082 10 1234 5678", "[PHONE]")
	stays("2026-11-22 10:11:12 +0900 1763800000 3+15551234567 +1234 +99912345678 10.20.30.40 +1-2-3 UTC+09:00")
	stays("range 100000-200000 order 20261122123 coordinates 1234 5678 9012")
	s := scannerFor(t, func(c *Config) { c.PhoneRegions = []string{"KR"} })
	out, _ := s.Redact("to 02-312-3456", "")
	assert.Equal(t, "to [PHONE]", out)
}

// https://www.ssa.gov/employer/randomization.html
func TestSSN(t *testing.T) {
	becomes, stays := only(t, "us_ssn")
	becomes("123-45-6789 and 536 90 4399", "[US_SSN] and [US_SSN]")
	becomes("ssn 536904399", "ssn [US_SSN]")
	stays("000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000 078-05-1120 536904399 1-123-45-6789 123-45-6789-0 123-45 6789")
}

// Enforcement Rule of the Korean Resident Registration Act; random digits since October 2020.
func TestKoreanNumbers(t *testing.T) {
	becomes, stays := only(t, "kr_rrn", "kr_frn")
	becomes("960121-1021413 911124-5678901", "[KR_RRN] [KR_FRN]")
	becomes("주민번호 9601211021413", "주민번호 [KR_RRN]")
	becomes("210131-3999999", "[KR_RRN]")
	stays("961321-1021413 960230-1021413 9601211021412 290101-3000000")
}

func TestSecrets(t *testing.T) {
	becomes, stays := only(t, "secrets")
	becomes("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\n-----END RSA PRIVATE KEY----- x", "[SECRET] x")
	becomes(`"-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIG9x0 cut`, `"[SECRET]`)
	becomes("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl.", "jwt [SECRET].")
	becomes("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [SECRET]")
	becomes("Authorization: Bearer 7Fj2kQ9xLm4Zt8Rv", "Authorization: Bearer [SECRET]")
	becomes("AKIAQ3EGRIP7KLMN2XYZ 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", "[SECRET] [SECRET]")
	becomes("postgres://app:s3cr3t@db:5432/x redis://:pw1@h", "postgres://app:[SECRET]@db:5432/x redis://:[SECRET]@h")
	becomes("https://x.io/cb?code=Zk81jsPq&state=1&sig=a%2Fb", "https://x.io/cb?code=[SECRET]&state=1&sig=[SECRET]")
	becomes(`password=hunter2 "passwd": "correct horse" DB_PASSWORD='x y'`, `password=[SECRET] "passwd": "[SECRET]" DB_PASSWORD='[SECRET]'`)
	becomes(`{\"password\":\"hunter2\"}`, `{\"password\":\"[SECRET]\"}`)
	becomes("api_key: 8fK2pQz91LmX", "api_key: [SECRET]")
	becomes("hook https://hooks.slack.com/services/T0AB1CD2E/B0AB1CD2E/abcdefghijklmnopqrstuvwx", "hook [SECRET]")
	becomes("bittrex_key = 'v5tx343ctydkry8jiu449sag5xtwx5ju'", "bittrex_key = '[SECRET]'")
	stays("password: must be set, password=${PW}, password=<secret>, token expired, using password: YES, password=xxxxxxxx")
	stays("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx user@host host:80@x /cb?code=$CODE primary_key=users_id_seq_12345678 -----BEGIN PUBLIC KEY-----")
	stays("monkey=banana keyboard: qwerty secretary: Jo token_count=12 git checkout 5f3c8e2a9b1d4c7e8f0a1b2c3d4e5f6a7b8c9d0e")
}

// Base58Check, BIP-173, BIP-350, EIP-55; addresses of the standards' texts.
func TestCrypto(t *testing.T) {
	becomes, stays := only(t, "crypto")
	becomes("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "[CRYPTO_BTC] [CRYPTO_BTC]")
	becomes("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "[CRYPTO_ETH]")
	stays("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD")
}

func TestPlacesOfCardsAndDevices(t *testing.T) {
	becomes, stays := only(t, "payment", "device", "personal")
	becomes("%B4111111111111111^DOE/JO^2512101000? x", "[CARD_TRACK] x")
	becomes("cvv=123 exp=12/27", "cvv=[CARD_CVV] exp=[CARD_EXPIRY]")
	becomes("bic=DEUTDEFF", "bic=[SWIFT_BIC]")
	becomes("routing 121000248", "routing [US_ABA_ROUTING]")
	becomes("imei 490154203237518", "imei [IMEI]")
	becomes("vin 1M8GDM9AXKP042788", "vin [VIN]")
	becomes(`{"first_name":"Jo","dob":"1990-01-02","lat":52.5201,"city":"x"}`, `{"first_name":"[NAME]","dob":"[BIRTH_DATE]","lat":"[GEO]","city":"x"}`)
	stays("DEUTDEFF 121000249 490154203237519 cvv: none")
}
