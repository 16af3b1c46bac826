package grouping

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func grouper(t testing.TB, cfg Config) *Grouper {
	t.Helper()
	g, err := New(cfg)
	require.NoError(t, err)
	return g
}

func java(head string, frames ...string) string {
	var b strings.Builder
	b.WriteString(head)
	for _, f := range frames {
		b.WriteString("\n\tat " + f)
	}
	return b.String() + "\n"
}

func python(head string, frames ...string) string {
	var b strings.Builder
	b.WriteString("Traceback (most recent call last):\n")
	for _, f := range frames {
		name, file, _ := strings.Cut(f, "@")
		b.WriteString(`  File "` + file + `", line 7, in ` + name + "\n    x()\n")
	}
	return b.String() + head + "\n"
}

const (
	pay    = "com.acme.Pay.charge(Pay.java:12)"
	verify = "com.acme.Pay.verify(Pay.java:40)"
	web    = "com.acme.Web.handle(Web.java:5)"
	worker = "com.acme.Worker.run(Worker.java:9)"
)

func TestGroupSame(t *testing.T) {
	g := grouper(t, Config{})
	f := func(a, b *Input) {
		t.Helper()
		ra, rb := g.Group(a), g.Group(b)
		assert.Equal(t, ra.ID, rb.ID, "%v\n%v", ra.Parts, rb.Parts)
	}
	base := &Input{Stack: java("com.acme.Declined: card of bob in Pune, order 12", pay, web)}
	// Values, names, lines, outer callers.
	f(base, &Input{Stack: java("com.acme.Declined: card of carla in Oslo, order 99", "com.acme.Pay.charge(Pay.java:77)", worker)})
	// The attributes tell the same as the stack.
	f(base, &Input{Type: "com.acme.Declined", Message: "card of dmitri in Lima, order 1", Language: stacktrace.Java, Stack: base.Stack})
	// A carrier between threads.
	f(base, &Input{Stack: java("java.util.concurrent.ExecutionException: com.acme.Declined: card of bob in Pune, order 12",
		"java.util.concurrent.FutureTask.report(FutureTask.java:122)", worker) +
		java("Caused by: com.acme.Declined: card of bob in Pune, order 12", pay, "java.lang.Thread.run(Thread.java:840)")})
	// Install path, worker thread, build numbers.
	f(&Input{Stack: python("ValueError: bad price 'x'", "main@/srv/a/main.py", "charge@/srv/a/shop/pay.py")},
		&Input{Stack: python("ValueError: bad price '1,5 EUR'", "run@/opt/b-42/worker.py", "charge@/opt/b-42/shop/pay.py")})
	// An accident while closing is not part of the bug.
	f(base, &Input{Stack: java("com.acme.Declined: card of bob in Pune, order 12", pay, web) +
		"\tSuppressed: java.io.IOException: close failed\n\t\tat com.acme.Pay.close(Pay.java:99)\n"})
	// Another version of the service, whose lines moved; nginx names code by the line of its directive.
	const edge = "[error] 411#411: *1 lua entry thread aborted: runtime error: content_by_lua(nginx.conf:%[2]d):3: no limit for user %[1]d\nstack traceback:\n" +
		"coroutine 0:\n\tcontent_by_lua(nginx.conf:%[2]d):3: in function <content_by_lua(nginx.conf:%[2]d):1>, client: 127.0.0.1"
	f(&Input{Stack: fmt.Sprintf(edge, 7, 12)}, &Input{Stack: fmt.Sprintf(edge, 9, 30)})
	// Messages without a stack.
	f(&Input{Body: "cannot reach db-1.internal:5432 after 3 tries"}, &Input{Body: "cannot reach db-7.internal:5432 after 12 tries"})
	f(&Input{Body: "user bob logged in", Template: "user {} logged in"}, &Input{Body: "user carla logged in", Template: "user {} logged in"})
	f(&Input{Type: "TimeoutError", Message: "after 30 ms"}, &Input{Type: "TimeoutError", Message: "after 5 s"})
	// Operations.
	f(&Input{Service: "a", Operation: "GET /orders/12", Status: "500"}, &Input{Service: "a", Operation: "GET /orders/99", Status: "500"})
}

