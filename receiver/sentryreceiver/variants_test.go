package sentryreceiver

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// variant is an event in the shape of an SDK, with what must come out. Each has the same trace, user and
// breadcrumb, and personal data where such SDKs have it.
type variant struct {
	sdk, platform string
	exception     string
	more          string // other members of the event
	typ           string
	stack         []string // parts of the stack trace, in order
}

const variantBase = `"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","timestamp":"2026-11-22T10:57:17.5Z","level":"error","release":"shop@1.4.2","environment":"prod",` +
	`"contexts":{"trace":{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef","op":"http.server"}},` +
	`"user":{"id":"u-77","email":"ana.lima@example.com","ip_address":"203.0.113.9"},"breadcrumbs":[{"timestamp":1795345036.25,"category":"query","message":"login of ana.lima\u0040example.com","data":{"Cookie":"sid=abc","card":4111111111111111}}]`

var variants = map[string]variant{
	"java": {
		sdk: "sentry.java.spring-boot", platform: "java", typ: "com.shop.Cart.PaymentException",
		exception: `{"values":[{"type":"SocketTimeoutException","module":"java.net","value":"timeout","thread_id":31,"stacktrace":{"frames":[{"module":"com.shop.Bank","function":"call","filename":"Bank.java","lineno":7,"in_app":true,"native":false}]}},
			{"type":"Cart$PaymentException","module":"com.shop","value":"declined for ana.lima@example.com","mechanism":{"type":"UncaughtExceptionHandler","handled":false},"stacktrace":{"snapshot":true,"frames":[{"module":"java.lang.Thread","function":"run","filename":"Thread.java","lineno":1583},{"module":"com.shop.Cart","function":"charge","filename":"Cart.java","lineno":42,"in_app":true}]}}]}`,
		more:  `,"threads":{"values":[{"id":31,"name":"http-nio","crashed":true,"stacktrace":{"frames":[{"module":"com.shop.Cart","function":"charge"}]}}]},"request":{"url":"https://shop.example/pay","method":"POST","headers":{"authorization":"Bearer tok_123","X-Forwarded-For":"198.51.100.23"},"data":{"password":"hunter2"}}`,
		stack: []string{"com.shop.Cart$PaymentException: declined", "\tat com.shop.Cart.charge(Cart.java:42)\n", "Caused by: java.net.SocketTimeoutException: timeout\n", "\tat com.shop.Bank.call(Bank.java:7)\n"},
	},
	"dotnet": {
		sdk: "sentry.dotnet.aspnetcore", platform: "csharp", typ: "Shop.Cart+PaymentException",
		exception: `{"values":[{"type":"System.TimeoutException","value":"timeout","module":"System.Private.CoreLib, Version=8.0.0.0","thread_id":4,"mechanism":{"type":"chained","source":"InnerException","exception_id":1,"parent_id":0}},
			{"type":"Shop.Cart+PaymentException","value":"declined","module":"Shop, Version=1.0.0.0","mechanism":{"type":"SentryLogger","handled":true,"exception_id":0},"stacktrace":{"frames":[{"module":"Shop, Version=1.0.0.0","function":"void Shop.Cart.Charge(string card)","abs_path":"/src/Cart.cs","lineno":42,"in_app":true,"package":"Shop","instruction_addr":"0x2b","addr_mode":"rel:0","function_id":"0x13"}]}}]}`,
		more:  `,"debug_meta":{"images":[{"type":"pe_dotnet","debug_id":"x"}]},"logger":"Shop.Cart","extra":{"RequestId":"0HN","card":"378282246310005"}`,
		stack: []string{"Shop.Cart+PaymentException: declined", "---> System.TimeoutException: timeout", "Shop.Cart.Charge(", "/src/Cart.cs:line 42"},
	},
	"php": {
		sdk: "sentry.php.laravel", platform: "php", typ: `Shop\PaymentException`,
		exception: `{"values":[{"type":"Shop\\PaymentException","value":"declined","mechanism":{"type":"generic","handled":true,"data":{"code":7}},"stacktrace":{"frames":[{"filename":"/public/index.php","abs_path":"/srv/public/index.php","lineno":17,"in_app":true},{"filename":"/app/Cart.php","abs_path":"/srv/app/Cart.php","function":"Shop\\Cart::charge","raw_function":"Shop\\Cart::charge","lineno":42,"in_app":true,"pre_context":["    $url = 'https://bank/?token=tok_123';","    // ana.lima@example.com"],"context_line":"    throw new PaymentException();","vars":{"password":"s3cr3t"}}]}}]}`,
		more:      `,"tags":{"runtime":"php 8.3"},"modules":{"laravel/framework":"11.0"},"transaction":"/pay"`,
		stack:     []string{`Shop\PaymentException: declined in /srv/app/Cart.php:42`, "Stack trace:\n", `Shop\Cart->charge()`},
	},
	"browser": {
		sdk: "sentry.javascript.react", platform: "javascript", typ: "TypeError",
		exception: `{"values":[{"type":"TypeError","value":"x is undefined","stacktrace":{"frames":[{"filename":"https://shop.example/static/app.3f2a.js","function":"?","in_app":true,"lineno":1,"colno":9911},{"filename":"https://shop.example/static/app.3f2a.js","function":"pay","in_app":true,"lineno":1,"colno":20}]},"mechanism":{"type":"auto.browser.global_handlers.onerror","handled":false}}]}`,
		more:      `,"request":{"url":"https://shop.example/pay?email=ana.lima%40example.com","headers":{"User-Agent":"Mozilla/5.0","Referer":"https://shop.example/?token=tok_123"}},"debug_meta":{"images":[{"type":"sourcemap"}]}`,
		stack:     []string{"TypeError: x is undefined", "at pay (https://shop.example/static/app.3f2a.js:1:20)"},
	},
	"ruby": {
		sdk: "sentry.ruby.rails", platform: "ruby", typ: "Shop::PaymentError",
		exception: `{"values":[{"type":"ZeroDivisionError","value":"divided by 0 (ZeroDivisionError)","module":"","thread_id":1},{"type":"Shop::PaymentError","value":"declined (Shop::PaymentError)","module":"Shop","stacktrace":{"frames":[{"project_root":"/srv","abs_path":"/srv/app/cart.rb","function":"charge","lineno":42,"in_app":true,"filename":"app/cart.rb","vars":{"card":"5500005555555559"}}]}}]}`,
		stack:     []string{"/srv/app/cart.rb:42:in `charge': declined", "ZeroDivisionError"},
	},
	"python 1": {
		sdk: "sentry.python", platform: "python", typ: "shop.cart.PaymentError",
		exception: `{"values":[{"module":null,"type":"KeyError","value":"'amount'","mechanism":null,"stacktrace":{"frames":[{"filename":"cart.py","abs_path":"/srv/cart.py","function":"deep","module":"shop.cart","lineno":4,"vars":{"password":"'hunter2'","ratio":NaN,"ssn":"'123-45-6789'"},"in_app":true}]}},{"module":"shop.cart","type":"PaymentError","value":"declined","mechanism":{"type":"logging","handled":true},"stacktrace":{"frames":[{"filename":"cart.py","abs_path":"/srv/cart.py","function":"charge","lineno":9,"in_app":true}]}}]}`,
		more:      `,"extra":{"sys.argv":["cart.py","--url=https://bank/?token=tok_123"]},"_meta":{"x":{"":{"len":1}}}`,
		stack:     []string{"KeyError: 'amount'", "direct cause", `File "/srv/cart.py", line 9, in charge`, "shop.cart.PaymentError: declined"},
	},
	"go 0.20": {
		sdk: "sentry.go", platform: "go", typ: "*errors.errorString",
		exception: `[{"type":"*errors.errorString","value":"declined","stacktrace":{"frames":[{"function":"main","module":"main","abs_path":"/srv/main.go","lineno":9,"pre_context":["\tcard := \"4111111111111111\""],"context_line":"\tcharge()","in_app":true},{"function":"(*Cart).charge","module":"shop/cart","abs_path":"/srv/cart/cart.go","lineno":42,"in_app":true}]}}]`,
		stack:     []string{"shop/cart.(*Cart).charge(...)\n\t/srv/cart/cart.go:42", "main.main(...)"},
	},
	"old raven": {
		sdk: "raven", platform: "other", typ: "Error",
		exception: `{"type":"Error","value":"declined","stacktrace":{"frames":[{"function":"charge","filename":"cart.js","lineno":"42"}]}}`,
		more:      `,"sentry.interfaces.Http":{"url":"http://x","cookies":"sid=abc"}`,
		stack:     []string{"Error: declined", "at charge (cart.js:42)"},
	},
}

