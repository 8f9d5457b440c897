package optimistic

import (
	"slices"

	"github.com/contendbench/contend/impls/txn/index"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// A footprint is what an attempt has read, and what it holds locked: records of type R.
type footprint[R any] struct {
	reads   []read[R]
	spans   []span
	held    []held[R]        // in the order of keys
	entries []index.Entry[R] // of the scan under way
}

// A read is a record and the word that it had.
type read[R any] struct {
	key    uint64
	record *R
	word   uint64
}

// A span is keys from first to last, both included, of which only those of reads[from:to]
// had a record. A key that was missing is a span, too.
type span struct {
	first, last uint64
	from, to    int
}

// A held is a locked record, the word that it had before, and its new value.
type held[R any] struct {
	key      uint64
	record   *R
	word     uint64
	value    []byte // nil: none
	inserted bool   // into the index, by this attempt
}

// note adds a read.
func (f *footprint[R]) note(key uint64, r *R, word uint64) {
	f.reads = append(f.reads, read[R]{key, r, word})
}

// miss notes that a key has no record.
func (f *footprint[R]) miss(key uint64) {
	f.spans = append(f.spans, span{key, key, len(f.reads), len(f.reads)})
}

// hold adds a locked record.
func (f *footprint[R]) hold(w writeset.Write, r *R, word uint64, inserted bool) {
	f.held = append(f.held, held[R]{w.Key, r, word, w.Value, inserted})
}

// holds returns the lock of a key, or nil.
func (f *footprint[R]) holds(key uint64) *held[R] {
	i, found := slices.BinarySearchFunc(f.held, key, func(h held[R], key uint64) int {
		switch {
		case h.key < key:
			return -1
		case h.key > key:
			return 1
		}
		return 0
	})
	if !found {
		return nil
	}
	return &f.held[i]
}

// A scan takes some records from the index at a time: few at first, since it may stop
// early.
const minChunk, maxChunk = 16, 256

// scan visits the values that load returns for the records from first to last. A nil value
// is none. It notes the span; load notes the reads.
func (f *footprint[R]) scan(
	x *index.Index[R], first, last uint64, load func(key uint64, r *R) ([]byte, error),
	visit func(key uint64, value []byte) bool,
) error {
	at := len(f.spans)
	f.spans = append(f.spans, span{first, first, len(f.reads), len(f.reads)})
	for from, chunk := first, minChunk; ; chunk = min(2*chunk, maxChunk) {
		f.entries = x.Range(f.entries[:0], from, last, chunk)
		for _, e := range f.entries {
			value, err := load(e.Key, e.Record)
			if err != nil {
				return err
			}
			f.spans[at].last, f.spans[at].to = e.Key, len(f.reads)
			if value != nil && !visit(e.Key, value) {
				return nil
			}
		}
		if len(f.entries) < chunk || f.spans[at].last == last {
			f.spans[at].last = last
			return nil
		}
		from = f.spans[at].last + 1
	}
}

// sameKeys walks the spans again. It reports whether the index has the same records there
// as before, but for those that the attempt itself has inserted. All spans are compared
// with one state of the index.
func (f *footprint[R]) sameKeys(x *index.Index[R]) bool {
	if len(f.spans) == 0 {
		return true
	}
	x.RLock()
	defer x.RUnlock()
	for _, s := range f.spans {
		seen, same := f.reads[s.from:s.to], true
		x.Ascend(s.first, s.last, func(key uint64, r *R) bool {
			if len(seen) > 0 && seen[0].record == r {
				seen = seen[1:]
				return true
			}
			h := f.holds(key)
			same = h != nil && h.inserted
			return same
		})
		if !same || len(seen) > 0 {
			return false
		}
	}
	return true
}

// mostKept bounds the memory that a footprint keeps for the next attempt.
const mostKept = 1 << 14

func (f *footprint[R]) reset() {
	f.reads, f.spans, f.held, f.entries = emptied(f.reads), emptied(f.spans), emptied(f.held), emptied(f.entries)
}

// emptied returns an empty slice in the memory of s, which keeps nothing reachable.
func emptied[E any](s []E) []E {
	if cap(s) > mostKept {
		return nil
	}
	clear(s)
	return s[:0]
}
