package stacktrace

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMarkInApp(t *testing.T) {
	f := func(rules InApp, want ...bool) {
		t.Helper()
		tr := Trace{Language: Java, Exceptions: []Exception{{Parent: -1, Frames: []Frame{
			{Module: "com.acme.shop.Cart", Function: "total", File: "Cart.java", Line: 1},
			{Module: "com.acme.lib.Json", Function: "parse", File: "Json.java", Line: 2},
			{Module: "org.springframework.web.Dispatcher", Function: "run", File: "Dispatcher.java", Line: 3},
		}}}}
		tr.markInApp(rules)
		var got []bool
		for _, fr := range tr.Exceptions[0].Frames {
			got = append(got, fr.InApp)
		}
		require.Equal(t, want, got)
	}
	f(InApp{}, true, true, false)
	f(InApp{Exclude: []string{"com.acme.lib.*"}}, true, false, false)
	f(InApp{Include: []string{"org.springframework.*"}}, true, true, true)
	f(InApp{Include: []string{"com.acme.*"}, Exclude: []string{"com.acme.lib.*"}}, true, true, false)
	f(InApp{Exclude: []string{"Cart.java"}}, false, true, false)
}

func TestGlob(t *testing.T) {
	match := func(pattern, file string) {
		t.Helper()
		require.True(t, matchFrame(pattern, &Frame{File: file}), "%s %s", pattern, file)
	}
	refuse := func(pattern, file string) {
		t.Helper()
		require.False(t, matchFrame(pattern, &Frame{File: file}), "%s %s", pattern, file)
	}
	match("billing/**", "/srv/shop/billing/pay.py")
	match("billing/*", `C:\shop\billing\pay.py`)
	match("/srv/shop/*", "/srv/shop/billing/pay.py")
	match("*.pyx", "src/lxml/etree.pyx")
	match("pay.p?", "/srv/pay.py")
	refuse("billing/**", "/srv/shop/rebilling/pay.py")
	refuse("/shop/*", "/srv/shop/pay.py")
	refuse("", "/srv/shop/pay.py")
}

