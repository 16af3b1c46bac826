package grouping

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func TestTypeName(t *testing.T) {
	for in, want := range map[string]string{
		"com.acme.App$1":              "com.acme.App",
		"com.acme.App$Gone":           "com.acme.App.Gone",
		"com.acme.App.Gone":           "com.acme.App.Gone",
		"com.acme.App$Inner$2":        "com.acme.App.Inner",
		"scala.App$":                  "scala.App$",
		"$Failure":                    "$Failure",
		"#<Class:0x00007f3e>::Gone":   "#<Class>::Gone",
		"System.InvalidOperation`1":   "System.InvalidOperation`1",
		"com.acme.Proxy$Handler@4f2a": "com.acme.Proxy.Handler",
	} {
		assert.Equal(t, want, typeName(stacktrace.Java, in), in)
	}
}
