package redis

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/otel-culprit/culprit/internal/issue"
)

// swapScript replaces the values of cells that are still the expected ones, and puts lines into a ledger.
//
// KEYS: ledgers, w:, the cells. ARGV: ledger ("" = none), milliseconds, then for each cell: old, new, number of lines, ID and
// data of each. Returns for each cell 1 if it was replaced, 2 if the ledger is not open, or the value that it has.
var swapScript = redis.NewScript(`
local out, a = {}, 3
local closed = ARGV[1] ~= '' and redis.call('HGET', KEYS[1], ARGV[1]) ~= '1'
for i = 3, #KEYS do
  local lines = tonumber(ARGV[a+2])
  if closed then out[i-2] = 2
  else
    local v = redis.call('GET', KEYS[i]) or ''
    if v ~= ARGV[a] then out[i-2] = v
    else
      redis.call('SET', KEYS[i], ARGV[a+1], 'PX', ARGV[2])
      for l = a + 3, a + 2 + 2*lines, 1000 do redis.call('HSET', KEYS[2], unpack(ARGV, l, math.min(l + 999, a + 2 + 2*lines))) end
      out[i-2] = 1
    end
  end
  a = a + 3 + 2*lines
end
return out
`)

// swapChunk is how many cells one run of the script looks at.
const swapChunk = 100

// Swap implements [issue.Shared] with one round trip.
func (s *Store) Swap(ctx context.Context, ledger string, swaps []issue.Swap, ttl time.Duration) ([]issue.Swapped, error) {
	if len(swaps) == 0 {
		return nil, nil
	}
	ctx, cancel := s.wait(ctx)
	defer cancel()
	calls := make([]call, 0, 1+len(swaps)/swapChunk)
	for chunk := range slices.Chunk(swaps, swapChunk) {
		c := call{keys: make([]string, 0, 2+len(chunk)), args: make([]any, 0, 2+5*len(chunk))}
		c.keys, c.args = append(c.keys, s.key("ledgers", ""), s.key("w:", ledger)), append(c.args, ledger, ttl.Milliseconds())
		for _, w := range chunk {
			old := w.Old
			if old == nil {
				old = []byte{}
			}
			c.keys, c.args = append(c.keys, s.key("c:", w.Cell)), append(c.args, old, w.New, len(w.Lines))
			for _, l := range w.Lines {
				c.args = append(c.args, lineID(l.ID), l.Data)
			}
		}
		calls = append(calls, c)
	}
	if err := s.run(ctx, swapScript, calls); err != nil {
		return nil, err
	}
	out := make([]issue.Swapped, 0, len(swaps))
	for i := range calls {
		values, _ := calls[i].cmd.Val().([]any)
		for _, v := range values {
			w := issue.Swapped{OK: v == int64(1), Closed: v == int64(2)}
			if text, _ := v.(string); text != "" {
				w.Now = []byte(text)
			}
			out = append(out, w)
		}
	}
	if len(out) != len(swaps) {
		return nil, failed(errors.New("an answer of another shape"))
	}
	return out, nil
}

// claimScript returns the oldest notices that nobody holds, and holds them.
//
// KEYS: oq, on, ol, consumers. ARGV: limit, now, until, consumer.
var claimScript = redis.NewScript(`
if redis.call('HEXISTS', KEYS[4], ARGV[4]) == 0 then return {} end
redis.call('HSET', KEYS[4], ARGV[4], ARGV[2])
local out, limit, from = {}, tonumber(ARGV[1]), 0
while #out < 2*limit do
  local seqs = redis.call('ZRANGE', KEYS[1], from, from + 199)
  if #seqs == 0 then break end
  for _, seq in ipairs(seqs) do
    if #out >= 2*limit then break end
    local held = redis.call('HGET', KEYS[3], seq)
    if not held or tonumber(held) <= tonumber(ARGV[2]) then
      redis.call('HSET', KEYS[3], seq, ARGV[3])
      out[#out+1] = seq
      out[#out+1] = redis.call('HGET', KEYS[2], seq)
    end
  end
  from = from + 200
end
return out
`)

// Subscribe implements [issue.Store].
func (s *Store) Subscribe(ctx context.Context, consumer string, now time.Time) error {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	return failed(s.client.HSet(ctx, s.key("consumers", ""), consumer, now.UnixMilli()).Err())
}

