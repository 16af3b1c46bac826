package grouping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTemplate(t *testing.T) {
	f := func(msg, want string) {
		t.Helper()
		assert.Equal(t, want, Template(msg), "message: %s", msg)
	}
	// Shapes of values.
	f("took 35ms to send 12 items", "took <*> to send <*> items")
	f("block blk_-1608999687919862906 lost", "block <*> lost")
	f("id 2ed1076d-f512-4316-be8f-e6d1a3a6ae52 is gone", "id <*> is gone")
	f("at 0x00007fff and deadbeef", "at <*> and <*>")
	f("GET https://api.example.com/v1/users/5?x=(1) failed", "GET <*> failed")
	f("cannot open /etc/app.conf, nor C:\\app\\app.ini", "cannot open <*>, nor <*>")
	f("fetched file summary.pdf of db.internal", "fetched file <*> of <*>")
	f("peer fe80::1%eth0 and ::1 and aa:bb:cc:dd:ee:ff", "peer <*> and <*>")
	f("up since 2026-11-22T12:00:00Z", "up since <*>")
	f("started Fri Dec 10 19:02:14 EST 2004 here", "started <*> here")
	f("used 75.3 % of 1.5 GB", "used <*> of <*>")
	f("sent 1190 bytes (1.16 KB) in <1 sec", "sent <*> in <*>")
	f("sent 12 bytes in 00:02", "sent <*> in <*>")
	// Words stay, also those with a digit that is part of them.
	f("ipv4 and utf8 with base 10", "ipv4 and utf8 with base 10")
	f("ORA-00942: table or view does not exist", "ORA-00942: table or view does not exist")
	f("i/o error, read/write mode, application/json", "i/o error, read/write mode, application/json")
	f("can't stop, user's choice", "can't stop, user's choice")
	f("com.acme.OrderException: order 5 is late", "com.acme.OrderException: order <*> is late")
	// Quotes and brackets.
	f("unknown column 'first name' in \"orders\"", "unknown column <*> in <*>")
	f("it's a 'quoted text'", "it's a <*>")
	f("“curly” quotes and ‘single’ ones", "<*> quotes and <*> ones")
	f(`10.0.0.1 "GET /v2/54fadb41/servers HTTP/1.1" status: 200`, "<*> GET <*> status: <*>")
	f("an open ' quote stays", "an open quote stays")
	// Keys and values.
	f("user=bob level=error ruser= rhost=1.2.3.4", "user=<*> level=error ruser=<*> rhost=<*>")
	f("a == b and c != d", "a == b and c != d")
	f("work=Source{10113 of 2} ws=null", "work=<*> ws=<*>")
	f("rpc error: code = Unavailable desc = no connection", "rpc error: code = Unavailable desc = no connection")
	f("SQLSTATE[HY000] in query", "SQLSTATE<*> in query")
	// Records in JSON and logfmt are their message, and the texts beside it.
	f(`{"level":"error","msg":"cannot load user bob","n":3,"ok":true}`, "cannot load user <*>")
	f(`{"ts":1,"message":"cannot load","error":"no \"x\" in 5 ms","extra":"y"}`, "cannot load error:no <*> in <*>")
	f(`level=error msg="dial tcp 10.0.0.1:5432: i/o timeout" try=3`, "dial tcp <*>: i/o timeout")
	f(`{"n":3,"user":"bob"}`, "{n:<*>,user:<*>}")
	// Names behind words that announce them.
	f("session opened for user cyrus by (uid=0)", "session opened for user <*> by (uid=<*>)")
	f("session closed for user news", "session closed for user <*>")
	f("check pass; user unknown", "check pass; user unknown")
	f("invalid user support from 10.0.0.1", "invalid user <*> from <*>")
	f("no user input from the form", "no user input from the form")
	f("profile for bob in Pune is malformed", "profile for <*> in <*> is malformed")
	f("payment of customer Ana Lima failed", "payment of customer <*> failed")
	f("task moved from NEW to RUNNING", "task moved from NEW to RUNNING")
	f("leader changed from alpha to beta", "leader changed from <*> to <*>")
	f("Session 5 opened by client WindowsUpdateAgent", "Session <*> opened by client WindowsUpdateAgent")
	f("went from bad to worse", "went from bad to worse")
	f("job send-invoice failed in service user-api", "job <*> failed in service <*>")
	// Lists have one template whatever their length.
	f("cannot resolve an14 an15 an16", "cannot resolve <*>")
	f("cannot resolve an14", "cannot resolve <*>")
	f("nodes a1 0x1 <ok> b2 0x2 <ok> c3 0x3 <ok>", Template("nodes a1 0x1 <ok> b2 0x2 <ok>"))
	f(`[{"id":1,"n":2},{"id":3,"n":4},{"id":5,"n":6},{"id":7,"n":8}]`, Template(`[{"id":1,"n":2},{"id":3,"n":4},{"id":5,"n":6}]`))
	// Scripts without blanks between words.
	f("주문 5808735번 결제 실패", "주문 <*>번 결제 실패")
	// Decoration.
	f("\x1b[31mfailed\x1b[0m  after\t 3 tries...", "failed after <*> tries")
	f("\n\n first\r\nsecond\n\nthird\nfourth", "first second third")
	f("", "")
}

