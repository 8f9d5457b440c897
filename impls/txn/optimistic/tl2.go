package optimistic

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/index"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// TL2 is transactional locking with one clock, as software transactional memories have it.
//
// Idea: a transaction notes the clock at its start. A read conflicts at once if its record
// is locked, or newer than that. A commit locks its records, advances the clock, looks
// whether all that it has read is still as old as its start, and stores the new values
// with the new time.
// Source: Dice, Shalev and Shavit 2006, §2, with the clock GV1. Ranges are this project's:
// they are scanned again, and one word has the time of the last deletion.
// Progress: blocking: a transaction that reads a locked record runs again at once, and one
// that wants to lock it, after some looks. A long transaction may be overtaken forever.
// Space: two words and a slice for each key; a deleted key leaves nothing.
// Wins: a View, which keeps no list of what it reads, and bodies that must see one state.
// Loses: many short commits, which all write the clock; deletions, which conflict with
// every older transaction that scans or misses a key.
type TL2 struct {
	store
	index   *index.Index[record] // the numbers of words are times
	_       [cpu.Line]byte
	clock   atomic.Uint64
	_       [cpu.Line]byte
	deleted atomic.Uint64 // the time of the last deletion
}

// NewTL2 makes an empty store.
func NewTL2(o txn.Options) *TL2 {
	s := new(TL2)
	s.start(o, func() protocol { return s.fresh() })
	return s
}

func (s *TL2) start(o txn.Options, fresh func() protocol) {
	s.index = index.New[record]()
	s.init(o, fresh)
}

func (s *TL2) fresh() *tl2Tx { return &tl2Tx{access: access{index: s.index}, tl2: s} }

type tl2Tx struct {
	access
	tl2      *TL2
	start    uint64
	readOnly bool
}

func (tx *tl2Tx) begin(readOnly bool) { tx.start, tx.readOnly = tx.tl2.clock.Load(), readOnly }

func (tx *tl2Tx) get(key uint64) ([]byte, error) {
	for r := tx.index.Get(key); r != nil; r = tx.index.Get(key) {
		if value, err := tx.load(key, r); value != nil || err != nil {
			return value, err
		}
	}
	if !tx.readOnly {
		tx.miss(key)
	}
	return nil, tx.missed()
}

// missed returns a conflict if a key that is not in the index may have been there at the
// start.
func (tx *tl2Tx) missed() error {
	if tx.tl2.deleted.Load() > tx.start {
		return txn.ConflictOf(txn.Phantom)
	}
	return nil
}

// load reads a record. It returns nil if the record is gone.
func (tx *tl2Tx) load(key uint64, r *record) ([]byte, error) {
	word := r.word.Load()
	value := r.value.Load()
	switch {
	case word&locked != 0:
		return nil, txn.ConflictOf(txn.Locked)
	case word>>bits > tx.start || r.word.Load() != word:
		return nil, txn.ConflictOf(txn.Changed)
	case word&absent != 0:
		tx.index.Remove(key, r)
		return nil, nil
	}
	if !tx.readOnly {
		tx.note(key, r, word)
	}
	return *value, nil
}

func (tx *tl2Tx) scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.footprint.scan(tx.index, first, last, tx.load, visit); err != nil {
		return err
	}
	if tx.readOnly {
		tx.spans = tx.spans[:0]
	}
	return tx.missed()
}

// check has nothing to look at: each read was of the state at the start.
func (tx *tl2Tx) check() error { return nil }

func (tx *tl2Tx) commit(writes []writeset.Write) error {
	err := tx.lock(writes)
	now := uint64(0)
	if err == nil {
		now = tx.tl2.clock.Add(1)
		err = tx.validate(now)
	}
	if err != nil {
		tx.unlock()
		return err
	}
	tx.install(now)
	return nil
}

// validate looks whether what was read is as at the start. If the clock has only moved by
// this transaction, no other one has committed since.
func (tx *tl2Tx) validate(now uint64) error {
	if now == tx.start+1 {
		return nil
	}
	for i := range tx.reads {
		r := &tx.reads[i]
		switch word := r.record.word.Load(); {
		case word&locked != 0 && tx.holds(r.key) == nil:
			return txn.ConflictOf(txn.Locked)
		case word>>bits > tx.start:
			return txn.ConflictOf(txn.Changed)
		}
	}
	// A key may have come and gone since. If that was before now, it is not there now.
	if !tx.sameKeys(tx.index) || len(tx.spans) > 0 && tx.tl2.deleted.Load() > now {
		return txn.ConflictOf(txn.Phantom)
	}
	return nil
}

// looks is how often a commit looks whether a lock is free.
const looks = 8

func (tx *tl2Tx) lock(writes []writeset.Write) error {
	for _, w := range writes {
		for n := 1; !tx.tryLock(w); n++ {
			if n == looks {
				return txn.ConflictOf(txn.Locked)
			}
			runtime.Gosched()
		}
	}
	return nil
}

// install stores the values with the time of the commit, which unlocks the records.
func (tx *tl2Tx) install(now uint64) {
	for i := range tx.held {
		h := &tx.held[i]
		if h.value == nil {
			raise(&tx.tl2.deleted, now) // before the key vanishes
		}
		tx.store(h, now<<bits)
	}
}
