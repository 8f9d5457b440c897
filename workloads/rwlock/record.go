package rwlock

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// A record is plain data that only exclusion keeps whole. A writer moves its words on one
// after the other, half of them before its work and half after, and a reader must see
// them all at the same turn.
type record struct{ words [8]uint64 }

var (
	errTorn  = errors.New("a reader saw half of a write")
	errAlone = errors.New("a writer was not alone")
)

func (r *record) whole() bool {
	for _, w := range r.words[1:] {
		if w != r.words[0] {
			return false
		}
	}
	return true
}

// read looks at the record twice, with work in between.
func (r *record) read(w *harness.Worker, hold, yield int, turn uint64) {
	first := r.words[0]
	whole := r.whole()
	w.Spin(hold)
	load.Yields(turn, yield)
	if !whole || !r.whole() || r.words[0] != first {
		w.Fail(errTorn)
	}
}

// write moves the record on by one turn.
func (r *record) write(w *harness.Worker, hold, yield int, turn uint64) {
	whole := r.whole()
	at := r.words[0] + 1
	for i := range len(r.words) / 2 {
		r.words[i] = at
	}
	w.Spin(hold)
	load.Yields(turn, yield)
	for i := range r.words {
		if i < len(r.words)/2 {
			whole = whole && r.words[i] == at
		} else {
			whole = whole && r.words[i] == at-1
			r.words[i] = at
		}
	}
	if !whole {
		w.Fail(errAlone)
	}
}

// counted checks that no write was lost.
func (r *record) counted(writes uint64) error {
	if !r.whole() || r.words[0] != writes {
		return fmt.Errorf("lost updates: %d writes were made and the record is at %d", writes, r.words)
	}
	return nil
}
