package redis

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/otel-culprit/culprit/internal/issue"
)

// casScript writes the records of one change if all still have the expected version, with their events and the
// notices for every consumer, and removes the lines that the change counts from their ledgers. A line that is not there
// any more was counted by another process if the ledger was adopted; if it was not, Redis has lost it.
//
// KEYS: index, position, seq, consumers, then for each record i:, e:, b:.
// ARGV: prefix, max notices, number of records, number of ledgers, then for each ledger: name, number of lines, their
// IDs; then for each record: id, expected version ("" = none), value ("" = not
// written), number of event operations, slot and event ("" = remove) of each; then the notices.
// Returns "ok", or the current values, or 1 and the indexes of the lines that others have counted.
var casScript = redis.NewScript(`
local n = tonumber(ARGV[3])
local ledgers, a, conflict = {}, 5, false
for l = 1, tonumber(ARGV[4]) do
  ledgers[l] = {ARGV[a], a + 2, a + 1 + tonumber(ARGV[a+1])}
  a = ledgers[l][3] + 1
end
local records, now = a, {}
for i = 1, n do
  local v = redis.call('GET', KEYS[4 + 3*i - 2])
  local have = ''
  if v then have = string.sub(v, 1, 8) end
  if have ~= ARGV[a+1] then conflict = true end
  now[i] = v or ''
  a = a + 4 + 2*tonumber(ARGV[a+3])
end
if conflict then return now end
local gone, line = {1}, 0
for _, l in ipairs(ledgers) do
  local adopted = redis.call('EXISTS', ARGV[1] .. 'x:' .. l[1]) == 1
  for k = l[2], l[3] do
    if adopted and redis.call('HEXISTS', ARGV[1] .. 'w:' .. l[1], ARGV[k]) == 0 then gone[#gone+1] = line end
    line = line + 1
  end
end
if #gone > 1 then return gone end
for _, l in ipairs(ledgers) do
  for k = l[2], l[3], 1000 do redis.call('HDEL', ARGV[1] .. 'w:' .. l[1], unpack(ARGV, k, math.min(k + 999, l[3]))) end
end
a = records
for i = 1, n do
  local id, value, ops = ARGV[a], ARGV[a+2], tonumber(ARGV[a+3])
  if value ~= '' then
    redis.call('SET', KEYS[4 + 3*i - 2], value)
    redis.call('DEL', KEYS[4 + 3*i])
    redis.call('ZADD', KEYS[1], redis.call('INCR', KEYS[2]), id)
    for o = 1, ops do
      local slot, event = ARGV[a + 2 + 2*o], ARGV[a + 3 + 2*o]
      if event == '' then redis.call('HDEL', KEYS[4 + 3*i - 1], slot)
      else redis.call('HSET', KEYS[4 + 3*i - 1], slot, event) end
    end
  end
  a = a + 4 + 2*ops
end
if a <= #ARGV then
  local consumers = redis.call('HKEYS', KEYS[4])
  for k = a, #ARGV do
    local seq = redis.call('INCR', KEYS[3])
    for _, c in ipairs(consumers) do
      local q = ARGV[1] .. 'oq:' .. c
      redis.call('ZADD', q, seq, seq)
      redis.call('HSET', ARGV[1] .. 'on:' .. c, seq, ARGV[k])
      if redis.call('ZCARD', q) > tonumber(ARGV[2]) then
        local old = redis.call('ZPOPMIN', q)
        redis.call('HDEL', ARGV[1] .. 'on:' .. c, old[1])
        redis.call('HDEL', ARGV[1] .. 'ol:' .. c, old[1])
      end
    end
  end
end
return 'ok'
`)

var deleteScript = redis.NewScript(`
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('ZADD', KEYS[4], redis.call('INCR', KEYS[5]), ARGV[1])
`)

// pruneScript forgets the positions of issues that are gone for long.
var pruneScript = redis.NewScript(`
local position = tonumber(redis.call('GET', KEYS[2]) or '0')
local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', position - tonumber(ARGV[2]), 'LIMIT', 0, 1000)
for _, id in ipairs(old) do
  if redis.call('EXISTS', ARGV[1] .. id) == 0 then redis.call('ZREM', KEYS[1], id) end
end
return #old
`)

// maxNotices is how many notices wait for a consumer; then the oldest go.
const maxNotices = 10000

// Changes that lose against other processes are made again, so often at most; then they wait for the next flush.
const updateTries = 10

// pipeline is how many changes are sent in one round trip.
const pipeline = 250

var errBusy = errors.New("other processes were always faster")