func TestTemplateIsBounded(t *testing.T) {
	for _, s := range []string{
		strings.Repeat("word ", 5000), strings.Repeat("a:", 9000), strings.Repeat("'", 9000), strings.Repeat("“", 9000), strings.Repeat("x=1 ", 9000),
		strings.Repeat("[A:", 9000), strings.Repeat("word", 9000), strings.Repeat("가", 9000), strings.Repeat("(", 9000), strings.Repeat("SELECT ", 3000),
		"-----BEGIN " + strings.Repeat("-----BEGIN ", 1000),
	} {
		assert.LessOrEqual(t, len(Template(s)), maxOutput)
		assert.LessOrEqual(t, len(readable(s)), maxOutput)
		assert.LessOrEqual(t, len(skeleton(s)), maxOutput)
	}
}

func readable(msg string) string { return renderString(msg, modeReadable) }
func skeleton(msg string) string { return renderString(msg, modeSkeleton) }

func TestReadable(t *testing.T) {
	f := func(msg, want string) {
		t.Helper()
		assert.Equal(t, want, readable(msg))
	}
	f("invalid literal for int() with base 10: 'abc'", "invalid literal for int() with base 10: <str>")
	f("user bob from 10.0.0.1 port 22", "user <str> from <ip> port <num>")
	f("mail to ana@example.com, [EMAIL] or [EMAIL:k1:9f2c41d0]", "mail to <email> or <email>")
	f("open /etc/passwd: no such file\nand more", "open <path>: no such file")
	f("id 2ed1076d-f512-4316-be8f-e6d1a3a6ae52, file x.pdf on db.internal", "id <uuid>, file <file> on <host>")
	f("at 2026-11-22 12:00:01", "at <time>")
}

// The skeleton keeps nothing but vocabulary, so that names in any place do not split an issue.
func TestSkeleton(t *testing.T) {
	f := func(want string, messages ...string) {
		t.Helper()
		for _, m := range messages {
			assert.Equal(t, want, skeleton(m), "message: %s", m)
		}
	}
	f("<*> is not allowed to cancel order <*>", "bob is not allowed to cancel order 12", "Carla is not allowed to cancel order 7")
	f("invalid currency <*> for account <*>", "invalid currency EUR for account 12", "invalid currency USD for account 9")
	f("query failed: <*>", "query failed: SELECT id FROM a WHERE x = 'y'", "query failed: SELECT * FROM b JOIN c ON b.id = c.id")
	f("query failed: <*>", "query failed: SELECT id\nFROM a\nWHERE x = 'y'", "query failed: select a.id, b.n from a join b on a.id = b.id", "query failed: UPDATE a SET b = 1")
	f("failed to select an item from the list", "failed to select an item from the list")
	f("profile for <*> in <*> is malformed", "profile for grace in nice is malformed", "profile for Mark in New York is malformed", "profile for Ana Lima in Rome is malformed")
	f("no limit for max connections", "no limit for max connections")
	f("missing required field email in form <*>", "missing required field email in form 12")
	f("missing required field iban in form <*>", "missing required field iban in form 12")
	f("connect ECONNREFUSED <*>", "connect ECONNREFUSED 10.0.0.1:80")
	f("index was out of range", "index was out of range.\nParameter name: index", "index was out of range")
}