func TestGroupApart(t *testing.T) {
	g := grouper(t, Config{ByService: true})
	f := func(a, b *Input) {
		t.Helper()
		ra, rb := g.Group(a), g.Group(b)
		assert.NotEqual(t, ra.ID, rb.ID, "%v\n%v", ra.Parts, rb.Parts)
	}
	base := &Input{Stack: java("com.acme.Declined: card expired", pay, web)}
	// Another type, another function, another message in one function.
	f(base, &Input{Stack: java("com.acme.Refused: card expired", pay, web)})
	f(base, &Input{Stack: java("com.acme.Declined: card expired", verify, web)})
	f(base, &Input{Stack: java("com.acme.Declined: no money left", pay, web)})
	// One wrapper over two causes: another type, another place.
	wrapped := func(cause string, at ...string) *Input {
		return &Input{Stack: java("com.acme.Gateway: payment 12 failed", pay, web) + java("Caused by: "+cause, at...)}
	}
	f(wrapped("java.net.ConnectException: Connection refused", "com.acme.Net.open(Net.java:5)"), wrapped("java.net.SocketTimeoutException: Read timed out", "com.acme.Net.open(Net.java:5)"))
	f(wrapped("java.io.IOException: closed", "com.acme.Net.open(Net.java:5)"), wrapped("java.io.IOException: closed", "com.acme.Net.read(Net.java:9)"))
	// Services, operations, statuses.
	f(&Input{Service: "a", Stack: base.Stack}, &Input{Service: "b", Stack: base.Stack})
	f(&Input{Service: "a", Operation: "GET /orders/12", Status: "500"}, &Input{Service: "a", Operation: "GET /orders/12", Status: "504"})
	f(&Input{Service: "a", Operation: "GET /orders/12"}, &Input{Service: "a", Operation: "GET /items/12"})
	// Files of the same name in two packages.
	f(&Input{Stack: python("KeyError: 'x'", "get@/srv/a/orders/views.py")}, &Input{Stack: python("KeyError: 'x'", "get@/srv/a/users/views.py")})
	// Nothing of one part may read like another.
	f(&Input{Type: "ab", Message: "c"}, &Input{Type: "a", Message: "bc"})
}

func TestGroupResult(t *testing.T) {
	g := grouper(t, Config{ByService: true})
	r := g.Group(&Input{Service: "shop", Language: stacktrace.Python, Type: "ValueError", Message: "invalid literal for int() with base 10: 'abc'",
		Stack: python("ValueError: invalid literal for int() with base 10: 'abc'", "main@/srv/app/main.py", "charge@/srv/app/billing/pay.py")})
	assert.Equal(t, "ValueError: invalid literal for int() with base 10: <str>", r.Title)
	assert.Equal(t, "charge in billing/pay.py", r.Culprit)
	assert.Equal(t, ByStack, r.Basis)
	assert.Equal(t, []Part{
		{"type", "ValueError"}, {"frame", "charge in pay.py"}, {"message", "invalid literal for int() with base 10: <*>"}, {"service", "shop"},
	}, r.Parts)
	assert.Regexp(t, "^[0-9a-f]{16}$", r.ID)
	assert.Len(t, r.Root, 1)
	require.Len(t, r.Trace.Exceptions, 1)
	assert.True(t, r.Trace.Exceptions[0].Frames[0].InApp)

	r = g.Group(&Input{Service: "shop", Operation: "GET /orders/12", Status: "503"})
	assert.Equal(t, "GET /orders/<*>: 503", r.Title)
	assert.Equal(t, "GET /orders/<*>", r.Culprit)
	assert.Equal(t, ByOperation, r.Basis)
	assert.Nil(t, r.Root)

	r = g.Group(&Input{Service: "shop", Body: "cannot mail ana@example.com at 10.0.0.1", Operation: "POST /mail"})
	assert.Equal(t, "cannot mail <email> at <ip>", r.Title)
	assert.Equal(t, "POST /mail", r.Culprit)
	assert.Equal(t, ByMessage, r.Basis)

	// A function without a name brings its caller along.
	r = g.Group(&Input{Language: stacktrace.NodeJS, Stack: "Error: missing field\n    at /srv/app/lib/users.js:10:5\n    at getUser (/srv/app/lib/users.js:20:3)\n" +
		"    at handle (/srv/app/server.js:1:1)\n"})
	assert.Equal(t, "getUser in users.js", r.Culprit)
	assert.Equal(t, []Part{{"type", "Error"}, {"frame", "users.js"}, {"caller", "getUser in users.js"}, {"message", "missing field"}}, r.Parts)

	r = g.Group(&Input{})
	assert.Regexp(t, "^[0-9a-f]{16}$", r.ID)
}

