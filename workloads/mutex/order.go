package mutex

import (
	"slices"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

const line = 4 // waiters in one round; a random order is right in 1 of 24

// order lines waiters up behind a held lock, one after the other, and releases it: a lock that promises
// FIFO serves them as they came. An arrival cannot be seen from outside, and a waiter may be
// preempted just before it queues, so the verdict is over many rounds.
func order(t *harness.Trial, newLock locks.New) error {
	return load.InOrder(t, func() bool { return slices.IsSorted(served(newLock())) },
		"not first in, first out: waiters were not served in order of arrival")
}

// served returns the waiters of one round in the order in which they got the lock.
func served(lock sync.Locker) []int {
	var got []int
	var group sync.WaitGroup
	lock.Lock()
	for i := range line {
		load.Line(&group, func() {
			lock.Lock()
			got = append(got, i)
			lock.Unlock()
		})
	}
	lock.Unlock()
	group.Wait()
	return got
}

func isFIFO(i impls.Impl[locks.New]) bool { return i.Has(impls.FIFO) }