// pending is a change with the records as they are thought to be stored.
type pending struct {
	tx   *issue.Tx
	recs []*issue.Record
	vers []string // expected versions, as stored
}

// Update implements [issue.Store].
func (s *Store) Update(ctx context.Context, txs []*issue.Tx) error {
	todo := make([]*pending, 0, len(txs))
	for _, tx := range txs {
		p := &pending{tx: tx, recs: make([]*issue.Record, len(tx.IDs)), vers: make([]string, len(tx.IDs))}
		for i, id := range tx.IDs {
			if tx.Known != nil && tx.Known[i] != nil {
				p.set(i, tx.Known[i])
			} else {
				p.set(i, &issue.Record{Issue: issue.Issue{ID: id}})
			}
		}
		todo = append(todo, p)
	}
	for range updateTries {
		var lost []*pending
		for len(todo) > 0 {
			n := min(len(todo), pipeline)
			again, err := s.try(ctx, todo[:n])
			if err != nil {
				return err
			}
			lost, todo = append(lost, again...), todo[n:]
		}
		if len(lost) == 0 {
			return nil
		}
		todo = lost
	}
	return fmt.Errorf("%w: %w", issue.ErrUnavailable, errBusy)
}

func (p *pending) set(i int, r *issue.Record) {
	p.recs[i], p.vers[i] = r, ""
	if r.Version > 0 {
		p.vers[i] = string(binary.BigEndian.AppendUint64(nil, r.Version))
	}
}

// try makes changes in one round trip and returns those that lost, with fresh records.
func (s *Store) try(ctx context.Context, list []*pending) (lost []*pending, _ error) {
	ctx, cancel := s.slow(ctx)
	defer cancel()
	written := make([][]*issue.Record, len(list))
	back := func(i int) {
		for _, r := range written[i] {
			r.Version--
		}
	}
	calls := make([]call, len(list))
	for i, p := range list {
		keys := []string{s.key("index", ""), s.key("position", ""), s.key("seq", ""), s.key("consumers", "")}
		notices := p.tx.Apply(p.recs)
		args := p.ledgers([]any{s.prefix, maxNotices, len(p.recs)})
		for j, r := range p.recs {
			keys = append(keys, s.key("i:", r.ID), s.key("e:", r.ID), s.key("b:", r.ID))
			value, events, err := s.forms(r)
			if err != nil {
				for n := range list[:i+1] {
					back(n)
				}
				return nil, err
			}
			if value != nil {
				written[i] = append(written[i], r)
			}
			args = append(args, r.ID, p.vers[j], value, len(events)/2)
			args = append(args, events...)
		}
		for _, n := range notices {
			b, err := issue.EncodeNotice(n)
			if err != nil {
				return nil, err
			}
			args = append(args, b)
		}
		calls[i] = call{keys: keys, args: args}
	}
	if err := s.run(ctx, casScript, calls); err != nil {
		for i := range list {
			back(i) // it may be stored; then the next try loses and sees the sequence number
		}
		return nil, err
	}
	for i, p := range list {
		values, conflict := calls[i].cmd.Val().([]any)
		if !conflict {
			continue
		}
		back(i)
		if len(values) > 0 && values[0] == int64(1) {
			p.gone(values[1:])
		} else if err := p.refresh(values); err != nil {
			return nil, err
		}
		lost = append(lost, p)
	}
	return lost, nil
}

// refresh takes over the stored records.
func (p *pending) refresh(values []any) error {
	for i, v := range values {
		text, _ := v.(string)
		if text == "" {
			p.set(i, &issue.Record{Issue: issue.Issue{ID: p.tx.IDs[i]}})
			continue
		}
		r, err := decode([]byte(text))
		if err != nil {
			return fmt.Errorf("issue %s: %w", p.tx.IDs[i], err)
		}
		p.set(i, r)
	}
	return nil
}

// forms returns a record's stored form with the next version, and the operations on its events; nil when it is
// not to be written.
func (s *Store) forms(r *issue.Record) (value []byte, events []any, _ error) {
	if r.Empty() {
		return nil, nil, nil
	}
	r.Version++
	value, err := encode(r)
	if err != nil {
		r.Version--
		return nil, nil, err
	}
	for slot, e := range r.TakePuts() {
		b := []byte{}
		if e != nil {
			if b, err = issue.EncodeEvent(e); err != nil {
				r.Version--
				return nil, nil, err
			}
		}
		events = append(events, strconv.Itoa(int(slot)), b)
	}
	return value, events, nil
}
