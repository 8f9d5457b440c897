package hashmap

import (
	"fmt"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// taken has n workers each store a key twice and delete it, while n others delete these
// keys all the time. The second store may find a value that is just being deleted, or
// none. Exactly one delete returns what it stores. In every second turn it is a
// LoadOrStore, if the map has one, which stores or returns the first value.
var taken = harness.Workload[New]{
	Load: harness.Load{
		Name: "taken", Turn: "two stores and a delete",
		About:     "n workers store and delete a key each, while n others delete these keys",
		Params:    []harness.AnyParam{load.Goroutines},
		Probes:    []impls.Promise{maps.Sized},
		Allocates: true, Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 4)), harness.Over(harness.Within(load.Goroutines, 1, 64)),
		}},
	},
	Run: runTaken,
}

const (
	// long makes a window long enough that two processors are free during a part of it.
	long = 30 * time.Millisecond
	// maxDelay bounds the wait before the second store, in steps of the spin. It is about
	// what another worker takes to see the first and start to delete it.
	maxDelay = 64
	// missesToYield is how many deletes of nothing there are to a yield. It matters when
	// the workers that store have no processor.
	missesToYield = 16
)

func runTaken(t *harness.Trial, create New) error {
	n := load.Goroutines.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Lasts(long)
		m, all := create(), new(totals)
		w.Go("storer", n, func(w *harness.Worker) {
			var mine, stored deletions
			for turn := uint64(0); w.Next(); turn++ {
				m.Store(key(w.ID), value(w.ID, 2*turn))
				stored.note(2 * turn)
				w.Spin(int(turn % maxDelay))
				if err := stored.again(m, w.ID, turn); err != nil {
					w.Fail(err)
				}
				if _, err := mine.take(m, w.ID); err != nil {
					w.Fail(err)
				}
			}
			all.add(mine, stored)
		})
		w.Go("taker", n, func(w *harness.Worker) {
			var mine deletions
			misses := uint64(0)
			for number := w.ID; w.Next(); number = (number + 1) % n {
				ok, err := mine.take(m, number)
				if err != nil {
					w.Fail(err)
				}
				if !ok {
					w.Undo()
					misses++
					load.Yields(misses, missesToYield)
				}
			}
			all.add(mine, deletions{})
		})
		w.Check(func() error {
			if err := all.check(); err != nil {
				return err
			}
			return count(m, 0)
		})
		return nil
	})
}

// Deletions are the values that deletes have returned, or must return. The first value of
// a turn has an even version, and the second may replace it. The second is final.
type deletions struct{ replaceable, final, versions uint64 }

func (d *deletions) note(version uint64) {
	if version%2 == 0 {
		d.replaceable++
	} else {
		d.final++
		d.versions += version
	}
}

// again is the second store of a turn. It notes what it stores.
func (d *deletions) again(m table, number int, turn uint64) error {
	first, second := value(number, 2*turn), value(number, 2*turn+1)
	s, sets := m.(setter)
	if !sets || turn%2 == 0 {
		m.Store(key(number), second)
		d.note(2*turn + 1)
		return nil
	}
	got, loaded := s.LoadOrStore(key(number), second)
	if loaded {
		return same(number, got, true, first)
	}
	d.note(2*turn + 1)
	return same(number, got, true, second)
}

// take deletes the number's key.
func (d *deletions) take(m table, number int) (ok bool, err error) {
	got, ok := m.LoadAndDelete(key(number))
	if !ok {
		return false, nil
	}
	if numberOf(got) != number {
		return false, foreign(number, got)
	}
	d.note(versionOf(got))
	return true, nil
}

// Totals are what all workers have stored, and what their deletes returned.
type totals struct {
	mu          sync.Mutex
	got, stored deletions
}

func (t *totals) add(got, stored deletions) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got.add(got)
	t.stored.add(stored)
}

func (d *deletions) add(other deletions) {
	d.replaceable += other.replaceable
	d.final += other.final
	d.versions += other.versions
}

func (t *totals) check() error {
	if t.got.replaceable > t.stored.replaceable {
		return fmt.Errorf("deletes returned %d replaceable values, of %d that were stored",
			t.got.replaceable, t.stored.replaceable)
	}
	if t.got.final != t.stored.final || t.got.versions != t.stored.versions {
		return fmt.Errorf("deletes returned %d final values, want %d; their versions add up to %d, want %d",
			t.got.final, t.stored.final, t.got.versions, t.stored.versions)
	}
	return nil
}
