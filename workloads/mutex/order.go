package mutex

import (
	"slices"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// order queues waiters up behind a held lock, one after the other, and releases it. A
// lock that promises FIFO serves them in that order.
var order = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "order", Turn: "2 rounds of 4 waiters", About: "waiters queue up behind a held lock; FIFO serves them in order",
		Needs: []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		lock := newLock() // one for all rounds: it may break the order now and then
		return load.CheckOrder(t, func() bool { return slices.IsSorted(served(lock)) },
			"not first in, first out: waiters were not served in order of arrival")
	},
}

const waiters = 4 // in one round; a random order is right in 1 of 24

// served returns the waiters of one round in the order in which they got the lock.
func served(lock sync.Locker) []int {
	var got []int
	var group sync.WaitGroup
	lock.Lock()
	for i := range waiters {
		load.QueueUp(&group, func() {
			lock.Lock()
			got = append(got, i)
			lock.Unlock()
		})
	}
	lock.Unlock()
	group.Wait()
	return got
}

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
		return load.CheckOrder(t, func() bool { return servedBefore(lock) == waiters },
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
