package optimistic

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/txn/index"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// A record is a value that is replaced in place, and a word: the two bits below, and
// numbers that are up to the algorithm.
type record struct {
	word  atomic.Uint64
	value atomic.Pointer[[]byte]
}

// The bits of a record's word. A record that is absent, but not locked, is gone: it is out
// of the index, or about to be, and never comes back.
const (
	locked = 1 << iota
	absent
)

// bits is how many bits of a word are not numbers.
const bits = 2

// newRecord makes a record as an insertion needs it.
func newRecord() *record {
	r := new(record)
	r.word.Store(locked | absent)
	return r
}

// read returns a value, and the word that the record had with it. It waits while the
// record is locked.
func (r *record) read() (value *[]byte, word uint64) {
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

// An access is what an attempt does with the records of a store.
type access struct {
	footprint[record]
	index *index.Index[record]
}

func (a *access) end() { a.reset() }

// find returns the value of a key, or nil, and notes what it has read.
func (a *access) find(key uint64) []byte {
	for r := a.index.Get(key); r != nil; r = a.index.Get(key) {
		if value, _ := a.load(key, r); value != nil {
			return value
		}
	}
	a.miss(key)
	return nil
}

// load reads a record and notes it. It returns nil if the record is gone.
func (a *access) load(key uint64, r *record) ([]byte, error) {
	value, word := r.read()
	if word&absent != 0 {
		a.index.Remove(key, r)
		return nil, nil
	}
	a.note(key, r, word)
	return *value, nil
}

// lock locks the records of the writes, and waits for them. A new record is in the index
// from here on.
func (a *access) lock(writes []writeset.Write) {
	for _, w := range writes {
		for s := cpu.Spinner(0); !a.tryLock(w); s.Turn() {
		}
	}
}

func (a *access) tryLock(w writeset.Write) bool {
	r, inserted := a.index.Get(w.Key), false
	if r == nil && w.Value == nil {
		a.miss(w.Key) // there is nothing to delete, if that is so at the commit
		return true
	}
	if r == nil {
		r, inserted = a.index.GetOrInsert(w.Key, newRecord)
	}
	word := r.word.Load()
	switch {
	case inserted:
	case word&locked != 0:
		return false
	case word&absent != 0:
		a.index.Remove(w.Key, r)
		return false
	case !r.word.CompareAndSwap(word, word|locked):
		return false
	}
	a.hold(w, r, word&^(locked|absent), inserted)
	return true
}

// store stores a value, and then the numbers of the word, which unlocks the record.
func (a *access) store(h *held[record], numbers uint64) {
	if h.value == nil {
		h.record.value.Store(nil)
		h.record.word.Store(numbers | absent)
		a.index.Remove(h.key, h.record)
		return
	}
	value := h.value
	h.record.value.Store(&value)
	h.record.word.Store(numbers)
}

// unlock leaves the records as they were.
func (a *access) unlock() {
	for i := range a.held {
		h := &a.held[i]
		if h.inserted {
			h.record.word.Store(absent)
			a.index.Remove(h.key, h.record)
			continue
		}
		h.record.word.Store(h.word)
	}
}

// raise sets a word to at least to.
func raise(word *atomic.Uint64, to uint64) {
	for now := word.Load(); now < to && !word.CompareAndSwap(now, to); now = word.Load() {
	}
}
