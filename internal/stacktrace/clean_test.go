package stacktrace

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCleanOfFunction(t *testing.T) {
	f := func(language Language, want string, names ...string) {
		t.Helper()
		for _, name := range names {
			frame := Frame{Function: name}
			_, got := frame.Clean(language)
			require.Equal(t, want, got, "%s %s", language, name)
		}
	}
	f(Lua, "limits.limit_of", "limits.limit_of")
	f(Lua, "shop/app.lua", "<shop/app.lua:9>", "<shop/app.lua:17>")
	f(Lua, "content_by_lua", "<content_by_lua(nginx.conf:12):1>", "<content_by_lua(nginx.conf:31):7>")
	f(Java, "lambda$static", "lambda$static$18", "lambda$static$2")
	f(Java, "main$lambda", "main$lambda$0")
	f(Java, "access", "access$000")
	f(Java, "apply", "apply$mcV$sp")
	f(Java, "$anonfun$total", "$anonfun$total$1", "$anonfun$total$1$adapted")
	f(Java, "charge", "charge", "charge-IoAF18A", "charge$default")
	f(NodeJS, "getUser", "getUser", "Object.getUser", "async Object.getUser", "exports.getUser", "getUser [as user]", "Function.getUser")
	f(NodeJS, "Queue.process", "Queue.process", "async Queue.process", "new Queue.process")
	f(NodeJS, "", "<anonymous>", "Queue.<anonymous>", "")
	f(WebJS, "submit", "submit/<", "submit/</<", "submit")
	f(Go, "Sum.func", "Sum.func1", "init.func8.Sum.1", "main.Sum.func2", "Sum.func1.2", "Sum.gowrap1", "Sum[...].func3")
	f(Go, "(*Store).Load.func", "(*Store).Load.func1", "(*Store).Load.func2.1", "(*Store).Load.deferwrap1")
	f(Go, "(*Store).Load", "(*Store).Load", "(*Store).Load-fm", "(*Store[...]).Load")
	f(Go, "init.func", "init.func11", "init.func2")
	f(Go, "init", "init.0", "init.1", "init")
	f(DotNet, "Bugs.lambda", "<Bugs>b__4_11", "<Bugs>m__B")
	f(DotNet, "Main.Local", "<Main>g__Local|0_1")
	f(DotNet, "Pick", "Pick[T]", "Pick")
	f(DotNet, ".ctor", ".ctor")
	f(DotNet, "lambda_method", "lambda_method5")
	f(Ruby, "block in total", "block in total", "block (2 levels) in total")
	f(Ruby, "charge", "rescue in charge", "ensure in charge", "charge")
	f(Ruby, "_app_views_orders_show_html_erb", "_app_views_orders_show_html_erb___1234567_8910")
	f(Ruby, "__send__", "__send__")
	f(PHP, `Shop\{closure:Shop\Cart::average()}`, `Shop\{closure:Shop\Cart::average():21}`, `Shop\{closure:Shop\Cart::average():40}`)
	f(PHP, "{closure}", "{closure}", "{closure:/srv/shop/index.php:9}")
	f(PHP, "class@anonymous->run", "class@anonymous->run", "class@anonymous\x00/srv/a.php:3$0->run")
	f(Rust, "shop::run", "shop::run", "shop::run::h0123456789abcdef")
	f(Rust, "main::{{closure}}", "main::{{closure}}", "main::{{closure}}::{{closure}}", "main::{closure#3}")
	f(Rust, "Option::unwrap", "Option<T>::unwrap")
	f(Rust, "f", "f::<shop::A, B>")
	f(Perl, "__ANON__", "__ANON__", "__ANON__[/srv/app.pl:3]")
	f(Erlang, "-total/1-fun-", "-total/1-fun-0", "-total/1-fun-12")
	f(Swift, "closure # in total()", "closure #1 in total()", "closure #2 in total()")
	f(Python, "<lambda>", "<lambda>")
}

func TestClean(t *testing.T) {
	f := func(language Language, module, function, wantModule, wantFunction string) {
		t.Helper()
		frame := Frame{Module: module, Function: function}
		m, fn := frame.Clean(language)
		require.Equal(t, [2]string{wantModule, wantFunction}, [2]string{m, fn})
	}
	f(DotNet, "Acme.Svc.<FetchAsync>d__3", "MoveNext", "Acme.Svc", "FetchAsync")
	f(DotNet, "Acme.Svc+<Fetch>c__async0", "MoveNext", "Acme.Svc", "Fetch")
	f(DotNet, "Acme.Svc.<>c__DisplayClass4_0", "<Find>b__1", "Acme.Svc", "Find.lambda")
	f(DotNet, "Acme.Svc.<>c", "<Find>b__4_3", "Acme.Svc", "Find.lambda")
	f(DotNet, "System.Collections.Generic.List`1[T]", "get_Item", "System.Collections.Generic.List", "get_Item")
	f(DotNet, "System.Collections.Generic.List`1", "get_Item", "System.Collections.Generic.List", "get_Item")
	f(Java, "com.acme.Svc$$EnhancerBySpringCGLIB$$3d2f1a0c", "run", "com.acme.Svc", "run")
	f(Java, "com.acme.Svc$$SpringCGLIB$$0", "run", "com.acme.Svc", "run")
	f(Java, "com.acme.Svc$Inner$1", "run", "com.acme.Svc$Inner", "run")
	f(Java, "com.acme.Svc$$Lambda$14/0x000000080022", "run", "com.acme.Svc", "run")
	f(Java, "jdk.internal.reflect.GeneratedMethodAccessor17", "invoke", "jdk.internal.reflect.GeneratedMethodAccessor", "invoke")
	f(Java, "com.acme.Gateway$charge$2", "invokeSuspend", "com.acme.Gateway", "charge")
	f(Java, "shop.orders$process$fn__2231", "invoke", "shop.orders$process$fn", "invoke")
}
