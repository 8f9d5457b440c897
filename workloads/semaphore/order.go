package semaphore

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// order queues a heavy waiter up before a light one. When one permit comes back, a
// semaphore that promises FIFO keeps it for the heavy one.
var order = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "order", Turn: "2 rounds of waiters",
		About: "a heavy waiter queues up before a light one and a TryAcquire; FIFO serves it first",
		Needs: []impls.Promise{impls.FIFO, sems.Weighted}, Probes: []impls.Promise{impls.FIFO},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		s := newSemaphore(2)
		return load.CheckOrder(t, waiters, func(*harness.Worker) bool { return heavyFirst(s) },
			"not first in, first out: the light waiter overtook the heavy one")
	},
}

// heavyFirst reports whether the heavy waiter, which came first, was served first.
func heavyFirst(s sems.Semaphore) bool {
	var first atomic.Int64
	var group sync.WaitGroup
	s.TryAcquire(1)
	s.TryAcquire(1)
	for _, n := range []int{2, 1} {
		load.QueueUp(&group, func() {
			if s.Acquire(context.Background(), n) == nil {
				first.CompareAndSwap(0, int64(n))
				s.Release(n)
			}
		})
	}
	s.Release(1)
	load.Gap()
	if s.TryAcquire(1) {
		first.CompareAndSwap(0, 1)
		s.Release(1)
	}
	s.Release(1)
	group.Wait()
	return first.Load() == 2
}

const waiters = 4 // in one round of newcomer and order

// line queues waiters up behind one permit, one after the other, and releases it. A
// semaphore that promises FIFO serves them in that order, however many wait.
var line = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "line", Turn: "2 rounds of waiters", About: "waiters for single permits queue up; FIFO serves them in order",
		Params: []harness.AnyParam{permitCount, load.Waiters},
		Needs:  []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(permitCount.In(1, 2, 5)),
			harness.Over(permitCount.In(1, 5), load.Waiters.In(40)),
			harness.Over(permitCount.In(1), load.Waiters.In(200)),
		}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		size, n := permitCount.Of(t), load.Waiters.Of(t)
		s := newSemaphore(size)
		return load.CheckOrder(t, n, func(w *harness.Worker) bool { return load.InOrder(served(w, s, size, n)) },
			"not first in, first out: waiters were not served in order of arrival")
	},
}

// served returns the waiters of one round in the order in which they got a permit. Only
// one of the permits goes round.
func served(w *harness.Worker, s sems.Semaphore, size, n int) []int {
	var got []int
	group := queueUp(w, s, size, n, func(i int) { got = append(got, i) })
	s.Release(1)
	group.Wait()
	s.Release(size - 1)
	return got
}

// queueUp takes all permits and has n waiters queue up, which call visit while they hold
// one.
func queueUp(w *harness.Worker, s sems.Semaphore, size, n int, visit func(i int)) *sync.WaitGroup {
	group := new(sync.WaitGroup)
	for range size {
		s.TryAcquire(1)
	}
	load.LineUp(w, group, n, func(i int) {
		if s.Acquire(context.Background(), 1) == nil {
			visit(i)
			s.Release(1)
		}
	})
	return group
}

// newcomer releases a permit that others wait for, tries for it and acquires it again at
// once. Under a semaphore that promises FIFO, all of them come before it.
var newcomer = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "newcomer", Turn: "2 rounds of 4 waiters",
		About:  "the holder comes back at once while others wait; FIFO serves them first",
		Params: []harness.AnyParam{permitCount},
		Needs:  []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Lasting: true,
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(permitCount.In(1, 2, 5))}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		size := permitCount.Of(t)
		s := newSemaphore(size)
		return load.CheckOrder(t, waiters, func(w *harness.Worker) bool { return servedBefore(w, s, size) == waiters },
			"not first in, first out: a newcomer overtook waiters")
	},
}

// servedBefore returns how many waiters had a permit before the holder had it again.
func servedBefore(w *harness.Worker, s sems.Semaphore, size int) int {
	var got int
	group := queueUp(w, s, size, waiters, func(int) { got++ })
	s.Release(1)
	before := -1
	if s.TryAcquire(1) || s.Acquire(context.Background(), 1) == nil {
		before = got
		s.Release(1)
	}
	group.Wait()
	s.Release(size - 1)
	return before
}
