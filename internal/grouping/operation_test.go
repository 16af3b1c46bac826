package grouping

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOperation(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		assert.Equal(t, want, Operation(name))
	}
	f("GET /orders/12", "GET /orders/<*>")
	f("GET /orders/{id}/items", "GET /orders/{id}/items")
	f("GET /api/v1/users/2ed1076d-f512-4316-be8f-e6d1a3a6ae52?full=1", "GET /api/v1/users/<*>")
	f("GET /users/ana@example.com", "GET /users/<*>")
	f("GET /users/[EMAIL]", "GET /users/<*>")
	f("GET /users/[EMAIL:k1:9f2c41d0]/x", "GET /users/<*>/x")
	f("GET /users/****", "GET /users/<*>")
	f("acme.Orders/Place", "acme.Orders/Place")
	f("s3.PutObject", "s3.PutObject")
	f("HTTP GET", "HTTP GET")
	f("process order12", "process <*>")
	f("SELECT shop.orders", "SELECT shop.orders")
	f("", "")
}

func TestStatus(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		assert.Equal(t, want, Status(s))
	}
	f("500", "500")
	f("HTTP 503", "HTTP 503")
	f("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")
	f("no answer from 10.0.0.1 in 30 s", "no answer from <*> in <*>")
	f("order 123456 is late", "order <*> is late")
}