// A stack that tells neither type nor message is called what was logged with it.
func TestTitleOfBareStack(t *testing.T) {
	g := grouper(t, Config{})
	f := func(body, want string) {
		t.Helper()
		r := g.Group(&Input{Service: "pay", Body: body, Stack: body})
		assert.Equal(t, ByStack, r.Basis)
		assert.Equal(t, want, r.Title)
	}
	f("ERROR charge of 42 failed\ngoroutine 1 [running]:\nruntime/debug.Stack()\n\t/usr/local/go/src/runtime/debug/stack.go:26 +0x5e\nmain.charge()\n\t/app/main.go:17 +0x85", "ERROR charge of <num> failed")
	f("ERROR parcel is empty (ArgumentError)\nshipping.rb:5:in `weigh'\nshipping.rb:17:in `<main>'", "ERROR parcel is empty (ArgumentError)")
}

// The ID of an error is part of tickets and links: it may only change together with Algorithm.
func TestGroupIDsNeverChange(t *testing.T) {
	g := grouper(t, Config{ByService: true})
	f := func(in *Input, want string) {
		t.Helper()
		r := g.Group(in)
		assert.Equal(t, want, r.ID, "%s %v", r.Title, r.Parts)
	}
	f(&Input{Service: "shop", Type: "TimeoutError", Message: "no answer from 10.0.0.1 in 30 s"}, "ccffdf764e6c42fb")
	f(&Input{Service: "shop", Body: "session opened for user cyrus by (uid=0)"}, "fa13acbca837aa69")
	f(&Input{Service: "shop", Operation: "GET /orders/12", Status: "503"}, "18b2d0cb3f0ce740")
	f(&Input{Service: "shop", Stack: java("com.acme.Gateway: payment 12 failed", pay, web) + java("Caused by: java.io.IOException: closed", verify)}, "3f658df6e227d808")
	f(&Input{Service: "shop", Stack: python("ValueError: bad price 'x'", "main@/srv/a/main.py", "charge@/srv/a/shop/pay.py")}, "05c79cce69c1ef12")
}

// Two records of one failure share a root: the exception itself, and the wrapper of a caller.
func TestRoot(t *testing.T) {
	g := grouper(t, Config{})
	inner := g.Group(&Input{Type: "java.io.IOException", Message: "closed by 10.0.0.1"})
	outer := g.Group(&Input{Service: "other", Stack: java("com.acme.Gateway: payment 12 failed", pay, web) + java("Caused by: java.io.IOException: closed by 10.0.0.1", verify)})
	require.Len(t, outer.Root, 2)
	assert.Equal(t, inner.Root[0], outer.Root[1])
	assert.NotEqual(t, outer.Root[0], outer.Root[1])
}

func TestGroupOfRedactedError(t *testing.T) {
	g := grouper(t, Config{})
	for _, p := range personal {
		if strings.ContainsAny(p.value, "\n") {
			continue
		}
		in := func(v string) *Input {
			return &Input{Type: "com.acme.Declined", Message: "card of " + v + " refused", Language: stacktrace.Java, Stack: java("com.acme.Declined: card of "+v+" refused", pay, web)}
		}
		want := g.Group(in(p.value))
		for _, token := range tokens(p.value, p.kind) {
			got := g.Group(in(token))
			assert.Equal(t, want.ID, got.ID, "%s\n%v\n%v", token, want.Parts, got.Parts)
			assert.Equal(t, want.Root, got.Root, token)
			assert.NotContains(t, want.Title, p.value)
		}
	}
}

func TestGroupConcurrently(t *testing.T) {
	g := grouper(t, Config{})
	in := &Input{Stack: java("com.acme.Declined: card of bob", pay, web)}
	want := g.Group(in).ID
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := g.Group(in).ID; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}

// OpenTelemetry's Python spans name the module of an exception's class, its logging handler does not.
func TestGroupPythonModule(t *testing.T) {
	g, err := New(Config{ByService: true})
	require.NoError(t, err)
	const stack = "Traceback (most recent call last):\n  File \"/app/accounts.py\", line 58, in load_profile\n    raise AccountError(number)\n%sAccountError: no limit for account 7\n"
	group := func(prefix string) Result {
		return g.Group(&Input{
			Service: "accounts", Language: stacktrace.Python,
			Type: prefix + "AccountError", Message: "no limit for account 7", Stack: fmt.Sprintf(stack, prefix),
		})
	}
	plain, qualified := group(""), group("accounts.errors.")
	require.Equal(t, plain.ID, qualified.ID)
	require.Equal(t, plain.Title, qualified.Title)
	require.Equal(t, plain.Root, qualified.Root)
}
