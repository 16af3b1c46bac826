// Package redis keeps issues in Redis, for any number of collectors.
//
// A record is one value with its version; every change is compared and set by a script, in one round trip for
// a whole group of changes, and a change that lost against another process is made again over the fresh record. An
// increment carries the process's sequence number inside the record, so that one whose answer was lost is not counted
// twice.
package redis

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Options of a [Store].
type Options struct {
	Address  string
	Username string
	Password string
	DB       int
	TLS      *tls.Config   // nil = no TLS
	Timeout  time.Duration // of a round trip that records wait for; default 250ms
	Prefix   string        // of all keys; default "culprit"
	Logger   *zap.Logger
}

// Store is an [issue.Shared] store in Redis 6 or later, or what speaks its protocol.
//
// Keys, below the prefix, which is a hash tag so that a cluster keeps them in one slot:
//
//	i:<id>        version (8 bytes) and record
//	e:<id>        hash: slot -> event
//	b:<id>        a process has claimed the ID
//	index         sorted set: ID -> position of its last change
//	position      counter of changes
//	c:<cell>      a cell of [Store.Swap]
//	consumers     hash: consumer -> unix milliseconds of the last claim
//	oq:<consumer> sorted set of sequence numbers; on:, ol: hashes with notices and leases
//	seq           counter of notices
//	l:<name>      a lease
//	ledgers       hash: ledger -> 1 while it is open, 0 when it is closed
//	w:<ledger>    hash: ID -> line
//	h:<ledger>    the ledger's process lives
//	x:<ledger>    it was adopted
//	blob:<key>    a blob, in the set blobs
type Store struct {
	client  *redis.Client
	prefix  string
	timeout time.Duration
	logger  *zap.Logger
}

var _ issue.Shared = (*Store)(nil)

// background is the timeout of what no record waits for, as a multiple of the timeout.
const background = 20

// quiet keeps the client from writing to standard error; what matters is returned as an error.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

var silence = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

// New returns a store; nothing is connected until it is used.
func New(opt Options) *Store {
	silence()
	timeout := cmp.Or(opt.Timeout, 250*time.Millisecond)
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	client := redis.NewClient(&redis.Options{
		Addr: opt.Address, Username: opt.Username, Password: opt.Password, DB: opt.DB, TLSConfig: opt.TLS, ClientName: "otelcol-culprit",
		DialTimeout: max(timeout, 100*time.Millisecond), ReadTimeout: background * timeout, WriteTimeout: background * timeout,
		ContextTimeoutEnabled: true, MaxRetries: -1, PoolTimeout: timeout, DisableIdentity: true, DialerRetries: 1,
		MaintNotificationsConfig: noMaintenance(),
	})
	return &Store{
		client: client, prefix: "{" + cmp.Or(opt.Prefix, "culprit") + "}:", timeout: timeout, logger: opt.Logger,
	}
}

func (s *Store) key(kind, name string) string { return s.prefix + kind + name }

// wait bounds a round trip that records wait for.
func (s *Store) wait(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.timeout)
}

func (s *Store) slow(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, background*s.timeout)
}

// failed makes [issue.ErrUnavailable] of everything that says that Redis is not there.
func failed(err error) error {
	if err == nil || errors.Is(err, redis.Nil) {
		return nil
	}
	if errors.Is(err, redis.ErrClosed) {
		return issue.ErrClosed
	}
	var netError net.Error
	if errors.As(err, &netError) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, redis.ErrPoolTimeout) ||
		redis.IsLoadingError(err) || redis.IsReadOnlyError(err) || redis.IsClusterDownError(err) || redis.IsTryAgainError(err) {
		return fmt.Errorf("%w: %w", issue.ErrUnavailable, err)
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", issue.ErrUnavailable, err)
}

// claimTTL is how long a claim without a record lasts: a process that died before it wrote the issue.
const claimTTL = time.Minute

// Open implements [issue.Store] with one round trip.
func (s *Store) Open(ctx context.Context, ids []string, claim bool) ([]issue.Opened, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ctx, cancel := s.wait(ctx)
	defer cancel()
	gets := make([]*redis.StringCmd, len(ids))
	claims := make([]*redis.BoolCmd, len(ids))
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			// The claim first: a record that is written in between is seen by the read.
			if claim {
				claims[i] = p.SetNX(ctx, s.key("b:", id), 1, claimTTL)
			}
			gets[i] = p.Get(ctx, s.key("i:", id))
		}
		return nil
	})
	if err := failed(err); err != nil {
		return nil, err
	}
	out := make([]issue.Opened, len(ids))
	for i := range ids {
		v, err := gets[i].Bytes()
		if errors.Is(err, redis.Nil) {
			out[i].Born = claim && claims[i].Val()
			continue
		}
		if err != nil {
			return nil, failed(err)
		}
		if out[i].Record, err = decode(v); err != nil {
			return nil, fmt.Errorf("issue %s: %w", ids[i], err)
		}
	}
	return out, nil
}

