// Package memory keeps issues in memory only: they are gone with the process.
package memory

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/internal/outbox"
)

// Store is an [issue.Store] in memory. It keeps the encoded form: that is a fraction of the size of
// the records, and nobody can change a stored one by accident.
type Store struct {
	mu      sync.RWMutex
	records map[string]stored
	buffer  []byte // what a record is encoded into; under mu
	blobs   map[string][]byte
	leases  map[string]lease
	boxes   map[string]*outbox.Box
	seq     uint64
	size    int64
	closed  bool
}

type stored struct {
	version uint64
	value   []byte // exactly as large as it has to be: there may be a million
	events  []event
}

// event is a sample. An issue has up to a dozen of them, most have one: a list is a tenth of a map.
type event struct {
	slot  uint8
	value []byte
}

type lease struct {
	owner string
	until time.Time
}

var _ issue.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store {
	return &Store{
		records: map[string]stored{}, blobs: map[string][]byte{}, leases: map[string]lease{},
		boxes: map[string]*outbox.Box{},
	}
}

// Open implements [issue.Store]. A claim needs no reservation: there is one process, and the registry asks
// once for each ID.
func (s *Store) Open(_ context.Context, ids []string, claim bool) ([]issue.Opened, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, issue.ErrClosed
	}
	out := make([]issue.Opened, len(ids))
	for i, id := range ids {
		r, ok := s.records[id]
		if !ok {
			if claim {
				// An empty value marks the ID as taken.
				s.records[id] = stored{}
				out[i].Born = true
			}
			continue
		}
		if r.value == nil {
			continue
		}
		rec, err := issue.DecodeRecord(r.value)
		if err != nil {
			return nil, err
		}
		out[i].Record = rec
	}
	return out, nil
}

// Update implements [issue.Store].
func (s *Store) Update(_ context.Context, txs []*issue.Tx) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return issue.ErrClosed
	}
	for _, tx := range txs {
		if err := s.update(tx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) update(tx *issue.Tx) error {
	recs := make([]*issue.Record, len(tx.IDs))
	for i, id := range tx.IDs {
		have, ok := s.records[id]
		switch {
		case !ok || have.value == nil:
			recs[i] = &issue.Record{Issue: issue.Issue{ID: id}}
		case tx.Known != nil && tx.Known[i] != nil && tx.Known[i].Version == have.version:
			recs[i] = tx.Known[i]
		default:
			r, err := issue.DecodeRecord(have.value)
			if err != nil {
				return err
			}
			recs[i] = r
		}
	}
	notices := tx.Apply(recs)
	// Encoded first: a value that can't be encoded leaves all as it was.
	values := make([][]byte, len(recs))
	events := make([][]event, len(recs))
	for i, r := range recs {
		if r.Empty() {
			continue
		}
		r.Version++
		var err error
		if s.buffer, err = issue.AppendRecord(s.buffer[:0], r); err == nil {
			values[i] = bytes.Clone(s.buffer)
			events[i], err = encodeEvents(r)
		}
		if err != nil {
			r.Version--
			return err
		}
	}
	for i, r := range recs {
		if values[i] != nil {
			s.put(r, values[i], events[i])
		}
	}
	for _, n := range notices {
		s.seq++
		n.Seq = s.seq
		for _, b := range s.boxes {
			b.Add(n)
		}
	}
	return nil
}

func encodeEvents(r *issue.Record) ([]event, error) {
	puts := r.TakePuts()
	if len(puts) == 0 {
		return nil, nil
	}
	out := make([]event, 0, len(puts))
	for slot, e := range puts {
		if e == nil {
			out = append(out, event{slot: slot})
			continue
		}
		b, err := issue.EncodeEvent(e)
		if err != nil {
			return nil, err
		}
		out = append(out, event{slot, b})
	}
	return out, nil
}

func (s *Store) put(r *issue.Record, value []byte, events []event) {
	have := s.records[r.ID]
	s.size += int64(len(value) - len(have.value))
	have.version, have.value = r.Version, value
	for _, e := range events {
		i := slices.IndexFunc(have.events, func(x event) bool { return x.slot == e.slot })
		if i >= 0 {
			s.size -= int64(len(have.events[i].value))
			have.events = slices.Delete(have.events, i, i+1)
		}
		if e.value != nil {
			s.size += int64(len(e.value))
			have.events = append(slices.Clip(have.events), e)
		}
	}
	s.records[r.ID] = have
}

// Delete implements [issue.Store].
func (s *Store) Delete(_ context.Context, ids []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return issue.ErrClosed
	}
	for _, id := range ids {
		r := s.records[id]
		s.size -= int64(len(r.value))
		for _, e := range r.events {
			s.size -= int64(len(e.value))
		}
		delete(s.records, id)
	}
	return nil
}

