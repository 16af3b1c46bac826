package filestorageextension

import (
	"bytes"
	"context"
	"slices"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// A queue that opens gets the batches that were being sent, removes them all, and puts back one after the other. Written like
// that, each kill in between would leave those that are back already a second time: a collector that is killed again and again
// while it starts would send more and more copies. So they wait in memory, and are written together with the removal.

// find notes the batches that a queue gets before it is open.
func (c *queueClient) find(ops []*storage.Operation) {
	c.found = nil
	if c.reading || !only(ops, storage.Get) {
		return
	}
	for _, op := range ops {
		if op.Value != nil {
			c.found = append(c.found, op.Value)
		}
	}
}

// back takes sets that put a batch back, and writes all when it was the last. When anything else comes, they are written
// first: a new batch never waits here. It tells whether that was all there was to do.
func (c *queueClient) back(ctx context.Context, ops []*storage.Operation, sets bool) bool {
	if len(c.found) == 0 || len(c.waiting) == 0 {
		return false
	}
	at := -1
	if sets {
		// In the order in which they were got; one that the queue could not read is left out.
		at = slices.IndexFunc(c.found, func(batch []byte) bool {
			return slices.ContainsFunc(ops, func(op *storage.Operation) bool { return bytes.Equal(op.Value, batch) })
		})
	}
	if at < 0 {
		c.found = nil
		if !c.held.empty() { // the removals wait on: others may still be put back
			if err := c.Client.Batch(ctx, c.held.sets()...); err != nil {
				c.notBack(err)
			} else {
				c.held = held{}
			}
		}
		return false
	}
	c.held.put(ops)
	if c.found = c.found[at+1:]; len(c.found) == 0 {
		if err := c.release(ctx, nil); err != nil {
			c.notBack(err)
		}
	}
	return true
}

func (c *queueClient) notBack(err error) {
	if noSpace(err) {
		c.noRoom(err)
		return
	}
	c.logger.Error("What was being sent could not be put back into its file: it stays in memory, and in the file as it was", zap.Error(err))
}
