package stacktrace

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
)

// long repeats what a language prints for a frame until the trace has 30 frames, two thirds of
// them of libraries.
func long(head, app, library, tail string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range 30 {
		if i%3 == 0 {
			fmt.Fprintf(&b, app, i+10)
		} else {
			fmt.Fprintf(&b, library, i+10)
		}
	}
	b.WriteString(tail)
	return b.String()
}

var longTraces = map[Language]string{
	Python: long("Traceback (most recent call last):\n", "  File \"/srv/shop/current/shop/pricing.py\", line %d, in compute_total\n    return parse_price(raw) * 1.2\n           ^^^^^^^^^^^^^^^^\n",
		"  File \"/usr/local/lib/python3.11/site-packages/django/core/handlers/base.py\", line %d, in _get_response\n    response = wrapped_callback(request, *args)\n", "ValueError: could not convert string to float: '12,50'\n"),
	Java: long("java.lang.IllegalStateException: order 5808735 is locked\n", "\tat com.acme.shop.orders.OrderService.lambda$status$3(OrderService.java:%d)\n",
		"\tat org.springframework.web.servlet.FrameworkServlet.processRequest(FrameworkServlet.java:%d)\n", ""),
	NodeJS: long("TypeError: Cannot read properties of undefined (reading 'name')\n", "    at async Object.getUser (/srv/shop/current/lib/users.js:%d:23)\n",
		"    at Layer.handle [as handle_request] (/srv/shop/current/node_modules/express/lib/router/layer.js:%d:5)\n", ""),
	Go: long("panic: boom\n\ngoroutine 1 [running]:\n", "example.com/shop/internal/orders.(*Store).Discount(0x61a258?, {0x729d1b3a185?, 0x729d1c5a5e0?})\n\t/srv/shop/current/internal/orders/orders.go:%d +0x2e\n",
		"net/http.HandlerFunc.ServeHTTP(0x0?, {0x7f?, 0x0?}, 0xc0?)\n\t/usr/local/go/src/net/http/server.go:%d +0x29\n", ""),
	DotNet: long("System.ArgumentException: profile is malformed\n", "   at Acme.Shop.OrderService.CheckProfile(String name, Int32 age) in /srv/shop/current/net/Shop.cs:line %d\n",
		"   at Microsoft.AspNetCore.Mvc.Infrastructure.ControllerActionInvoker.<InvokeInnerFilterAsync>g__Awaited|13_%d(ControllerActionInvoker invoker, Task lastTask, State next)\n", ""),
	Ruby: long("/srv/shop/current/lib/shop.rb:9:in `owner': bad order id 7 (ArgumentError)\n", "\tfrom /srv/shop/current/app/models/shop.rb:%d:in `block in total'\n",
		"\tfrom /usr/local/bundle/gems/actionpack-7.0.4/lib/action_controller/metal/basic_implicit_render.rb:%d:in `send_action'\n", ""),
	Rust: long("thread 'main' panicked at src/lib.rs:19:9:\nindex out of bounds\nstack backtrace:\n", "   1: shop::orders::item_at\n             at ./src/lib.rs:%d:9\n",
		"   2: <alloc::boxed::Box<F,A> as core::ops::function::FnOnce<Args>>::call_once\n             at /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/alloc/src/boxed.rs:%d:9\n", ""),
	Perl: long("order 7 is locked at /srv/shop/current/lib/Shop.pm line 19.\n", "\tShop::Orders::coupon(Shop::Orders=HASH(0x559ca3c880c0)) called at /srv/shop/current/app.pl line %d\n",
		"\tPlack::Util::run_app(CODE(0x559ca3c880c0), HASH(0x559ca3c880c0)) called at /usr/share/perl5/Plack/Util.pm line %d\n", ""),
	PHP: func() string {
		var b strings.Builder
		b.WriteString("RuntimeException: order 7 is locked in /srv/shop/current/src/shop.php:10\nStack trace:\n")
		for i := range 29 {
			if i%3 == 0 {
				fmt.Fprintf(&b, "#%d /srv/shop/current/app/Http/Kernel.php(%d): Shop\\Orders->owner(Object(App\\Order), 'x')\n", i, i+10)
			} else {
				fmt.Fprintf(&b, "#%d /srv/shop/current/vendor/laravel/framework/src/Illuminate/Pipeline/Pipeline.php(%d): Illuminate\\Pipeline\\Pipeline->Illuminate\\Pipeline\\{closure}(Object(Illuminate\\Http\\Request))\n", i, i+10)
			}
		}
		b.WriteString("#29 {main}\n")
		return b.String()
	}(),
}

// BenchmarkParse parses a trace of 30 frames an iteration. cpu-ns/op is the processor's time, which
// other work on the machine does not change.
func BenchmarkParse(b *testing.B) {
	for _, language := range []Language{Python, Java, NodeJS, Go, DotNet, Ruby, PHP, Rust, Perl} {
		text := longTraces[language]
		for _, hint := range []Language{language, Unknown} {
			name := string(language) + "/hinted"
			if hint == Unknown {
				name = string(language) + "/detected"
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(text)))
				before := cpuTime()
				for b.Loop() {
					if _, ok := Parse(text, hint); !ok {
						b.Fatal("not parsed")
					}
				}
				b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
			})
		}
	}
}

// BenchmarkLooks asks for log bodies that hold no trace.
func BenchmarkLooks(b *testing.B) {
	for name, text := range map[string]string{
		"line":  "2026-11-22T12:00:00Z INFO order 5808735 shipped to customer 17 in 35 ms, 3 items, total 99.50 EUR",
		"lines": strings.Repeat("header: value of some length and nothing more\n", 20),
		"trace": longTraces[Java],
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Looks(text)
			}
		})
	}
}

func cpuTime() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
