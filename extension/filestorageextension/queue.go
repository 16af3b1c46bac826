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
//     in between loses them. Here the removal waits until they are back: killed, they are sent twice.
//   - A batch that can't be marked as being sent, because the disk is full, is thrown away. Here it is read all the same,
//     and the mark is written with the next change: killed before, it is sent twice.
//   - A batch that was sent and can't be removed, because the disk is full, stays for ever. Here it goes later.
type queueClient struct {
	storage.Client
	logger *zap.Logger

	mu      sync.Mutex // protects what follows, and the order of the batches
	waiting []string   // keys whose removal waits
	full    bool       // the last change found no room
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
	all := ops
	// Sets alone are how batches are put back: only when the first is read, all are there.
	if len(c.waiting) > 0 && (c.full || !only(ops, storage.Set) && !only(ops, storage.Get) || c.mentions(ops)) {
		all = make([]*storage.Operation, 0, len(c.waiting)+len(ops))
		for _, key := range c.waiting {
			all = append(all, storage.DeleteOperation(key))
		}
		all = append(all, ops...)
	}
	err := c.Client.Batch(ctx, all...)
	if err == nil {
		if len(all) > len(ops) {
			c.waiting = nil
		}
		c.room()
		return nil
	}
	if !noSpace(err) {
		return err
	}
	c.noRoom(err)
	if only(ops, storage.Set) {
		return err // a new batch: whoever sends it is refused
	}
	for _, op := range ops {
		if op.Type != storage.Get {
			continue
		}
		if op.Value, err = c.Client.Get(ctx, op.Key); err != nil {
			return err
		}
	}
	c.wait(ops)
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

// Close removes what still waits and closes the file.
func (c *queueClient) Close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if len(c.waiting) > 0 {
		ops := make([]*storage.Operation, len(c.waiting))
		for i, key := range c.waiting {
			ops[i] = storage.DeleteOperation(key)
		}
		c.waiting = nil
		err = c.Client.Batch(ctx, ops...)
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
