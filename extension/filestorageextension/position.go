package filestorageextension

import (
	"context"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

const (
	// positionDelay is longer than file_log's operators hold a line back, in configs/agent.yaml three times up to 3 s.
	positionDelay = 10 * time.Second
	positionEvery = time.Second
)

// positionClient writes how far files were read with a delay. File_log notes it as soon as it has read, while the lines may
// still be on their way: joined with others by `recombine`, or collected for a batch. A kill would lose those; now they are read
// again. An orderly end writes the last note.
type positionClient struct {
	storage.Client
	now func() time.Time

	mu    sync.Mutex // protects what follows
	key   string
	last  []byte // the newest note; nil = it is written
	begun bool   // there is one on disk
	notes []position
}

type position struct {
	at    time.Time
	value []byte
}

var _ storage.Client = (*positionClient)(nil)

// isPosition tells file_log's note from others (pkg/stanza/fileconsumer/internal/checkpoint).
func isPosition(key string) bool { return strings.HasSuffix(key, "knownFiles") }

// Set implements [storage.Client].
func (c *positionClient) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

// Batch implements [storage.Client].
func (c *positionClient) Batch(ctx context.Context, ops ...*storage.Operation) error {
	if len(ops) != 1 || ops[0].Type != storage.Set || !isPosition(ops[0].Key) {
		return c.Client.Batch(ctx, ops...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now, value := c.now(), ops[0].Value
	if !c.begun {
		// Where reading begins (`start_at: end`) is known only now.
		found, err := c.Client.Get(ctx, ops[0].Key)
		if err != nil {
			return err
		}
		if found == nil {
			if err := c.Client.Batch(ctx, ops...); err != nil {
				return err
			}
		}
		c.begun = true
	}
	c.key, c.last = ops[0].Key, value
	if n := len(c.notes); n == 0 || now.Sub(c.notes[n-1].at) >= positionEvery {
		c.notes = append(c.notes, position{now, value})
	}
	old := 0
	for old < len(c.notes) && now.Sub(c.notes[old].at) >= positionDelay {
		old++
	}
	if old == 0 {
		return nil
	}
	if err := c.Client.Set(ctx, c.key, c.notes[old-1].value); err != nil {
		return err
	}
	c.notes = append(c.notes[:0:0], c.notes[old:]...)
	return nil
}

// Get implements [storage.Client].
func (c *positionClient) Get(ctx context.Context, key string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil && key == c.key {
		return c.last, nil
	}
	return c.Client.Get(ctx, key)
}

// Close implements [storage.Client].
func (c *positionClient) Close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if c.last != nil {
		err = c.Client.Set(ctx, c.key, c.last)
		c.last = nil
	}
	if closed := c.Client.Close(ctx); err == nil {
		err = closed
	}
	return err
}
