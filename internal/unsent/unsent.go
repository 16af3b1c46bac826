// Package unsent gathers the records of a batch that an exporter has to try again, for a partial error.
package unsent

import "go.opentelemetry.io/collector/pdata/plog"

// Logs are copies of records with their resources and scopes, in the order of the batch. The zero value is empty.
type Logs struct {
	logs     plog.Logs
	count    int
	resource plog.ResourceLogs // of the last record
	scope    plog.ScopeLogs
	// Where the last record came from.
	inResource plog.ResourceLogs
	inScope    plog.ScopeLogs
}

// Add copies a record. Records of one scope come one after another, or the scope is written again.
func (l *Logs) Add(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) {
	if l.count == 0 {
		l.logs = plog.NewLogs()
	}
	if l.count == 0 || l.inResource != rl {
		l.resource = l.logs.ResourceLogs().AppendEmpty()
		rl.Resource().CopyTo(l.resource.Resource())
		l.resource.SetSchemaUrl(rl.SchemaUrl())
		l.inResource, l.inScope = rl, plog.ScopeLogs{}
	}
	if l.inScope != sl {
		l.scope = l.resource.ScopeLogs().AppendEmpty()
		sl.Scope().CopyTo(l.scope.Scope())
		l.scope.SetSchemaUrl(sl.SchemaUrl())
		l.inScope = sl
	}
	lr.CopyTo(l.scope.LogRecords().AppendEmpty())
	l.count++
}

// Len is the number of records.
func (l *Logs) Len() int { return l.count }

// Logs returns the records; only after an Add.
func (l *Logs) Logs() plog.Logs { return l.logs }
