package rwlock

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// meets is how long one waits for another one who need not wait.
const meets = time.Second

// together lets two readers wait for each other inside; an adapter that takes the writer's side fails it.
func together(t *harness.Trial, newLock locks.New) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				if !meet(newLock()) {
					w.Fail(errors.New("two readers were not inside together within a second"))
					return
				}
			}
		})
		return nil
	})
}

func meet(lock locks.RWLocker) bool {
	inside := make(chan struct{})
	token := lock.RLock()
	go func() {
		other := lock.RLock()
		close(inside)
		lock.RUnlock(other)
	}()
	defer lock.RUnlock(token)
	select {
	case <-inside:
		return true
	case <-time.After(meets):
		return false
	}
}

// order lets a reader come when a writer already waits for another reader. An arrival cannot be seen from outside, so
// the verdict is over many rounds.
func order(t *harness.Trial, newLock locks.New) error {
	return load.InOrder(t, func() bool { return writerFirst(newLock()) },
		"no preference of writers: a later reader passed a waiting writer")
}

// writerFirst reports whether the writer, which came first, was inside first.
func writerFirst(lock locks.RWLocker) bool {
	const writer, reader = 1, 2
	var first atomic.Int64
	var group sync.WaitGroup
	token := lock.RLock()
	load.Line(&group, func() {
		lock.Lock()
		first.CompareAndSwap(0, writer)
		lock.Unlock()
	})
	load.Line(&group, func() {
		token := lock.RLock()
		first.CompareAndSwap(0, reader)
		lock.RUnlock(token)
	})
	lock.RUnlock(token)
	group.Wait()
	return first.Load() == writer
}
