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
	var l line
	token := lock.RLock()
	l.join(lock, writer)
	l.join(lock, reader)
	lock.RUnlock(token)
	return l.first() == writer
}

// fifo lets a reader and a writer come while a writer is inside, in this order and then in the other.
func fifo(t *harness.Trial, newLock locks.New) error {
	return load.InOrder(t, func() bool {
		return inOrder(newLock(), reader, writer) && inOrder(newLock(), writer, reader)
	}, "not first in, first out: a reader and a writer were not served as they came")
}

func inOrder(lock locks.RWLocker, first, second kind) bool {
	var l line
	lock.Lock()
	l.join(lock, first)
	l.join(lock, second)
	lock.Unlock()
	return l.first() == first
}

type kind = int64

const (
	reader kind = 1
	writer kind = 2
)

// A line is those who wait for a lock; it notes of what kind the first one was that got in.
type line struct {
	group sync.WaitGroup
	kind  atomic.Int64
}

func (l *line) join(lock locks.RWLocker, k kind) {
	load.Line(&l.group, func() {
		if k == writer {
			lock.Lock()
			defer lock.Unlock()
		} else {
			token := lock.RLock()
			defer lock.RUnlock(token)
		}
		l.kind.CompareAndSwap(0, k)
	})
}

func (l *line) first() kind {
	l.group.Wait()
	return l.kind.Load()
}
