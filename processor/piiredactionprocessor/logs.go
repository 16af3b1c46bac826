package piiredactionprocessor

import (
	"context"

	"go.opentelemetry.io/collector/pdata/plog"
)

func (c *core) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	r := c.begin("logs")
	resources := ld.ResourceLogs()
	r.each(resources.Len(), func(i int) {
		rl := resources.At(i)
		r.resource(rl.Resource())
		if out, changed := r.text(rl.SchemaUrl(), nil); changed {
			rl.SetSchemaUrl(out)
		}
		scopes := rl.ScopeLogs()
		for j := range scopes.Len() {
			sl := scopes.At(j)
			r.scope(sl.Scope())
			if out, changed := r.text(sl.SchemaUrl(), nil); changed {
				sl.SetSchemaUrl(out)
			}
			records := sl.LogRecords()
			for k := range records.Len() {
				r.log(records.At(k))
			}
		}
	})
	r.end(ctx)
	return ld, nil
}

func (r *redactor) log(lr plog.LogRecord) {
	r.record()
	r.where = inAttributes
	r.user(lr.Attributes())
	r.attributes(lr.Attributes(), 0)
	r.where = inBody
	r.value(lr.Body(), nil, 0)
	if name := lr.EventName(); name != "" {
		r.where = inName
		if out, changed := r.name(name); changed {
			lr.SetEventName(out)
		}
	}
	r.where = inSeverityText
	if out, changed := r.name(lr.SeverityText()); changed {
		lr.SetSeverityText(out)
	}
	r.audit(lr.Attributes())
}
