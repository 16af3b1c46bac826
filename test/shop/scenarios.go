package main

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
)

// scenario is one way to use the shop. Bug says what is wrong; empty = nothing.
type scenario struct {
	Name    string `json:"name"`
	Bug     string `json:"bug,omitempty"`
	Service string `json:"service,omitempty"` // where the bug is
	Needs   string `json:"-"`                 // the service that must run: accounts (Python), catalog (Node), or none
	method  string
	path    func(v *values) string
}

// values are made up for one request; the personal ones are remembered, to be searched for.
type values struct {
	number int
	email  string
	card   string
}

// The well-known test numbers of the card brands.
var cards = []string{"4111111111111111", "5500005555555559", "378282246310005", "6011000990139424"}

func newValues(i int) *values {
	n := 1000 + mathrand.IntN(9000)
	return &values{number: n, email: fmt.Sprintf("customer.%d@mail.example.net", n), card: cards[i%len(cards)]}
}

// scenarios has nothing wrong first, then ten bugs.
var scenarios = []scenario{
	{Name: "a price", Needs: "catalog", method: "GET", path: func(*values) string { return "/price/lamp" }},
	{Name: "an account", Needs: "accounts", method: "GET", path: func(v *values) string { return fmt.Sprintf("/account/%d", v.number) }},
	{Name: "a charge", method: "POST", path: func(v *values) string { return "/charge?card=" + v.card }},

	{Name: "account number with letters", Bug: "unhandled exception, other values each time", Service: "accounts", Needs: "accounts",
		method: "GET", path: func(v *values) string { return fmt.Sprintf("/account/K-%d", v.number) }},
	{Name: "profile of a gold customer", Bug: "exception with a cause", Service: "accounts", Needs: "accounts",
		method: "GET", path: func(v *values) string { return fmt.Sprintf("/profile/%d", v.number) }},
	{Name: "price of an unknown item", Bug: "TypeError in Node", Service: "catalog", Needs: "catalog",
		method: "GET", path: func(v *values) string { return fmt.Sprintf("/price/item-%d", v.number) }},
	{Name: "reminder", Bug: "error in a log only, with an e-mail address", Service: "catalog", Needs: "catalog",
		method: "POST", path: func(v *values) string { return "/reminder?to=" + v.email }},
	{Name: "declined charge", Bug: "wrapped Go error, with a card number", Service: "payments",
		method: "POST", path: func(v *values) string { return "/charge?fail=1&card=" + v.card }},
	{Name: "refund", Bug: "Go panic", Service: "payments",
		method: "POST", path: func(v *values) string { return fmt.Sprintf("/refund/%d", v.number) }},
	{Name: "stock of a slow item", Bug: "timeout of a call", Service: "storefront", Needs: "catalog",
		method: "GET", path: func(*values) string { return "/stock/slow" }},
	{Name: "cart", Bug: "HTTP 500 without an exception", Service: "storefront",
		method: "GET", path: func(v *values) string { return fmt.Sprintf("/cart/%d", v.number) }},
	{Name: "statement", Bug: "error in a log with X-Trace-ID only, with an e-mail address", Service: "accounts", Needs: "accounts",
		method: "GET", path: func(v *values) string { return fmt.Sprintf("/statement/%d", v.number) }},
	{Name: "audit", Bug: "error in a log with a request ID only", Service: "payments",
		method: "POST", path: func(*values) string { return "/audit" }},
}

// newUUID returns a random UUID (RFC 9562, version 4).
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
