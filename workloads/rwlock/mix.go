package rwlock

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// A record is plain data that only exclusion keeps whole: a writer moves its words on one after the other, half of
// them before its work and half after, and a reader must see them all at the same turn.
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

// read looks at the record twice, with work between.
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

// choices is how many draws of read or write a worker goes through again and again.
const choices = 4096

// draw returns a worker's choices of read or write.
func draw(w *harness.Worker, share float64) *[choices]bool {
	reads := new([choices]bool)
	for i := range reads {
		reads[i] = w.Rand().Float64() < share
	}
	return reads
}

func mix(t *harness.Trial, newLock locks.New) error {
	n, share, yield := load.Goroutines.Of(t), readPct.Of(t)/100, load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared := newLock(), new(record)
		var writes atomic.Uint64
		w.Go("worker", n, func(w *harness.Worker) {
			reads := draw(w, share)
			var turn, mine uint64
			for w.Next() {
				turn++
				if reads[turn%choices] {
					token := lock.RLock()
					w.Mark()
					shared.read(w, hold, yield, turn)
					lock.RUnlock(token)
				} else {
					lock.Lock()
					w.Mark()
					shared.write(w, hold, yield, turn)
					lock.Unlock()
					mine++
				}
				w.Think(think)
			}
			writes.Add(mine)
		})
		w.Check(func() error { return counted(shared, writes.Load()) })
		return nil
	})
}

// counted checks that no write was lost.
func counted(r *record, writes uint64) error {
	if !r.whole() || r.words[0] != writes {
		return fmt.Errorf("lost updates: %d writes were made and the record stands at %d", writes, r.words)
	}
	return nil
}

func roles(t *harness.Trial, newLock locks.New) error {
	hold, think, row := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t)), uint64(burst.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared := newLock(), new(record)
		var writes atomic.Uint64
		w.Go("reader", readers.Of(t), func(w *harness.Worker) {
			for w.Next() {
				token := lock.RLock()
				w.Mark()
				shared.read(w, hold, 0, 0)
				lock.RUnlock(token)
				w.Think(think)
			}
		})
		w.Go("writer", writers.Of(t), func(w *harness.Worker) {
			mine := uint64(0)
			for w.Next() {
				lock.Lock()
				shared.write(w, hold, 0, 0)
				lock.Unlock()
				if mine++; mine%row == 0 {
					w.Think(think)
				}
			}
			writes.Add(mine)
		})
		w.Check(func() error {
			w.Metric("writes/op", float64(w.Turns("writer"))/float64(max(w.Turns("reader"), 1)))
			return counted(shared, writes.Load())
		})
		return nil
	})
}
