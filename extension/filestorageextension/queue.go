package filestorageextension

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"syscall"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// queueClient keeps what upstream's persistent queue would lose (exporterhelper/internal/queue/persistent_queue.go):
//
//   - A queue that opens removes the batches that were being sent, in one transaction, and puts each back in another. A kill
//     in between loses them. Here all of it is one transaction, after the last: killed, the file is as it was; see back.go. Where
//     the disk has no room to put them back, see held.
//   - A batch that can't be marked as being sent, because the disk is full, is thrown away. Here it is read all the same,
//     and the mark is written with the next change: killed before, it is sent twice.
//   - A batch that was sent and can't be removed, because the disk is full, stays for ever. Here it goes later.
//
// The queue makes four kinds of batches: removals alone (when it opens); sets alone (a new batch and the queue's state, or one
// that is put back); the state and a get (a batch goes to be sent); the state and a removal (it was sent).
type queueClient struct {
	storage.Client
	logger *zap.Logger

	mu      sync.Mutex // protects what follows, and the order of the batches
	found   [][]byte   // batches that will be put back
	waiting []string   // keys whose removal waits
	reading bool       // a batch was taken to be sent: the queue is open
	full    bool       // the last change found no room
	held    held
}

var _ storage.Client = (*queueClient)(nil)

// Batch implements [storage.Client].
func (c *queueClient) Batch(ctx context.Context, ops ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if only(ops, storage.Delete) {
		c.wait(ops)
		return nil
	}
	sets := only(ops, storage.Set)
	if c.back(ctx, ops, sets) {
		return nil
	}
	if !c.held.empty() {
		return c.batchHeld(ctx, ops, sets)
	}
	c.reading = c.reading || !sets && !only(ops, storage.Get)
	all := ops
	// While sets alone put batches back, the old ones stay: only when the first is read, all are there.
	if len(c.waiting) > 0 && (c.full && c.reading || !sets && c.reading || c.mentions(ops)) {
		all = append(c.removals(), ops...)
	}
	err := c.Client.Batch(ctx, all...)
	if err == nil {
		if len(all) > len(ops) {
			c.waiting = nil
		}
		c.find(ops)
		c.room()
		return nil
	}
	if !noSpace(err) {
		return err
	}
	c.noRoom(err)
	if sets {
		if c.reading || len(c.waiting) == 0 {
			return err // a new batch: whoever sends it is refused
		}
		c.held.put(ops)
		return nil
	}
	if err := c.read(ctx, ops); err != nil {
		return err
	}
	c.wait(ops)
	return nil
}

// read answers the gets among some operations.
func (c *queueClient) read(ctx context.Context, ops []*storage.Operation) (err error) {
	for _, op := range ops {
		if op.Type != storage.Get {
			continue
		}
		if value, ok := c.held.batches[op.Key]; ok {
			op.Value = slices.Clone(value)
		} else if op.Value, err = c.Client.Get(ctx, op.Key); err != nil {
			return err
		}
	}
	return nil
}

// wait puts off the removals among some operations.
func (c *queueClient) wait(ops []*storage.Operation) {
	for _, op := range ops {
		if op.Type == storage.Delete {
			c.waiting = append(c.waiting, op.Key)
		}
	}
}

func (c *queueClient) removals() []*storage.Operation {
	ops := make([]*storage.Operation, len(c.waiting))
	for i, key := range c.waiting {
		ops[i] = storage.DeleteOperation(key)
	}
	return ops
}

// mentions tells whether operations are about a key whose removal waits.
func (c *queueClient) mentions(ops []*storage.Operation) bool {
	return slices.ContainsFunc(ops, func(op *storage.Operation) bool { return slices.Contains(c.waiting, op.Key) })
}

// Get implements [storage.Client].
func (c *queueClient) Get(ctx context.Context, key string) ([]byte, error) {
	op := storage.GetOperation(key)
	err := c.Batch(ctx, op)
	return op.Value, err
}

// Set implements [storage.Client].
func (c *queueClient) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

// Delete implements [storage.Client].
func (c *queueClient) Delete(ctx context.Context, key string) error {
	return c.Batch(ctx, storage.DeleteOperation(key))
}

// Close writes what waits and closes the file.
func (c *queueClient) Close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if len(c.waiting) > 0 || !c.held.empty() {
		if err = c.Client.Batch(ctx, append(c.removals(), c.held.sets()...)...); err == nil {
			c.waiting, c.held = nil, held{}
		}
	}
	return errors.Join(err, c.Client.Close(ctx))
}

func (c *queueClient) noRoom(err error) {
	if !c.full {
		c.logger.Error("No room for the queue: new data is refused until there is, what waits is sent on", zap.Error(err))
	}
	c.full = true
}

func (c *queueClient) room() {
	if c.full {
		c.logger.Info("There is room for the queue again")
	}
	c.full = false
}

func only(ops []*storage.Operation, kind storage.OpType) bool {
	return !slices.ContainsFunc(ops, func(op *storage.Operation) bool { return op.Type != kind })
}

// noSpace tells errors of a full disk, a quota, a limit of file sizes or `max_size`. bbolt tells of a file that can't grow
// in words only.
func noSpace(err error) bool {
	for _, e := range []error{storage.ErrStorageFull, syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, e) {
			return true
		}
	}
	return strings.Contains(err.Error(), "file resize error")
}
