package issue

import (
	"context"
	"errors"
	"time"
)

// Store keeps the issues' records. There is one conformance suite for all of them: package
// storetest. The registry's logic is not here but in [Core]: a store reads, compares and writes.
//
// All methods are safe for concurrent use and may be called before anything was stored. A store that
// has its data elsewhere returns an error that wraps [ErrUnavailable] when it can't be reached; after
// that it may or may not have done what it was asked to. Asking again is always safe.
type Store interface {
	// Open returns one result for each ID. With claim, an ID without a record is reserved for the caller:
	// exactly one of all callers, in all processes, gets Opened.Born.
	Open(ctx context.Context, ids []string, claim bool) ([]Opened, error)
	// Update makes changes, each of them a transaction. Stores are free to commit several in one go. On
	// error some of them may have been made; on a nil error all of them are on disk (or wherever the
	// store keeps them).
	Update(ctx context.Context, changes []*Tx) error
	// Delete removes records with their events.
	Delete(ctx context.Context, ids []string) error
	// Scan calls f for each record, in any order, until it returns false.
	Scan(ctx context.Context, f func(*Record) bool) error
	// Events returns the samples of an issue by slot; see [Record.Samples].
	Events(ctx context.Context, id string) (map[uint8]*Event, error)

	// Subscribe makes the outbox keep the notices of all later changes for a consumer.
	Subscribe(ctx context.Context, consumer string, now time.Time) error
	// Unsubscribe forgets a consumer and its notices.
	Unsubscribe(ctx context.Context, consumer string) error
	// Consumers returns all consumers and when each last subscribed or claimed.
	Consumers(ctx context.Context) (map[string]time.Time, error)
	// Claim returns up to limit notices of a consumer that nobody holds at the time now, oldest first,
	// and holds them until now + lease.
	Claim(ctx context.Context, consumer string, limit int, now time.Time, lease time.Duration) ([]Notice, error)
	// Done removes notices. Unknown ones are no error.
	Done(ctx context.Context, consumer string, seqs []uint64) error

	// Lease gives name to owner until now + ttl, unless another owner has it. The owner may extend it.
	Lease(ctx context.Context, name, owner string, now time.Time, ttl time.Duration) (bool, error)
	// Unlease gives a name back; that of another owner is left alone.
	Unlease(ctx context.Context, name, owner string) error

	// PutBlob keeps a small value beside the issues (nil removes it), Blobs returns all whose key starts
	// with prefix.
	PutBlob(ctx context.Context, key string, value []byte) error
	Blobs(ctx context.Context, prefix string) (map[string][]byte, error)

	// Size returns the bytes in use, as far as the store knows them, or 0.
	Size(ctx context.Context) (int64, error)
	// Compact gives space back that deleted records left. It may do nothing.
	Compact(ctx context.Context) error
	// Close flushes and closes. Later calls of other methods return [ErrClosed].
	Close() error
}

// Shared is a [Store] that several processes use at a time.
type Shared interface {
	Store
	// Swap compares and sets short-lived cells and says how it went, in the order of swaps. A cell's
	// value is replaced only when it equals Old (nil: when there is none); it ends ttl after its last
	// replacement. A swap's lines get into the ledger together with the cell's new value: both or neither.
	// With ledger "" there are none.
	Swap(ctx context.Context, ledger string, swaps []Swap, ttl time.Duration) ([]Swapped, error)
	// OpenLedger opens a ledger (name "" = none) and closes others: lines that are still on their way into those are
	// refused from now on, and the ones of Drop are removed. Closed ledgers without lines are forgotten.
	OpenLedger(ctx context.Context, name string, closed []ClosedLedger, ttl time.Duration) error
	// KeepLedger says that the process of a ledger lives, for ttl, and returns whether the ledger is open still, and the
	// ledgers of which nobody says so.
	KeepLedger(ctx context.Context, name string, ttl time.Duration) (open bool, orphans []string, err error)
	// AdoptLedger closes a ledger for its process and returns up to about limit of its lines. One that has none is forgotten.
	AdoptLedger(ctx context.Context, name string, limit int) ([]Line, error)
	// Changed returns the IDs of the records that were written or deleted after the position since, and
	// the position to go on from.
	Changed(ctx context.Context, since uint64) (ids []string, position uint64, err error)
}

