package optimistic

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/index"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// TicToc computes the time of a commit from what the transaction has read and written.
//
// Idea: a value is valid from the time of its write to that of its last known read. A
// commit takes the first time at which all that it has read can be valid, and that is after
// the last read of all that it replaces. It extends the validity of what it has read to
// that time, if the values are still there.
// Source: Yu, Pavlo, Sanchez and Devadas 2016, §3, with the times in one word, §3.6. It
// waits for locks, in the order of keys. Ranges are this project's: they are scanned again,
// and share a pair of times for all keys without a record.
// Progress: blocking: a read and a commit wait for one that is committing the same record.
// A long transaction may be overtaken forever.
// Space: two words and a slice for each key; a deleted key leaves nothing.
// Wins: readers beside writers: a value that was read may be replaced, and the reader still
// commits, at an earlier time.
// Loses: reads, which write to a record when its validity ends too early. The order of the
// times is not that of the clock, so it is not strict.
type TicToc struct {
	store
	index *index.Index[record]
	// The times of the keys without a record: that of the last deletion, and that of the
	// last scan or read of a missing key.
	_             [cpu.Line]byte
	deleted, read atomic.Uint64
}

// NewTicToc makes an empty store.
func NewTicToc(o txn.Options) *TicToc {
	s := new(TicToc)
	s.start(o, func() protocol { return s.fresh() })
	return s
}

func (s *TicToc) start(o txn.Options, fresh func() protocol) {
	s.index = index.New[record]()
	s.init(o, fresh)
}

func (s *TicToc) fresh() *tictocTx { return &tictocTx{access: access{index: s.index}, tictoc: s} }

// A word has the time of the write in its upper 48 bits, and below how much later the
// record is known to have been read.
const (
	writeShift = 16
	mostLater  = 1<<(writeShift-bits) - 1
)

func writeTime(word uint64) uint64 { return word >> writeShift }

func readTime(word uint64) uint64 { return writeTime(word) + word>>bits&mostLater }

// extended returns a word whose value is valid until a time. If the times are too far
// apart, it says that the value was written later.
func extended(word, until uint64) uint64 {
	written := max(writeTime(word), until-min(until, mostLater))
	return written<<writeShift | (until-written)<<bits | word&(1<<bits-1)
}

type tictocTx struct {
	access
	tictoc *TicToc
}

func (tx *tictocTx) begin(bool) {}

func (tx *tictocTx) get(key uint64) ([]byte, error) { return tx.find(key), nil }

func (tx *tictocTx) scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	return tx.footprint.scan(tx.index, first, last, tx.load, visit)
}

func (tx *tictocTx) check() error {
	_, err := tx.validate(tx.extend)
	return err
}

func (tx *tictocTx) commit(writes []writeset.Write) error { return tx.finish(writes, tx.extend) }

func (tx *tictocTx) finish(writes []writeset.Write, extend func(*read[record], uint64) error) error {
	tx.lock(writes)
	now, err := tx.validate(extend)
	if err != nil {
		tx.unlock()
		return err
	}
	tx.install(now)
	return nil
}

// validate returns the time of the commit.
func (tx *tictocTx) validate(extend func(*read[record], uint64) error) (uint64, error) {
	now := tx.time()
	for i := range tx.reads {
		r := &tx.reads[i]
		if readTime(r.word) >= now {
			continue
		}
		if err := extend(r, now); err != nil {
			return 0, err
		}
	}
	if len(tx.spans) > 0 {
		// A later insertion sees the time. An earlier one is seen, unless its key was deleted.
		raise(&tx.tictoc.read, now)
		if !tx.sameKeys(tx.index) || tx.tictoc.deleted.Load() > now {
			return 0, txn.ConflictOf(txn.Phantom)
		}
	}
	return now, nil
}

// time computes the time of the commit.
func (tx *tictocTx) time() (now uint64) {
	for i := range tx.held {
		h := &tx.held[i]
		now = max(now, readTime(h.word)+1)
		if h.inserted {
			now = max(now, tx.tictoc.deleted.Load()+1, tx.tictoc.read.Load()+1)
		}
	}
	for i := range tx.reads {
		now = max(now, writeTime(tx.reads[i].word))
	}
	if len(tx.spans) > 0 {
		now = max(now, tx.tictoc.deleted.Load())
	}
	return now
}

// extend makes what was read valid until a time.
func (tx *tictocTx) extend(r *read[record], until uint64) error {
	for {
		word := r.record.word.Load()
		switch {
		case writeTime(word) != writeTime(r.word):
			return txn.ConflictOf(txn.Changed)
		case readTime(word) >= until || tx.holds(r.key) != nil:
			return nil
		case word&locked != 0:
			return txn.ConflictOf(txn.Locked)
		case r.record.word.CompareAndSwap(word, extended(word, until)):
			return nil
		}
	}
}

// install stores the values with the time of the commit, which unlocks the records.
func (tx *tictocTx) install(now uint64) {
	for i := range tx.held {
		h := &tx.held[i]
		if h.value == nil {
			raise(&tx.tictoc.deleted, now) // before the key vanishes
		}
		tx.store(h, now<<writeShift)
	}
}
