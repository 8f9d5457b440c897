package hashmap

import (
	"fmt"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// A loot is the values that deletes have returned. Of the two that are stored in a turn, the first has an even version and may have been
// replaced by the second, which nothing replaces.
type loot struct{ replaceable, last, versions uint64 }

// take deletes the number's key.
func (l *loot) take(m table, number int) (ok bool, err error) {
	got, ok := m.LoadAndDelete(key(number))
	if !ok {
		return false, nil
	}
	if numberOf(got) != number {
		return false, foreign(number, got)
	}
	if version := got - value(number, 0); version%2 == 0 {
		l.replaceable++
	} else {
		l.last++
		l.versions += version
	}
	return true, nil
}

// A till is what all workers have stored and got.
type till struct {
	mu    sync.Mutex
	got   loot
	turns uint64
	want  uint64 // the versions that were stored last in a turn, added up
}

func (t *till) add(l loot, turns uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got.replaceable += l.replaceable
	t.got.last += l.last
	t.got.versions += l.versions
	t.turns += turns
	t.want += turns * turns // 1 + 3 + 5 + …
}

func (t *till) check() error {
	if t.got.replaceable > t.turns {
		return fmt.Errorf("%d values were got by deletes, of %d that were stored", t.got.replaceable, t.turns)
	}
	if t.got.last != t.turns || t.got.versions != t.want {
		return fmt.Errorf("%d values were got by deletes, of %d that nobody replaced; their versions add up to %d, want %d", t.got.last, t.turns, t.got.versions, t.want)
	}
	return nil
}

const (
	// long is how long a window is, so that in a part of it two processors are free.
	long = 30 * time.Millisecond
	// mostDelay is how long one who stores waits at most before the second store, in steps of the spin: about as long as another one takes
	// to see the first and to begin to delete it.
	mostDelay = 64
	// missesToYield is how many deletes of nothing there are to a yield, for where those who store have no processor.
	missesToYield = 16
)

// taken lets n workers each store a key twice and delete it, while n others delete these keys all the time. The second store finds a value that
// is just being deleted, or one that is gone; what it stores is got by exactly one.
func taken(t *harness.Trial, create New) error {
	n := load.Goroutines.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Lasts(long)
		m, all := create(), new(till)
		w.Go("storer", n, func(w *harness.Worker) {
			var mine loot
			turns := uint64(0)
			for ; w.Next(); turns++ {
				m.Store(key(w.ID), value(w.ID, 2*turns))
				w.Spin(int(turns % mostDelay))
				m.Store(key(w.ID), value(w.ID, 2*turns+1))
				if _, err := mine.take(m, w.ID); err != nil {
					w.Fail(err)
				}
			}
			all.add(mine, turns)
		})
		w.Go("taker", n, func(w *harness.Worker) {
			var mine loot
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
			all.add(mine, 0)
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