// Scan implements [issue.Store].
func (s *Store) Scan(_ context.Context, f func(*issue.Record) bool) error {
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		return issue.ErrClosed
	}
	values := make([][]byte, 0, len(s.records))
	for _, r := range s.records {
		if r.value != nil {
			values = append(values, r.value)
		}
	}
	s.mu.RUnlock()
	for _, v := range values {
		r, err := issue.DecodeRecord(v)
		if err != nil {
			return err
		}
		if !f(r) {
			break
		}
	}
	return nil
}

// Events implements [issue.Store].
func (s *Store) Events(_ context.Context, id string) (map[uint8]*issue.Event, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, issue.ErrClosed
	}
	events := s.records[id].events
	out := make(map[uint8]*issue.Event, len(events))
	for _, v := range events {
		e, err := issue.DecodeEvent(v.value)
		if err != nil {
			return nil, err
		}
		out[v.slot] = e
	}
	return out, nil
}

// Subscribe implements [issue.Store].
func (s *Store) Subscribe(_ context.Context, consumer string, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return issue.ErrClosed
	}
	if s.boxes[consumer] == nil {
		s.boxes[consumer] = &outbox.Box{}
	}
	s.boxes[consumer].Seen = now
	return nil
}

// Unsubscribe implements [issue.Store].
func (s *Store) Unsubscribe(_ context.Context, consumer string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.boxes, consumer)
	return nil
}

// Consumers implements [issue.Store].
func (s *Store) Consumers(context.Context) (map[string]time.Time, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make(map[string]time.Time, len(s.boxes))
	for name, b := range s.boxes {
		out[name] = b.Seen
	}
	return out, nil
}

// Claim implements [issue.Store].
func (s *Store) Claim(_ context.Context, consumer string, limit int, now time.Time, lease time.Duration) ([]issue.Notice, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, issue.ErrClosed
	}
	b := s.boxes[consumer]
	if b == nil {
		return nil, nil
	}
	return b.Claim(limit, now, lease), nil
}

// Done implements [issue.Store].
func (s *Store) Done(_ context.Context, consumer string, seqs []uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.boxes[consumer]; b != nil {
		b.Done(seqs)
	}
	return nil
}

// Lease implements [issue.Store].
func (s *Store) Lease(_ context.Context, name, owner string, now time.Time, ttl time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false, issue.ErrClosed
	}
	if l, ok := s.leases[name]; ok && l.owner != owner && now.Before(l.until) {
		return false, nil
	}
	s.leases[name] = lease{owner, now.Add(ttl)}
	for n, l := range s.leases {
		if now.After(l.until) {
			delete(s.leases, n)
		}
	}
	return true, nil
}

// Unlease implements [issue.Store].
func (s *Store) Unlease(_ context.Context, name, owner string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leases[name].owner == owner {
		delete(s.leases, name)
	}
	return nil
}

// PutBlob implements [issue.Store].
func (s *Store) PutBlob(_ context.Context, key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return issue.ErrClosed
	}
	if value == nil {
		delete(s.blobs, key)
		return nil
	}
	s.blobs[key] = append([]byte(nil), value...)
	return nil
}

// Blobs implements [issue.Store].
func (s *Store) Blobs(_ context.Context, prefix string) (map[string][]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := map[string][]byte{}
	for k, v := range s.blobs {
		if strings.HasPrefix(k, prefix) {
			out[k] = v
		}
	}
	return out, nil
}

// Size implements [issue.Store].
func (s *Store) Size(context.Context) (int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.size, nil
}

// Compact implements [issue.Store]; there is nothing to do.
func (s *Store) Compact(context.Context) error { return nil }

// Close implements [issue.Store].
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}
