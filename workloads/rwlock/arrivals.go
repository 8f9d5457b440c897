package rwlock

import (
	"sync"
	"sync/atomic"

	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// side is what a waiter asks a lock for.
type side = int64

const (
	reader side = 1
	writer side = 2
)

// arrivals are waiters that queue up for a lock one after the other. They note which side
// got in first.
type arrivals struct {
	group sync.WaitGroup
	side  atomic.Int64
}

func (a *arrivals) join(lock locks.RWLocker, s side) {
	load.QueueUp(&a.group, func() {
		if s == writer {
			lock.Lock()
			defer lock.Unlock()
		} else {
			token := lock.RLock()
			defer lock.RUnlock(token)
		}
		a.side.CompareAndSwap(0, s)
	})
}

// first waits for all of them, and returns the side that got in first.
func (a *arrivals) first() side {
	a.group.Wait()
	return a.side.Load()
}
