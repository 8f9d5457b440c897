package optimistic

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/index"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// Silo validates what a transaction has read while it holds locks on what it writes.
//
// Idea: a record has a word with a lock bit and a version. Reads note the version and write
// nothing shared. A commit locks its records in the order of their keys, looks whether all
// that it has read has the noted versions, stores the new values and unlocks.
// Source: Tu, Zheng, Kohler, Liskov and Madden 2013, §4.4, without its epochs, logging and
// read-only snapshots: a version is a count of the record's changes. Ranges are scanned
// again, as in Larson et al. 2011, §3.2, in place of the versions of tree nodes.
// Progress: blocking: a read and a commit wait for one that is committing the same record.
// A long transaction may be overtaken forever.
// Space: two words and a slice for each key; a deleted key leaves nothing.
// Wins: few conflicts, since reads cost two loads and nothing central is written.
// Loses: long transactions with hot records, which find only at the end that they must run again.
type Silo struct {
	store
	index *index.Index[siloRecord]
}

// NewSilo makes an empty store.
func NewSilo(o txn.Options) *Silo {
	s := &Silo{index: index.New[siloRecord]()}
	s.init(o, func() protocol { return &siloTx{index: s.index} })
	return s
}

// The bits of a record's word. The others count its changes. A record that is absent, but
// not locked, is gone: it is out of the index, or about to be, and never comes back.
const (
	locked  = 1 << 0
	absent  = 1 << 1
	oneMore = 1 << 2
)

type siloRecord struct {
	word  atomic.Uint64
	value atomic.Pointer[[]byte]
}

func newSiloRecord() *siloRecord {
	r := new(siloRecord)
	r.word.Store(locked | absent)
	return r
}

// read returns a value, and the word that the record had with it.
func (r *siloRecord) read() (value *[]byte, word uint64) {
	for s := cpu.Spinner(0); ; s.Turn() {
		word := r.word.Load()
		if word&locked != 0 {
			continue
		}
		if value := r.value.Load(); r.word.Load() == word {
			return value, word
		}
	}
}

type siloTx struct {
	footprint[siloRecord]
	index *index.Index[siloRecord]
}

func (tx *siloTx) begin(bool) {}

func (tx *siloTx) end() { tx.reset() }

func (tx *siloTx) get(key uint64) ([]byte, error) {
	for r := tx.index.Get(key); r != nil; r = tx.index.Get(key) {
		if value, _ := tx.load(key, r); value != nil {
			return value, nil
		}
	}
	tx.miss(key)
	return nil, nil
}

// load reads a record. It returns nil if the record is gone.
func (tx *siloTx) load(key uint64, r *siloRecord) ([]byte, error) {
	value, word := r.read()
	if word&absent != 0 {
		tx.index.Remove(key, r)
		return nil, nil
	}
	tx.note(key, r, word)
	return *value, nil
}

func (tx *siloTx) scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	return tx.footprint.scan(tx.index, first, last, tx.load, visit)
}

// check looks at the keys first: the records did not change before they are looked at, so
// all was as the transaction saw it at the one instant when the keys were.
func (tx *siloTx) check() error {
	if !tx.sameKeys(tx.index) {
		return txn.ConflictOf(txn.Phantom)
	}
	for i := range tx.reads {
		r := &tx.reads[i]
		switch word := r.record.word.Load(); {
		case word&^locked != r.word:
			return txn.ConflictOf(txn.Changed)
		case word&locked != 0 && tx.holds(r.key) == nil:
			return txn.ConflictOf(txn.Locked)
		}
	}
	return nil
}

func (tx *siloTx) commit(writes []writeset.Write) error {
	tx.lock(writes)
	if err := tx.check(); err != nil {
		tx.unlock()
		return err
	}
	tx.install()
	return nil
}

// lock locks the records of the writes. A new one is in the index from here on.
func (tx *siloTx) lock(writes []writeset.Write) {
	for _, w := range writes {
		for s := cpu.Spinner(0); !tx.tryLock(w); s.Turn() {
		}
	}
}

func (tx *siloTx) tryLock(w writeset.Write) bool {
	r, inserted := tx.index.Get(w.Key), false
	if r == nil && w.Value == nil {
		tx.miss(w.Key) // there is nothing to delete, if that is so at the commit
		return true
	}
	if r == nil {
		r, inserted = tx.index.GetOrInsert(w.Key, newSiloRecord)
	}
	word := r.word.Load()
	switch {
	case inserted:
	case word&locked != 0:
		return false
	case word&absent != 0:
		tx.index.Remove(w.Key, r)
		return false
	case !r.word.CompareAndSwap(word, word|locked):
		return false
	}
	tx.hold(w, r, word, inserted)
	return true
}

// install stores the values, and then the words, which unlocks the records.
func (tx *siloTx) install() {
	for i := range tx.held {
		h := &tx.held[i]
		word := h.word&^(locked|absent) + oneMore
		if h.value == nil {
			h.record.value.Store(nil)
			h.record.word.Store(word | absent)
			tx.index.Remove(h.key, h.record)
			continue
		}
		value := h.value
		h.record.value.Store(&value)
		h.record.word.Store(word)
	}
}

// unlock leaves the records as they were.
func (tx *siloTx) unlock() {
	for i := range tx.held {
		h := &tx.held[i]
		if h.inserted {
			h.record.word.Store(absent)
			tx.index.Remove(h.key, h.record)
			continue
		}
		h.record.word.Store(h.word)
	}
}