func TestLibrary(t *testing.T) {
	f := func(language Language, want bool, frames ...Frame) {
		t.Helper()
		for i := range frames {
			require.Equal(t, want, library(language, frames[i:i+1], 0), "%s %+v", language, frames[i])
		}
	}
	f(Python, true, Frame{File: "/usr/lib64/python3.9/json/decoder.py"}, Frame{File: `C:\Python311\Lib\asyncio\base_events.py`}, Frame{File: `C:\shop\venv\Lib\site-packages\flask\app.py`},
		Frame{File: "<frozen importlib._bootstrap>"}, Frame{File: "/opt/conda/lib/python3.11/queue.py"}, Frame{File: "/var/runtime/bootstrap.py"}, Frame{File: "/usr/lib/pypy3.9/lib-python/3/json/decoder.py"})
	f(Python, false, Frame{File: "/srv/python/app.py"}, Frame{File: "/home/ana/python3-shop/lib/util.py"}, Frame{File: `D:\shop\lib\util.py`}, Frame{File: "<stdin>"}, Frame{File: "app.py"}, Frame{File: "/srv/lib/shop/pay.py"})
	f(Go, true, Frame{Module: "net/http", Function: "(*conn).serve", File: "/usr/local/go/src/net/http/server.go"}, Frame{Module: "net/http", File: "net/http/server.go"},
		Frame{Module: "github.com/x/y", File: "/home/dev/go/pkg/mod/github.com/x/y@v1.2.3/a.go"}, Frame{Module: "github.com/x/y", File: "/src/shop/vendor/github.com/x/y/a.go"}, Frame{Module: "github.com/x/y", File: "github.com/x/y@v1.2.3/a.go"},
		Frame{Function: "panic", File: "/usr/local/go/src/runtime/panic.go"}, Frame{Module: "runtime", Function: "goexit", File: `C:/Program Files/Go/src/runtime/asm_amd64.s`})
	f(Go, false, Frame{Module: "main", Function: "run", File: "/src/shop/main.go"}, Frame{Module: "log", Function: "Write", File: "/code/shop/log/log.go"}, Frame{Module: "example.com/shop/net", File: "/src/shop/net/n.go"}, Frame{Module: "shop/orders", File: "/src/shop/orders/o.go"})
	f(NodeJS, true, Frame{File: "node:internal/timers"}, Frame{File: "internal/timers.js"}, Frame{File: "events.js"}, Frame{}, Frame{File: "/app/node_modules/x/i.js"}, Frame{File: "webpack-internal:///./node_modules/react/i.js"})
	f(NodeJS, false, Frame{File: "/app/events.js"}, Frame{File: "file:///app/i.mjs"}, Frame{File: "webpack:///./src/a.tsx"}, Frame{File: "index.android.bundle"})
	f(DotNet, true, Frame{Module: "System.Linq.Enumerable"}, Frame{Module: "Microsoft.Extensions.X"}, Frame{Function: "lambda_method12"}, Frame{Module: "Polly.Retry.RetryEngine"})
	f(DotNet, false, Frame{Module: "SystemX.App"}, Frame{Module: "Acme.System.X"}, Frame{Module: "Program", File: "/src/Program.cs"})
	f(PHP, true, Frame{Function: `Illuminate\Pipeline\Pipeline->handle`, File: "/x.php"}, Frame{Function: "PDO->prepare"}, Frame{Function: "array_map"}, Frame{Function: `App\X->y`, File: "/srv/vendor/a/b.php"})
	f(PHP, false, Frame{Function: `App\Http\Kernel->handle`, File: "/srv/app/Http/Kernel.php"}, Frame{Function: "{main}", File: "/srv/index.php"}, Frame{Function: `Shop\{closure}`})
	f(Ruby, true, Frame{File: "/usr/lib/ruby/3.1.0/json/common.rb"}, Frame{File: "<internal:kernel>"}, Frame{File: "/usr/local/bundle/gems/rack-2.2/lib/rack.rb"}, Frame{File: "/usr/local/bin/bundle"}, Frame{File: "actionpack (7.0.4) lib/a.rb"})
	f(Ruby, false, Frame{File: "/srv/shop/lib/ruby.rb"}, Frame{File: "bin/rails"}, Frame{File: "app/models/a.rb"})
	f(Rust, true, Frame{Module: "tokio::runtime", Function: "x"}, Frame{Module: "core::ops", Function: "f", File: "/rustc/5980/library/core/src/ops/function.rs"}, Frame{Function: "main"}, Frame{Function: "__libc_start_main", File: "../csu/libc-start.c"},
		Frame{Module: "serde_x", Function: "f", File: "/home/dev/.cargo/registry/src/github.com-1ecc/serde_x-1.0/src/lib.rs"})
	f(Rust, false, Frame{Module: "shop", Function: "main", File: "./src/main.rs"}, Frame{Function: "<shop::A as shop::B>::run", File: "src/a.rs"}, Frame{Module: "shop::orders", Function: "f"})
	f(Java, true, Frame{Module: "java.lang.Thread"}, Frame{Module: "com.sun.proxy.$Proxy12"}, Frame{Module: "com.acme.A$$FastClassBySpringCGLIB$$1"}, Frame{Module: "com.google.common.base.X"}, Frame{Module: "scala.collection.X"}, Frame{Module: "io.netty.channel.X"})
	f(Java, false, Frame{Module: "com.google.shop.App"}, Frame{Module: "javax2.App"}, Frame{Module: "App"}, Frame{Module: "org.acme.App"}, Frame{Module: "com.acme.App$Inner"}, Frame{Module: "io.acme.netty.X"})
	f(Perl, true, Frame{File: "/usr/share/perl5/Plack/Util.pm"}, Frame{File: "/usr/lib/x86_64-linux-gnu/perl/5.36/DBI.pm"}, Frame{File: "/home/a/perl5/lib/perl5/X.pm"}, Frame{Module: "Carp", Function: "confess"})
	f(Perl, false, Frame{File: "/srv/shop/lib/Shop.pm"}, Frame{File: "app.pl"})
	f(Lua, true, Frame{Function: "table.sort"}, Frame{File: "/usr/share/lua/5.1/resty/core.lua"}, Frame{File: "/usr/local/openresty/lualib/resty/http.lua"})
	f(Lua, false, Frame{File: "/srv/edge/lib/limits.lua"}, Frame{File: "nginx.conf", Function: "main chunk"})
}
