package pii

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLone: a text that is nothing but a value needs no words, unless it is all digits or the detector is
// one of the default ones.
func TestLone(t *testing.T) {
	all, standard := nationalScanner(t, "all"), nationalScanner(t, "default")
	for _, v := range []string{"l01x00t44", "CR2 6XH", "ABCND1234Z", "0917 123 4567", "05321234567"} {
		assert.NotEmpty(t, all.Find(v, ""), v)
		assert.Empty(t, standard.Find(v, ""), v)
		assert.Empty(t, all.Find("x "+v+" y", ""), v)
		assert.Empty(t, all.Find(v, "order.id"), v)
	}
	for _, v := range []string{"123456782", "536-22-1", "1763800000", "l01x00t45"} {
		assert.Empty(t, all.Find(v, ""), v)
	}
}
