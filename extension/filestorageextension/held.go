package filestorageextension

import (
	"context"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// held are batches that an opening queue could not put back on a full disk. They are in memory under their new
// keys, and on disk under their old ones. Until the last of them is sent or written, the file stays as it was found: killed, the
// next process finds them there again.
type held struct {
	batches map[string][]byte
	state   map[string][]byte // the queue's own, which is set with every change
}

func (h *held) empty() bool { return len(h.batches) == 0 && len(h.state) == 0 }

// put takes sets.
func (h *held) put(ops []*storage.Operation) {
	if h.batches == nil {
		h.batches, h.state = map[string][]byte{}, map[string][]byte{}
	}
	for _, op := range ops {
		h.batches[op.Key] = op.Value
	}
}

func (h *held) sets() []*storage.Operation {
	var ops []*storage.Operation
	for _, m := range []map[string][]byte{h.batches, h.state} {
		for key, value := range m {
			ops = append(ops, storage.SetOperation(key, value))
		}
	}
	return ops
}

// batchHeld is Batch while batches are held.
func (c *queueClient) batchHeld(ctx context.Context, ops []*storage.Operation, sets bool) error {
	if sets && !c.reading { // another one is put back
		c.held.put(ops)
		return nil
	}
	if sets { // a new one: perhaps there is room now
		return c.release(ctx, ops)
	}
	if err := c.read(ctx, ops); err != nil {
		return err
	}
	for _, op := range ops {
		switch op.Type {
		case storage.Set: // beside a get or a removal: the state
			c.reading = true
			delete(c.held.batches, op.Key)
			c.held.state[op.Key] = op.Value
		case storage.Delete:
			if _, ok := c.held.batches[op.Key]; ok {
				delete(c.held.batches, op.Key)
			} else {
				c.waiting = append(c.waiting, op.Key)
			}
		}
	}
	if len(c.held.batches) == 0 {
		if err := c.release(ctx, nil); err != nil && !noSpace(err) {
			return err
		}
	}
	return nil
}

// release writes what is held, removes what waits, and does more.
func (c *queueClient) release(ctx context.Context, more []*storage.Operation) error {
	if err := c.Client.Batch(ctx, append(append(c.removals(), c.held.sets()...), more...)...); err != nil {
		return err
	}
	c.waiting, c.held = nil, held{}
	c.room()
	return nil
}
