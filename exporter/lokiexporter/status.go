package lokiexporter

import (
	"go.opentelemetry.io/collector/component/componentstatus"
)

// report tells the collector when Loki begins not to take data, and when it does again; the extension
// health_check answers from it. Every failure is recoverable: a wrong credential can be set right on
// the other side, and the status "permanent error" would never end.
func (e *lokiExporter) report(err error) error {
	if failing := err != nil; e.failing.Swap(failing) != failing {
		event := componentstatus.NewEvent(componentstatus.StatusOK)
		if failing {
			event = componentstatus.NewRecoverableErrorEvent(err)
		}
		componentstatus.ReportStatus(e.host, event)
	}
	return err
}
