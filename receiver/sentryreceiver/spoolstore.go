package sentryreceiver

import (
	"context"
	"fmt"
	"strconv"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// spoolStore keeps the parcels of the spool where a kill does not reach them: numbered, with the
// numbers of the first one and of the one behind the last. The spool's lock protects it.
type spoolStore struct {
	client      storage.Client
	first, next uint64
}

const (
	keyFirst = "first"
	keyNext  = "next"
)

func parcelKey(n uint64) string { return "parcel/" + strconv.FormatUint(n, 10) }

// openStore finds the extension that 'storage' names; a nil store without one.
func (s *sentryReceiver) openStore(ctx context.Context, host component.Host) (*spoolStore, error) {
	id := s.cfg.Storage
	if id == nil {
		return nil, nil
	}
	extension, ok := host.GetExtensions()[*id]
	if !ok {
		return nil, fmt.Errorf("'storage' of receiver %s names the extension %s, which does not run: add it to 'service::extensions', e.g. extensions: [file_storage]", s.set.ID, id)
	}
	store, ok := extension.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("'storage' of receiver %s names the extension %s, which is no storage: use e.g. file_storage", s.set.ID, id)
	}
	client, err := store.GetClient(ctx, component.KindReceiver, s.set.ID, "spool")
	if err != nil {
		return nil, fmt.Errorf("open the storage %s of receiver %s: %w", id, s.set.ID, err)
	}
	return &spoolStore{client: client}, nil
}

// load returns what was stored before. A damaged parcel is left out and told.
func (s *spoolStore) load(ctx context.Context) (parcels []*parcel, damaged int, err error) {
	first, next := storage.GetOperation(keyFirst), storage.GetOperation(keyNext)
	if err := s.client.Batch(ctx, first, next); err != nil {
		return nil, 0, err
	}
	s.first, s.next = readNumber(first.Value), readNumber(next.Value)
	for n := s.first; n < s.next; n++ {
		data, err := s.client.Get(ctx, parcelKey(n))
		if err != nil {
			return nil, 0, err
		}
		p, err := unmarshalParcel(data)
		if err != nil {
			damaged++
			continue
		}
		p.number = n
		parcels = append(parcels, p)
	}
	return parcels, damaged, nil
}

// add writes a parcel; when it returns without an error, the parcel is safe.
func (s *spoolStore) add(ctx context.Context, p *parcel) error {
	data, err := p.marshal()
	if err != nil {
		return err
	}
	number := strconv.AppendUint(nil, s.next+1, 10)
	if err := s.client.Batch(ctx, storage.SetOperation(parcelKey(s.next), data), storage.SetOperation(keyNext, number)); err != nil {
		return err
	}
	p.number = s.next
	s.next++
	return nil
}

// remove forgets the first parcel, and the damaged ones before it.
func (s *spoolStore) remove(ctx context.Context, p *parcel) error {
	operations := []*storage.Operation{storage.SetOperation(keyFirst, strconv.AppendUint(nil, p.number+1, 10))}
	for n := s.first; n <= p.number; n++ {
		operations = append(operations, storage.DeleteOperation(parcelKey(n)))
	}
	s.first = p.number + 1
	return s.client.Batch(ctx, operations...)
}

func (s *spoolStore) close(ctx context.Context) error {
	if s == nil {
		return nil
	}
	return s.client.Close(ctx)
}

func readNumber(b []byte) uint64 {
	n, err := strconv.ParseUint(string(b), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
