package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// fifo has a reader and a writer come while a writer is inside, in this order and then in
// the other.
var fifo = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "fifo", Turn: "2 rounds",
		About: "a reader and a writer wait for a writer; FIFO serves them in order of arrival",
		Needs: []impls.Promise{impls.FIFO}, Probes: []impls.Promise{impls.FIFO},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckOrder(t, func() bool {
			return inOrder(newLock(), reader, writer) && inOrder(newLock(), writer, reader)
		}, "not first in, first out: a reader and a writer were not served in order of arrival")
	},
}

// inOrder reports whether the first waiter was served first.
func inOrder(lock locks.RWLocker, first, second side) bool {
	var a arrivals
	lock.Lock()
	a.join(lock, first)
	a.join(lock, second)
	lock.Unlock()
	return a.first() == first
}
