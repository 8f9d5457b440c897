package rwlock

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh lock through a short life: a few goroutines read and write a few
// times each and end. The last waiter of a life has only one goroutine to wake it. In a
// long window, the next section would hide a wake-up that was lost.
var lives = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a lock", About: "a fresh lock is used a few times by a few goroutines, which then end",
		Params: []harness.AnyParam{load.Goroutines, sections},
		Share:  3,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 2, 40), harness.Within(sections, 1, 40)),
		}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		n, each := load.Goroutines.Of(t), sections.Of(t)
		return t.Window(func(w *harness.Window) error {
			w.Go("life", 1, func(w *harness.Worker) {
				for w.Next() {
					if err := live(newLock(), n, each, 1+w.Rand().IntN(4), nothing); err != nil {
						w.Fail(err)
						return
					}
				}
			})
			return nil
		})
	},
}

var sections = harness.Param[int]{
	Key: "sections", About: "sections of each goroutine in the life of a lock, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

// live lets n goroutines read and write a note a few times each, and call inside there.
// One section in some writes.
func live(lock locks.RWLocker, n, each, oneIn int, inside func()) error {
	var shared note
	var broken atomic.Bool
	var group sync.WaitGroup
	var writes atomic.Uint64
	for g := range n {
		group.Go(func() {
			for i := range each {
				whole := true
				if (g+i)%oneIn == 0 {
					lock.Lock()
					whole = shared.write(inside)
					lock.Unlock()
					writes.Add(1)
				} else {
					token := lock.RLock()
					whole = shared.read(inside)
					lock.RUnlock(token)
				}
				if !whole {
					broken.Store(true)
				}
			}
		})
	}
	group.Wait()
	switch {
	case broken.Load():
		return errTorn
	case shared != note{writes.Load(), writes.Load()}:
		return fmt.Errorf("lost updates: %d writes were made and the note is at %v", writes.Load(), shared)
	}
	return nil
}

// A note is plain data that only exclusion keeps whole.
type note struct{ first, second uint64 }

// read reports whether the note was whole and stayed as it was.
func (n *note) read(inside func()) bool {
	was := *n
	inside()
	if was.first%8 == 0 {
		runtime.Gosched()
	}
	return was.first == was.second && *n == was
}

// write moves the note on by one, and reports whether no other goroutine touched it.
func (n *note) write(inside func()) bool {
	was := *n
	n.first++
	inside()
	if was.first%8 == 0 {
		runtime.Gosched()
	}
	whole := was.first == was.second && *n == note{was.first + 1, was.second}
	n.second++
	return whole
}

func nothing() {}