func decode(v []byte) (*issue.Record, error) {
	if len(v) < 8 {
		return nil, errors.New("too short")
	}
	r, err := issue.DecodeRecord(v[8:])
	if err != nil {
		return nil, err
	}
	r.Version = binary.BigEndian.Uint64(v)
	return r, nil
}

func encode(r *issue.Record) ([]byte, error) {
	return issue.AppendRecord(binary.BigEndian.AppendUint64(make([]byte, 0, 1024), r.Version), r)
}

// Delete implements [issue.Store]. Other processes learn of it by the position of its change.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	calls := make([]call, len(ids))
	for i, id := range ids {
		calls[i] = call{
			keys: []string{s.key("i:", id), s.key("e:", id), s.key("b:", id), s.key("index", ""), s.key("position", "")}, args: []any{id},
		}
	}
	return s.run(ctx, deleteScript, calls)
}

// Scan implements [issue.Store].
func (s *Store) Scan(ctx context.Context, f func(*issue.Record) bool) error {
	const page = 500
	for from := int64(0); ; from += page {
		ids, err := s.ids(ctx, from, from+page-1)
		if err != nil || len(ids) == 0 {
			return err
		}
		values, err := s.values(ctx, ids)
		if err != nil {
			return err
		}
		for i, v := range values {
			text, ok := v.(string)
			if !ok {
				continue // deleted
			}
			r, err := decode([]byte(text))
			if err != nil {
				s.logger.Warn("An issue can't be read and is left out.", zap.String("id", ids[i]), zap.Error(err))
				continue
			}
			if !f(r) {
				return nil
			}
		}
	}
}

func (s *Store) ids(ctx context.Context, from, to int64) ([]string, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	ids, err := s.client.ZRange(ctx, s.key("index", ""), from, to).Result()
	return ids, failed(err)
}

func (s *Store) values(ctx context.Context, ids []string) ([]any, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = s.key("i:", id)
	}
	values, err := s.client.MGet(ctx, keys...).Result()
	return values, failed(err)
}

// Events implements [issue.Store].
func (s *Store) Events(ctx context.Context, id string) (map[uint8]*issue.Event, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	all, err := s.client.HGetAll(ctx, s.key("e:", id)).Result()
	if err := failed(err); err != nil {
		return nil, err
	}
	out := make(map[uint8]*issue.Event, len(all))
	for slot, v := range all {
		n, err := strconv.ParseUint(slot, 10, 8)
		if err != nil {
			continue
		}
		e, err := issue.DecodeEvent([]byte(v))
		if err != nil {
			return nil, fmt.Errorf("event of issue %s: %w", id, err)
		}
		out[uint8(n)] = e
	}
	return out, nil
}

// Changed implements [issue.Shared].
func (s *Store) Changed(ctx context.Context, since uint64) ([]string, uint64, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	now, err := s.client.Get(ctx, s.key("position", "")).Uint64()
	if err := failed(err); err != nil {
		return nil, since, err
	}
	if since >= now {
		return nil, now, nil // also after Redis lost its data
	}
	ids, err := s.client.ZRangeArgs(ctx, redis.ZRangeArgs{
		Key: s.key("index", ""), ByScore: true, Start: "(" + strconv.FormatUint(since, 10), Stop: strconv.FormatUint(now, 10),
	}).Result()
	if err := failed(err); err != nil {
		return nil, since, err
	}
	return ids, now, nil
}

// Size implements [issue.Store]; Redis has bounds of its own.
func (s *Store) Size(context.Context) (int64, error) { return 0, nil }

// Compact implements [issue.Store] by forgetting deleted issues whose deletion everybody has seen.
func (s *Store) Compact(ctx context.Context) error {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	return failed(pruneScript.Run(ctx, s.client, []string{s.key("index", ""), s.key("position", "")}, s.key("i:", ""), pruneKeep).Err())
}

// pruneKeep is how many changes a collector may be behind.
const pruneKeep = 100000

// Close implements [issue.Store].
func (s *Store) Close() error {
	if err := s.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("close the connections to Redis: %w", err)
	}
	return nil
}
