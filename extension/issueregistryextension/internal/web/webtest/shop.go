package webtest

import (
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func own(function, module, file string, line int) stacktrace.Frame {
	return stacktrace.Frame{Function: function, Module: module, File: file, Line: line, InApp: true}
}

func library(function, module, file string, line int) stacktrace.Frame {
	return stacktrace.Frame{Function: function, Module: module, File: file, Line: line}
}

var djangoChain = []stacktrace.Exception{
	{Type: "PaymentError", Message: "charge for order 48213 failed", Module: "billing.errors", Parent: -1, Frames: []stacktrace.Frame{
		own("charge", "billing.pay", "/srv/shop/billing/pay.py", 88),
		own("place_order", "checkout.views", "/srv/shop/checkout/views.py", 142),
		library("wrapper_view", "django.views.decorators.csrf", "/usr/lib/python3.12/site-packages/django/views/decorators/csrf.py", 65),
		library("_get_response", "django.core.handlers.base", "/usr/lib/python3.12/site-packages/django/core/handlers/base.py", 197),
		library("inner", "django.core.handlers.exception", "/usr/lib/python3.12/site-packages/django/core/handlers/exception.py", 55),
		library("__call__", "gunicorn.workers.sync", "/usr/lib/python3.12/site-packages/gunicorn/workers/sync.py", 134),
	}},
	{Type: "ValueError", Message: "invalid literal for int() with base 10: '12,50'", Relation: stacktrace.Cause, Parent: 0, Frames: []stacktrace.Frame{
		own("to_cents", "billing.money", "/srv/shop/billing/money.py", 31),
		own("charge", "billing.pay", "/srv/shop/billing/pay.py", 84),
	}},
}

var javaChain = []stacktrace.Exception{
	{Type: "org.springframework.web.util.NestedServletException", Message: "Request processing failed", Parent: -1, Frames: []stacktrace.Frame{
		library("processRequest", "org.springframework.web.servlet.FrameworkServlet", "FrameworkServlet.java", 1014),
		library("doPost", "org.springframework.web.servlet.FrameworkServlet", "FrameworkServlet.java", 909),
		library("service", "jakarta.servlet.http.HttpServlet", "HttpServlet.java", 590),
		own("doFilter", "com.shop.billing.web.TenantFilter", "TenantFilter.java", 47),
		library("invoke", "org.apache.catalina.core.StandardWrapperValve", "StandardWrapperValve.java", 168),
		library("run", "java.lang.Thread", "Thread.java", 1583),
	}},
	{Type: "java.lang.IllegalStateException", Message: "invoice 2024-118 is closed already", Relation: stacktrace.Cause, Parent: 0, Frames: []stacktrace.Frame{
		own("append", "com.shop.billing.Invoice", "Invoice.java", 203),
		own("book", "com.shop.billing.LedgerService", "LedgerService.java", 96),
		library("invoke", "org.springframework.aop.framework.CglibAopProxy", "CglibAopProxy.java", 713),
		library("proceed", "org.springframework.transaction.interceptor.TransactionInterceptor", "TransactionInterceptor.java", 119),
		own("post", "com.shop.billing.web.InvoiceController", "InvoiceController.java", 61),
	}},
	{Type: "org.postgresql.util.PSQLException", Message: "ERROR: duplicate key value violates unique constraint \"ledger_pkey\"\n  Detail: Key (id)=(2024-118-4) already exists.", Relation: stacktrace.Cause, Parent: 1, Frames: []stacktrace.Frame{
		library("receiveErrorResponse", "org.postgresql.core.v3.QueryExecutorImpl", "QueryExecutorImpl.java", 2725),
		library("processResults", "org.postgresql.core.v3.QueryExecutorImpl", "QueryExecutorImpl.java", 2412),
		library("executeUpdate", "com.zaxxer.hikari.pool.ProxyPreparedStatement", "ProxyPreparedStatement.java", 61),
		own("insert", "com.shop.billing.LedgerStore", "LedgerStore.java", 154),
	}},
}

var goChain = []stacktrace.Exception{{Type: "panic", Message: "runtime error: invalid memory address or nil pointer dereference", Parent: -1, Frames: []stacktrace.Frame{
	library("panicmem", "runtime", "/usr/local/go/src/runtime/panic.go", 262),
	library("sigpanic", "runtime", "/usr/local/go/src/runtime/signal_unix.go", 917),
	own("(*Warehouse).Reserve", "github.com/shop/inventory/stock", "/src/inventory/stock/warehouse.go", 118),
	own("(*Server).Reserve", "github.com/shop/inventory/rpc", "/src/inventory/rpc/server.go", 64),
	library("(*Server).processUnaryRPC", "google.golang.org/grpc", "/go/pkg/mod/google.golang.org/grpc@v1.67.0/server.go", 1394),
	library("(*Server).handleStream", "google.golang.org/grpc", "/go/pkg/mod/google.golang.org/grpc@v1.67.0/server.go", 1805),
}}}

var nodeChain = []stacktrace.Exception{{Type: "TypeError", Message: "Cannot read properties of undefined (reading 'price')", Parent: -1, Frames: []stacktrace.Frame{
	{Function: "CartSummary.total", File: "/app/src/cart/CartSummary.tsx", Line: 57, Column: 31, InApp: true},
	{Function: "Array.reduce", File: "<anonymous>"},
	{Function: "renderCart", File: "/app/src/cart/render.ts", Line: 22, Column: 14, InApp: true},
	{Function: "processTicksAndRejections", File: "node:internal/process/task_queues", Line: 95, Column: 5},
	{Function: "async handle", File: "/app/node_modules/next/dist/server/base-server.js", Line: 814, Column: 17},
}}}

var dotnetChain = []stacktrace.Exception{{Type: "System.NullReferenceException", Message: "Object reference not set to an instance of an object.", Parent: -1, Frames: []stacktrace.Frame{
	own("IssueAsync", "Shop.Auth.Tokens.TokenIssuer", "/src/Auth/Tokens/TokenIssuer.cs", 73),
	library("Invoke", "Microsoft.AspNetCore.Authentication.AuthenticationMiddleware", "", 0),
	library("Invoke", "Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", "", 0),
}}}

// Hostile is the title of an issue that tries to run a script in the page.
const Hostile = `XSS"><script>document.title='owned'</script>: <img src=x onerror=alert(1)> {{.}} javascript:alert(1)`

const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// Titles of issues that tests look for.
const (
	PaymentTitle = "PaymentError: charge for order <num> failed"
	CartTitle    = "TypeError: Cannot read properties of undefined (reading 'price')"
	PanicTitle   = "panic: runtime error: invalid memory address or nil pointer dereference"
	LedgerTitle  = "java.lang.IllegalStateException: invoice <num> is closed already"
)

var shop = []spec{
	{title: PaymentTitle, culprit: "charge in billing/pay.py", service: "checkout", owner: "team-pay", level: "error", state: issue.Escalating, count: 48213, users: 3120, age: 11 * day, last: 20 * time.Second, shape: "burst", language: "python", chain: djangoChain, crumbs: true, transaction: "/api/checkout/orders"},
	{title: CartTitle, culprit: "CartSummary.total in src/cart/CartSummary.tsx", service: "web-frontend", owner: "team-web", level: "error", state: issue.New, count: 37, users: 29, age: 3 * hour, last: 2 * minute, shape: "rising", language: "nodejs", chain: nodeChain, transaction: "/cart"},
	{title: PanicTitle, culprit: "(*Warehouse).Reserve in stock/warehouse.go", service: "inventory", owner: "team-stock", level: "fatal", state: issue.Regressed, count: 412, users: 0, age: 12 * day, last: 6 * minute, shape: "back", language: "go", chain: goChain, transaction: "/inventory.Stock/Reserve"},
	{title: LedgerTitle, culprit: "Invoice.append in Invoice.java", service: "billing", owner: "team-pay", level: "error", state: issue.Ongoing, count: 1893, users: 640, age: 13 * day, last: 11 * minute, shape: "steady", language: "java", chain: javaChain, transaction: "/api/invoices/{id}/entries"},
	{title: "System.NullReferenceException: Object reference not set to an instance of an object.", culprit: "TokenIssuer.IssueAsync in Tokens/TokenIssuer.cs", service: "auth", level: "error", state: issue.Ongoing, count: 7205, users: 1984, age: 9 * day, last: 14 * minute, shape: "steady", language: "dotnet", chain: dotnetChain, transaction: "/connect/token"},
	{title: "*net.OpError: dial tcp <ip>:<num>: connect: connection refused", culprit: "(*Client).Query in search/index.go", service: "search", level: "error", state: issue.Ongoing, count: 940, users: 212, age: 6 * day, last: 18 * minute, shape: "rare", language: "go"},
	{title: "redis.exceptions.TimeoutError: Timeout reading from <host>:<num>", culprit: "session in recommendations/cache.py", service: "recommendations", level: "warning", state: issue.Ongoing, count: 15320, users: 4410, age: 13 * day, last: 26 * minute, shape: "steady", language: "python"},
	{title: "ActiveRecord::RecordNotFound: Couldn't find Parcel with 'id'=<num>", culprit: "track in app/controllers/parcels_controller.rb", service: "shipping", owner: "team-logistics", level: "error", state: issue.New, count: 4, users: 4, age: 50 * minute, last: 31 * minute, shape: "steady", language: "ruby"},
	{title: "KeyError: 'shipping_address'", culprit: "serialize in checkout/serializers.py", service: "checkout", owner: "team-pay", level: "error", state: issue.Ongoing, count: 226, users: 198, age: 5 * day, last: 48 * minute, shape: "steady", language: "python"},
	{title: "could not send mail to <email>: <num> mailbox unavailable", culprit: "POST /v1/mail", service: "notifications", level: "error", state: issue.Ongoing, count: 3871, users: 3502, age: 13 * day, last: 55 * minute, shape: "steady", language: "nodejs"},
	{title: "thread 'tokio-runtime-worker' panicked: index out of bounds: the len is <num> but the index is <num>", culprit: "search::rank::score in src/rank.rs", service: "search", level: "fatal", state: issue.Ongoing, count: 61, users: 0, age: 4 * day, last: 2 * hour, shape: "rare", language: "rust"},
	{title: "upstream request timeout: GET /api/recommendations", culprit: "GET /api/recommendations", service: "api-gateway", level: "error", state: issue.Ongoing, count: 512, users: 377, age: 8 * day, last: 3 * hour, shape: "rare", language: "go"},
	{title: "com.fasterxml.jackson.databind.exc.MismatchedInputException: Cannot deserialize value of type `java.time.Instant`", culprit: "WebhookController.receive in WebhookController.java", service: "billing", owner: "team-pay", level: "error", state: issue.Ongoing, count: 88, users: 0, age: 2 * day, last: 4 * hour, shape: "steady", language: "java"},
	{title: "Error: ENOSPC: no space left on device, write", culprit: "Writer.flush in src/export/writer.js", service: "notifications", level: "fatal", state: issue.Muted, count: 1204, users: 0, age: 12 * day, last: 9 * hour, shape: "rare", language: "nodejs"},
	{title: "Doctrine\\DBAL\\Exception\\DeadlockException: Serialization failure: <num> Deadlock found", culprit: "OrderRepository::save in src/Repository/OrderRepository.php", service: "legacy-shop", level: "error", state: issue.Muted, count: 640, users: 220, age: 13 * day, last: 5 * hour, shape: "steady", language: "php"},
	{title: "UnicodeDecodeError: 'utf-8' codec can't decode byte <hex> in position <num>", culprit: "read_feed in recommendations/feeds.py", service: "recommendations", level: "error", state: issue.Resolved, count: 93, users: 0, age: 11 * day, last: 4 * day, shape: "steady", language: "python"},
	{title: "NoMethodError: undefined method `weight' for nil", culprit: "quote in app/services/rate_quote.rb", service: "shipping", owner: "team-logistics", level: "error", state: issue.Resolved, count: 310, users: 270, age: 12 * day, last: 3 * day, shape: "steady", language: "ruby"},
	{title: Hostile, culprit: `<b onmouseover="alert(1)">pay</b> in "><svg onload=alert(1)>`, service: `<i>evil</i>`, owner: `"><script>1</script>`, level: "error", state: issue.Ongoing, count: 3, users: 1, age: 2 * day, last: 7 * hour, shape: "rare"},
}

func checkoutCrumbs(at time.Time) []issue.Breadcrumb {
	c := func(ms int, service, category, level, message string, data map[string]string) issue.Breadcrumb {
		return issue.Breadcrumb{Time: at.Add(-time.Duration(ms) * time.Millisecond), Service: service, Category: category, Level: level, Message: message, Data: data}
	}
	return []issue.Breadcrumb{
		c(1840, "web-frontend", "ui.click", "info", "clicked “Place order”", map[string]string{"component": "CheckoutButton"}),
		c(1822, "web-frontend", "http.client", "info", "POST /api/checkout/orders", nil),
		c(1790, "api-gateway", "http.server", "info", "POST /api/checkout/orders", map[string]string{"http.route": "/api/checkout/*", "tenant": "eu-1"}),
		c(1788, "api-gateway", "auth", "debug", "token is valid for 14 min", nil),
		c(1702, "auth", "rpc", "info", "introspect session", nil),
		c(1655, "checkout", "http.server", "info", "POST /api/checkout/orders", nil),
		c(1504, "checkout", "db", "info", "SELECT … FROM carts WHERE id = ?", map[string]string{"db.system": "postgresql", "rows": "1"}),
		c(1210, "inventory", "rpc", "info", "/inventory.Stock/Reserve 3 items", nil),
		c(1198, "inventory", "stock", "warning", "stock of item 5521 is below 10", map[string]string{"item": "5521", "left": "7"}),
		c(640, "checkout", "pricing", "info", "total is 12,50 EUR after voucher SUMMER", nil),
		c(96, "billing", "http.server", "info", "POST /charges", nil),
		c(31, "billing", "money", "error", "amount “12,50” is not a number", nil),
		c(12, "checkout", "retry", "warning", "billing answered 422, not tried again", nil),
	}
}