// Journal is a [Store] of one process that outlives it: it also keeps, for a while, which occurrences were counted.
type Journal interface {
	Store
	// UpdateWith is Update of all changes, and an entry, in one transaction: after an error or a crash either all of it
	// is there or nothing. Entries from before forget are removed, and the oldest while all take more than limit bytes.
	UpdateWith(ctx context.Context, changes []*Tx, entry Entry, forget time.Time, limit int64) error
	// Entries calls f for each entry, oldest first, until it returns false. The data is valid during the call.
	Entries(ctx context.Context, f func(Entry) bool) error
}

// Entry is one of a [Journal].
type Entry struct {
	Time time.Time // in milliseconds
	Data []byte
}

// Errors of stores.
var (
	ErrUnavailable = errors.New("the store cannot be reached")
	ErrClosed      = errors.New("the store is closed")
)

// Opened is what a store knows of an ID.
type Opened struct {
	Record *Record // nil = none
	Born   bool    // there is none, and the caller is the first who asked with claim
}

// Tx is one transaction over one or more records.
type Tx struct {
	IDs []string
	// Known are the records as the caller last saw them, in the order of IDs, or nil. A store uses them in place of a
	// read when their Version is still the stored one.
	Known []*Record
	// Apply edits the records, in the order of IDs; a record that is not stored comes with its ID, Version 0 and nothing
	// else, and one that has no Title and no MergedInto afterwards is not written. The notices are put in the outbox of
	// every consumer in the same transaction. Apply may be called again, with fresh records, when another process was
	// faster. After Update returned nil the records of the last call are what is stored.
	Apply func(recs []*Record) []Notice
	// Lines, if not nil, returns after Apply what the change counts of ledgers; the store removes those lines in the same
	// transaction. For [Shared] stores.
	Lines func() []Line
	// Gone is told which of them (by index) another process, which adopted the ledger, has removed before. Then nothing
	// was changed, and Apply is called again with fresh records.
	Gone func(index []int)
}

// Line is what a process has counted and not written yet.
type Line struct {
	Ledger string
	ID     uint64 // in the ledger
	Data   []byte
}

// ClosedLedger is one that its process does not use any more.
type ClosedLedger struct {
	Name string
	Drop []uint64 // lines that count nothing, if they are there
}

// Swap is one comparison of [Shared.Swap].
type Swap struct {
	Cell string
	Old  []byte // nil = must not exist
	New  []byte
	// Lines are put into the ledger; if that is not open, nothing is done.
	Lines []Line
}

// Swapped is the result of one [Swap].
type Swapped struct {
	OK     bool
	Now    []byte // the cell's value where it was not replaced
	Closed bool   // nothing was done: the ledger is not open
}

// Record is an issue as a store keeps it, with what only the registry needs.
type Record struct {
	Issue
	Version uint64 // number of writes; set by the store

	Created   time.Time         // when the registry first heard of it, by its own clock
	Touched   time.Time         // when it last heard of it, by its own clock
	StateAt   time.Time         // when the state began
	Sketch    []byte            // the users: their hashes while they are few, HyperLogLog beyond
	Applied   map[string]uint64 // by process: the sequence number of its last increment
	Slots     []Slot            // occurrences of the last hour, five minutes each
	Limit     uint64            // hourly occurrences above which it escalated; 0 = it did not
	Samples   []Sample          // which events are kept
	Milestone uint64            // the last one that was reached
	Merged    string            // "" or the issue that this one was merged into; then nothing else counts
	Overflow  bool              // takes what a service's rate of new issues did not allow

	put   map[uint8]*Event // events to be written by the running change
	users *userSet         // of Sketch, once it was looked at
}

// Slot is the number of occurrences that came in five minutes.
type Slot struct {
	At int64  `json:"a"` // unix time / 300
	N  uint64 `json:"n"`
}

// Sample says which event a slot holds.
type Sample struct {
	Slot    uint8     `json:"s"`
	Time    time.Time `json:"t"`
	Key     string    `json:"k"` // the event's ID
	Release string    `json:"r,omitempty"`
	Service string    `json:"v,omitempty"`
}

// PutEvent makes the running change write an event into a slot; nil removes it. For use within
// [Tx.Apply] only.
func (r *Record) PutEvent(slot uint8, e *Event) {
	if r.put == nil {
		r.put = map[uint8]*Event{}
	}
	r.put[slot] = e
}

// TakePuts returns the events that the running change wants to be written, and forgets them.
func (r *Record) TakePuts() map[uint8]*Event {
	p := r.put
	r.put = nil
	return p
}

// Empty tells that the record holds nothing and is not to be written.
func (r *Record) Empty() bool { return r.Title == "" && r.Merged == "" }
