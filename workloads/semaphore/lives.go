package semaphore

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh semaphore through a short life: a few goroutines acquire permits a
// few times each and end. The last waiter of a life has only one release to wake it. In a
// long window, the next release would hide a wake-up that was lost.
var lives = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a semaphore",
		About:  "a fresh semaphore is acquired a few times by a few goroutines, which then end",
		Params: []harness.AnyParam{load.Goroutines, acquisitions, permitCount},
		Share:  3,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(load.Goroutines, 2, 40), harness.Within(acquisitions, 1, 40), permitCount.In(1, 2, 3, 7),
		)}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		l := life{
			n: load.Goroutines.Of(t), each: acquisitions.Of(t), size: permitCount.Of(t),
			weighted: t.Promises(sems.Weighted), inside: nothing,
		}
		return t.Window(func(w *harness.Window) error {
			w.Go("life", 1, func(w *harness.Worker) {
				for w.Next() {
					if err := l.live(newSemaphore(l.size)); err != nil {
						w.Fail(err)
						return
					}
				}
			})
			return nil
		})
	},
}

var acquisitions = harness.Param[int]{
	Key: "acquisitions", About: "acquisitions by each goroutine in the life of a semaphore, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

// A life is n goroutines that acquire permits of a semaphore of that size, each times
// each, and call inside while they hold them.
type life struct {
	n, each, size int
	weighted      bool
	inside        func()
}

// live takes a semaphore through a life, and checks it afterwards.
func (l life) live(s sems.Semaphore) error {
	var group sync.WaitGroup
	var failed atomic.Pointer[error]
	fail := func(err error) { failed.CompareAndSwap(nil, &err) }
	used, shared := newLimit(l.size), new(record)
	for g := range l.n {
		group.Go(func() {
			for i := range l.each {
				n := l.weight(g + i)
				if (g+i)%5 != 0 || !s.TryAcquire(n) {
					if err := s.Acquire(context.Background(), n); err != nil {
						fail(err)
						return
					}
				}
				if err := used.take(n); err != nil {
					fail(err)
				}
				if !shared.use(n == l.size, l.inside) {
					fail(errShared)
				}
				used.leave(n)
				s.Release(n)
				if (g+i)%7 == 0 {
					runtime.Gosched()
				}
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return used.settled(s, l.size)
}

func nothing() {}

// weight is how many permits a turn takes: one, or all of them in every third.
func (l life) weight(turn int) int {
	if l.weighted && turn%3 == 0 {
		return l.size
	}
	return 1
}
