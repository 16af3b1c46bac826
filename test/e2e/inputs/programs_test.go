package inputs

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A program of testdata/programs logs a failure under the trace ID that it is given, goes on, and ends with another failure
// that nobody catches.
type program struct {
	service string
	command []string // without the trace ID
	logged  []string // parts of the titles of what it logs; the first with the trace ID
	crash   string   // part of the title of what ends it
}

var programs = []program{
	{"ledger", []string{"python3", "ledger.py"}, []string{"OutOfFunds: no account"}, "IndexError: pop from empty list"},
	{"orders", []string{"java", "Orders.java"}, []string{"RuntimeException: order was not placed"}, "ArrayIndexOutOfBoundsException"},
	{"catalog", []string{"node", "catalog.js"}, []string{"TypeError: Cannot read properties of undefined", "RangeError: too many at once"}, "SyntaxError"},
	{"payments", []string{"go", "run", "payments/main.go"}, []string{"card was declined"}, "index out of range"},
	{"shipping", []string{"ruby", "shipping.rb"}, []string{"parcel was not weighed", "parcel is empty (ArgumentError)"}, "KeyError"},
	{"invoices", []string{"php", "invoices.php"}, []string{"DomainException: invoice has no rows"}, "Error: Call to a member function draw() on null"},
}

// dotnet is what the runtime and the console logger of .NET print (no .NET is installed for the tests).
const dotnet = `info: Acme.Stock.Worker[0]
      stock is up
fail: Acme.Stock.Worker[0]
      TraceId: TRACE, count failed
      System.InvalidOperationException: shelf is empty
       ---> System.ArgumentOutOfRangeException: Index was out of range. (Parameter 'index')
         at System.Collections.Generic.List` + "`1" + `.get_Item(Int32 index)
         at Acme.Stock.Shelf.First() in /src/Shelf.cs:line 12
         --- End of inner exception stack trace ---
         at Acme.Stock.Shelf.First() in /src/Shelf.cs:line 16
         at Acme.Stock.Worker.Count() in /src/Worker.cs:line 31
info: Acme.Stock.Worker[0]
      next shelf
Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.
   at Acme.Stock.Worker.Restock(Shelf shelf) in /src/Worker.cs:line 44
   at Acme.Stock.Program.Main(String[] args) in /src/Program.cs:line 9
`

// output is what a program of a service prints, and the program; services whose runtime is missing are left out loudly.
func outputs(t *testing.T, trace func() string) map[string]string {
	t.Helper()
	out := map[string]string{"stock": strings.Replace(dotnet, "TRACE", trace(), 1)}
	for _, p := range programs {
		if _, err := exec.LookPath(p.command[0]); err != nil {
			t.Logf("NOT TESTED: %s is missing", p.command[0])
			continue
		}
		cmd := exec.Command(p.command[0], append(p.command[1:len(p.command):len(p.command)], trace())...)
		cmd.Dir = filepath.Join("testdata", "programs")
		text, err := cmd.CombinedOutput()
		require.Error(t, err, "%s ends with a failure", p.service)
		require.Contains(t, string(text), "next ", "%s: %s", p.service, text)
		out[p.service] = string(text)
	}
	return out
}

// wants are the issues of these services, each so many times.
func wants(services map[string]string, count uint64) []want {
	out := []want{
		{service: "stock", title: "shelf is empty", count: count, texts: []string{"Acme.Stock.Shelf", "/src/Shelf.cs"}},
		{service: "stock", title: "NullReferenceException", count: count, texts: []string{"Acme.Stock.Worker"}},
	}
	for _, p := range programs {
		if services[p.service] == "" {
			continue
		}
		for _, title := range append(p.logged[:len(p.logged):len(p.logged)], p.crash) {
			out = append(out, want{service: p.service, title: title, count: count})
		}
	}
	return out
}

// failing is the end of a Python program: a KeyError, which is logged with a message.
func failing(message string) string {
	return `
def limit(user):
    return {"ana": 1}[user]

try:
    limit("bob")
except KeyError:
    logging.exception("` + message + `")
`
}
