package mutex

import (
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// order queues waiters up behind a held lock, one after the other, and releases it. A
// lock that promises FIFO serves them in that order, however many wait.
var order = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "order", Turn: "2 rounds of waiters", About: "waiters queue up behind a held lock; FIFO serves them in order",
		Params: []harness.AnyParam{load.Waiters},
		Needs:  []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Waiters.In(4, 40, 200, 600))}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		lock, n := newLock(), load.Waiters.Of(t) // one lock for all rounds: it may break the order now and then
		return load.CheckOrder(t, n, func(w *harness.Worker) bool { return load.InOrder(load.ServedBy(w, lock, n)) },
			"not first in, first out: waiters were not served in order of arrival")
	},
}

const waiters = 4 // in one round of newcomer

// newcomer releases a lock that others wait for and acquires it again at once. Under a
// lock that promises FIFO, all of them come before it.
var newcomer = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "newcomer", Turn: "2 rounds of 4 waiters",
		About: "the holder comes back at once while others wait; FIFO serves them first",
		Needs: []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		lock := newLock()
		return load.CheckOrder(t, waiters, func(*harness.Worker) bool { return servedBefore(lock) == waiters },
			"not first in, first out: a newcomer overtook waiters")
	},
}

// servedBefore returns how many waiters had the lock before the holder had it again.
func servedBefore(lock sync.Locker) int {
	var got int
	var group sync.WaitGroup
	lock.Lock()
	for range waiters {
		load.QueueUp(&group, func() {
			lock.Lock()
			got++
			lock.Unlock()
		})
	}
	lock.Unlock()
	lock.Lock()
	before := got
	lock.Unlock()
	group.Wait()
	return before
}
