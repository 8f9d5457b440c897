package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// order has a reader come while a writer waits for another reader. A lock that prefers
// writers holds the new reader back.
var order = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "order", Turn: "round", About: "a writer waits for a reader; a reader that comes then must not pass it",
		Needs: []impls.Promise{locks.WriterPreference}, Probes: []impls.Promise{locks.WriterPreference},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckOrder(t, func() bool { return writerFirst(newLock()) },
			"no preference of writers: a later reader passed a waiting writer")
	},
}

// writerFirst reports whether the writer, which came first, was inside first.
func writerFirst(lock locks.RWLocker) bool {
	var a arrivals
	token := lock.RLock()
	a.join(lock, writer)
	a.join(lock, reader)
	lock.RUnlock(token)
	return a.first() == writer
}