func (v *variant) envelope() string {
	event := `{` + variantBase + `,"platform":"` + v.platform + `","sdk":{"name":"` + v.sdk + `","version":"1"},"exception":` + v.exception + v.more + `}`
	return "{}\n{\"type\":\"event\"}\n" + strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return -1
		}
		return r
	}, event)
}

// TestVariants: the shapes of SDKs of which there are no recorded requests.
func TestVariants(t *testing.T) {
	for name, v := range variants {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, nil)
			resp, got := post(t, s.url+"/api/42/envelope/?sentry_key=k", v.envelope())
			require.Equal(t, http.StatusOK, resp.StatusCode, got)
			assert.Empty(t, s.outcomes(t, invalid))
			lr := s.found(t, "exception.type", v.typ)
			attrs := lr.Attributes().AsRaw()
			rest := attrs["exception.stacktrace"].(string)
			for _, part := range v.stack {
				at := strings.Index(rest, part)
				if !assert.GreaterOrEqual(t, at, 0, "%q in order in\n%s", part, attrs["exception.stacktrace"]) {
					return
				}
				rest = rest[at+len(part):]
			}
			assert.Equal(t, "771a43a4192642f0b136d5159a501700", lr.TraceID().String())
			assert.Equal(t, "1234567890abcdef", lr.SpanID().String())
			assert.Len(t, list(t, attrs, "sentry.breadcrumbs"), 1)
			assert.NotEmpty(t, list(t, attrs, "sentry.exceptions"))
			assert.True(t, s.strings()["login of ana.lima@example.com"])

			clean, err := json.Marshal(redacted(t, s).strings())
			require.NoError(t, err)
			for _, p := range planted {
				assert.NotContains(t, string(clean), p)
			}
		})
	}
}

