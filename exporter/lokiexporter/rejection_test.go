package lokiexporter

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRejections(t *testing.T) {
	f := func(body string, entries int, want ...rejection) {
		t.Helper()
		assert.Equal(t, want, rejections(body, entries), body)
	}
	f("", 5, rejection{"other", 1})
	f("entry for stream '{a=\"b\"}' has timestamp too old", 5, rejection{"too_old", 1})
	f("2 errors like: entry for stream '{a=\"b\"}' has timestamp too old: 2020-01-01T00:00:00Z; 1 errors like: stream '{a=\"b\"}' has too many structured metadata labels: '82', limit: '40'; "+
		"3 errors like: entry for stream '{a=\"c\"}' has timestamp too old: 2020-01-02T00:00:00Z", 9, rejection{"too_old", 5}, rejection{"structured_metadata", 1})
	f("3 errors like: timestamp too old; 12 errors like: timestamp too new", 10, rejection{"too_old", 3}, rejection{"too_new", 7})
	f("entry with timestamp 2026 ignored, reason: 'entry too far behind',\nuser 'fake', total ignored: 4 out of 9 for stream: {a=\"b\"}", 9, rejection{"out_of_order", 4})
	f("entry too far behind, total ignored: 4 out of 9 for stream: {a=\"b\"}\nentry too far behind, total ignored: 2 out of 3 for stream: {a=\"c\"}", 12, rejection{"out_of_order", 6})
}
