package redis

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/otel-culprit/culprit/internal/issue"
)

func lineID(n uint64) string { return strconv.FormatUint(n, 10) }

// openScript closes ledgers and opens one.
//
// KEYS: ledgers. ARGV: prefix, name ("" = none), milliseconds, then for each closed ledger: name, number of lines to be
// removed, their IDs.
var openScript = redis.NewScript(`
local a = 4
while a <= #ARGV do
  local name, n = ARGV[a], tonumber(ARGV[a+1])
  for k = a + 2, a + 1 + n do redis.call('HDEL', ARGV[1] .. 'w:' .. name, ARGV[k]) end
  redis.call('DEL', ARGV[1] .. 'h:' .. name)
  if redis.call('EXISTS', ARGV[1] .. 'w:' .. name) == 0 then redis.call('HDEL', KEYS[1], name)
  else redis.call('HSET', KEYS[1], name, 0) end
  a = a + 2 + n
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[2], 1)
  redis.call('SET', ARGV[1] .. 'h:' .. ARGV[2], 1, 'PX', ARGV[3])
end
return 1
`)

// OpenLedger implements [issue.Shared].
func (s *Store) OpenLedger(ctx context.Context, name string, closed []issue.ClosedLedger, ttl time.Duration) error {
	ctx, cancel := s.wait(ctx)
	defer cancel()
	args := []any{s.prefix, name, ttl.Milliseconds()}
	for _, c := range closed {
		args = append(args, c.Name, len(c.Drop))
		for _, id := range c.Drop {
			args = append(args, lineID(id))
		}
	}
	return failed(openScript.Run(ctx, s.client, []string{s.key("ledgers", "")}, args...).Err())
}

// keepScript gives a sign of life, and returns whether the ledger is open and then the ledgers of the dead. Those that are
// closed and have no lines are forgotten.
//
// KEYS: ledgers. ARGV: prefix, name, milliseconds.
var keepScript = redis.NewScript(`
local out, all = {'0'}, redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local name, open = all[i], all[i+1] == '1'
  if name == ARGV[2] then
    if open then
      out[1] = '1'
      redis.call('SET', ARGV[1] .. 'h:' .. name, 1, 'PX', ARGV[3])
    end
  elseif not open and redis.call('EXISTS', ARGV[1] .. 'w:' .. name) == 0 then redis.call('HDEL', KEYS[1], name)
  elseif redis.call('EXISTS', ARGV[1] .. 'h:' .. name) == 0 then out[#out+1] = name end
end
return out
`)

// KeepLedger implements [issue.Shared].
func (s *Store) KeepLedger(ctx context.Context, name string, ttl time.Duration) (bool, []string, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	out, err := keepScript.Run(ctx, s.client, []string{s.key("ledgers", "")}, s.prefix, name, ttl.Milliseconds()).StringSlice()
	if err := failed(err); err != nil || len(out) == 0 {
		return false, nil, err
	}
	return out[0] == "1", out[1:], nil
}

// adoptedFor is how long it is remembered that a ledger was adopted: its process may only have been cut off from Redis.
const adoptedFor = 7 * 24 * time.Hour

// adoptScript closes a ledger for its process, and forgets it when it has no lines.
//
// KEYS: ledgers, w:, x:. ARGV: name, milliseconds.
var adoptScript = redis.NewScript(`
redis.call('SET', KEYS[3], 1, 'PX', ARGV[2])
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('HDEL', KEYS[1], ARGV[1])
else redis.call('HSET', KEYS[1], ARGV[1], 0) end
return 1
`)

// AdoptLedger implements [issue.Shared].
func (s *Store) AdoptLedger(ctx context.Context, name string, limit int) ([]issue.Line, error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	lines := s.key("w:", name)
	if err := failed(adoptScript.Run(ctx, s.client, []string{s.key("ledgers", ""), lines, s.key("x:", name)}, name, adoptedFor.Milliseconds()).Err()); err != nil {
		return nil, err
	}
	var out []issue.Line
	for cursor := uint64(0); ; {
		page, next, err := s.client.HScan(ctx, lines, cursor, "", 1000).Result()
		if err := failed(err); err != nil {
			return nil, err
		}
		for i := 0; i+1 < len(page); i += 2 {
			if id, err := strconv.ParseUint(page[i], 10, 64); err == nil {
				out = append(out, issue.Line{Ledger: name, ID: id, Data: []byte(page[i+1])})
			}
		}
		if cursor = next; cursor == 0 || len(out) >= limit {
			return out, nil
		}
	}
}

// ledgers appends the lines that the change counts, as casScript wants them.
func (p *pending) ledgers(args []any) []any {
	var lines []issue.Line
	if p.tx.Lines != nil {
		lines = p.tx.Lines()
	}
	at, n := len(args), 0
	args = append(args, 0)
	for i := 0; i < len(lines); n++ {
		name, count := lines[i].Ledger, len(args)+1
		args = append(args, name, 0)
		for ; i < len(lines) && lines[i].Ledger == name; i++ {
			args = append(args, lineID(lines[i].ID))
		}
		args[count] = len(args) - count - 1
	}
	args[at] = n
	return args
}

// gone tells the change what others have counted; it is made again over fresh records.
func (p *pending) gone(values []any) {
	index := make([]int, 0, len(values))
	for _, v := range values {
		if i, ok := v.(int64); ok {
			index = append(index, int(i))
		}
	}
	p.tx.Gone(index)
	for i, id := range p.tx.IDs {
		p.set(i, &issue.Record{Issue: issue.Issue{ID: id}})
	}
}
