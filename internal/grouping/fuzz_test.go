package grouping

import (
	"testing"
	"unicode/utf8"
)

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{
		"user bob from 10.0.0.1 port 22", `{"msg":"x 'y' z","n":1}`, "a=[b, c=(d)] [EMAIL:k1:9f2c41d0] ****", "GB82 WEST 1234 5698 7654 32 (555) 123-4567",
		"주문 5808735번 결제 실패 “x”", "\x1b[31m::: ... -- = == [", "password=a\"b'c`d", "SELECT a FROM b", "from A to B(3)",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, render := range []func(string) string{Template, readable, skeleton, Operation} {
			out := render(s)
			if out != render(s) {
				t.Fatalf("not the same twice: %q", s)
			}
			if len(out) > maxOutput*2 {
				t.Fatalf("%d bytes", len(out))
			}
			if utf8.ValidString(s) && !utf8.ValidString(out) {
				t.Fatalf("%q became invalid UTF-8: %q", s, out)
			}
		}
	})
}

func FuzzGroup(f *testing.F) {
	f.Add("java.lang.IllegalStateException", "order 5 is late", java("com.acme.Declined: card", pay, web), "GET /x/5", "500", "x")
	f.Add("", "", python("ValueError: x", "f@/a/b.py"), "", "", "")
	f.Add("panic", "boom", "goroutine 1 [running]:\nmain.main()\n\t/a/main.go:5 +0x1d\n", "", "", "")
	g := grouper(f, Config{ByService: true, Rules: []Rule{{Match: map[string]string{"exception.type": "x*", "file": "*.java"}, Fingerprint: []string{"{{default}}", "{{function}}"}, Title: "{{body}}"}}})
	f.Fuzz(func(t *testing.T, typ, msg, stack, operation, status, body string) {
		in := &Input{Service: "s", Type: typ, Message: msg, Stack: stack, Operation: operation, Status: status, Body: body}
		a, b := g.Group(in), g.Group(in)
		if a.ID != b.ID || len(a.ID) != 16 {
			t.Fatalf("%q and %q", a.ID, b.ID)
		}
	})
}