// A class within another one has a dot in OpenTelemetry's name of it, and a dollar in the stack trace.
func TestOtelType(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		event := `{"platform":"java","exception":[{"type":"` + in + `","value":"v"}]}`
		assert.Equal(t, want, convertEvent(t, []byte(event))["exception.type"])
	}
	f("Cart$PaymentException", "Cart.PaymentException")
	f("Cart$Inner$Deep", "Cart.Inner.Deep")
	f("Cart$1", "Cart$1")
	f("Cart$", "Cart$")
	f("$Proxy", "$Proxy")
	f("Plain", "Plain")
}

// Everything in one envelope: what is of no use is counted, and nothing stands in the way of the rest.
func TestEveryItem(t *testing.T) {
	body := `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","sdk":{"name":"sentry.cocoa","version":"8"},"trace":{"trace_id":"771a43a4192642f0b136d5159a501700","public_key":"k"}}` + "\n"
	for _, kind := range []string{"profile", "profile_chunk", "replay_event", "replay_recording", "replay_video", "statsd", "metric_buckets", "nel", "raw_security", "security", "form_data", "unreal_report", "of_tomorrow"} {
		body += `{"type":"` + kind + `","length":3}` + "\n\x00\n\xff\n"
	}
	body += `{"type":"event"}` + "\n" + `{"message":"hello"}` + "\n"
	s := startServer(t, nil)
	resp, got := post(t, s.url+"/api/42/envelope/", body, "X-Sentry-Auth", "Sentry sentry_key=k, sentry_version=7")
	require.Equal(t, http.StatusOK, resp.StatusCode, got)
	assert.Equal(t, 1, s.logs.LogRecordCount())
	dropped := s.outcomes(t, dropped)
	assert.EqualValues(t, 1, dropped["profile_chunk"])
	assert.EqualValues(t, 1, dropped["other"])
	assert.Len(t, dropped, 13)
	assert.Equal(t, plog.SeverityNumberError, s.logs.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SeverityNumber())
}