// Unsubscribe implements [issue.Store].
func (s *Store) Unsubscribe(ctx context.Context, consumer string) error {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HDel(ctx, s.key("consumers", ""), consumer)
		p.Del(ctx, s.key("oq:", consumer), s.key("on:", consumer), s.key("ol:", consumer))
		return nil
	})
	return failed(err)
}

// Consumers implements [issue.Store].
func (s *Store) Consumers(ctx context.Context) (map[string]time.Time, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	all, err := s.client.HGetAll(ctx, s.key("consumers", "")).Result()
	if err := failed(err); err != nil {
		return nil, err
	}
	out := make(map[string]time.Time, len(all))
	for name, ms := range all {
		n, err := strconv.ParseInt(ms, 10, 64)
		if err == nil {
			out[name] = time.UnixMilli(n)
		}
	}
	return out, nil
}

// Claim implements [issue.Store].
func (s *Store) Claim(ctx context.Context, consumer string, limit int, now time.Time, lease time.Duration) ([]issue.Notice, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	keys := []string{s.key("oq:", consumer), s.key("on:", consumer), s.key("ol:", consumer), s.key("consumers", "")}
	v, err := claimScript.Run(ctx, s.client, keys, limit, now.UnixMilli(), now.Add(lease).UnixMilli(), consumer).Slice()
	if err := failed(err); err != nil {
		return nil, err
	}
	var out []issue.Notice
	for i := 0; i+1 < len(v); i += 2 {
		seq, _ := v[i].(string)
		text, _ := v[i+1].(string)
		n, err := issue.DecodeNotice([]byte(text))
		if err != nil {
			return out, err
		}
		if n.Seq, err = strconv.ParseUint(seq, 10, 64); err != nil {
			return out, err
		}
		out = append(out, n)
	}
	return out, nil
}

// Done implements [issue.Store].
func (s *Store) Done(ctx context.Context, consumer string, seqs []uint64) error {
	if len(seqs) == 0 {
		return nil
	}
	ctx, cancel := s.slow(ctx)
	defer cancel()
	members, fields := make([]any, len(seqs)), make([]string, len(seqs))
	for i, n := range seqs {
		fields[i] = strconv.FormatUint(n, 10)
		members[i] = fields[i]
	}
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.ZRem(ctx, s.key("oq:", consumer), members...)
		p.HDel(ctx, s.key("on:", consumer), fields...)
		p.HDel(ctx, s.key("ol:", consumer), fields...)
		return nil
	})
	return failed(err)
}

var leaseScript = redis.NewScript(`
local v = redis.call('GET', KEYS[1])
if v and v ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`)

var unleaseScript = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`)

// Lease implements [issue.Store]; its time is that of Redis.
func (s *Store) Lease(ctx context.Context, name, owner string, _ time.Time, ttl time.Duration) (bool, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	n, err := leaseScript.Run(ctx, s.client, []string{s.key("l:", name)}, owner, max(ttl.Milliseconds(), 1)).Int()
	return n == 1, failed(err)
}

// Unlease implements [issue.Store].
func (s *Store) Unlease(ctx context.Context, name, owner string) error {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	return failed(unleaseScript.Run(ctx, s.client, []string{s.key("l:", name)}, owner).Err())
}

// blobTTL is how long a blob lives that is not written again: the process is gone.
const blobTTL = 24 * time.Hour

// PutBlob implements [issue.Store].
func (s *Store) PutBlob(ctx context.Context, key string, value []byte) error {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		if value == nil {
			p.Del(ctx, s.key("blob:", key))
			p.SRem(ctx, s.key("blobs", ""), key)
			return nil
		}
		p.Set(ctx, s.key("blob:", key), value, blobTTL)
		p.SAdd(ctx, s.key("blobs", ""), key)
		return nil
	})
	return failed(err)
}

// Blobs implements [issue.Store].
func (s *Store) Blobs(ctx context.Context, prefix string) (map[string][]byte, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	names, err := s.client.SMembers(ctx, s.key("blobs", "")).Result()
	if err := failed(err); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, name := range names {
		if len(name) < len(prefix) || name[:len(prefix)] != prefix {
			continue
		}
		b, err := s.client.Get(ctx, s.key("blob:", name)).Bytes()
		if errors.Is(err, redis.Nil) {
			s.client.SRem(ctx, s.key("blobs", ""), name)
			continue
		}
		if err := failed(err); err != nil {
			return nil, err
		}
		out[name] = b
	}
	return out, nil
}

// noMaintenance turns off push messages of hosted Redis, which need another protocol.
func noMaintenance() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}
