package mutex

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
)

const (
	line     = 4                     // waiters in one round
	apart    = 50 * time.Microsecond // between two arrivals: enough to be in the queue
	inOrder  = 0.5                   // share of rounds that a FIFO lock keeps in order at the least
	evidence = 5                     // rounds before a verdict; a random order is right in 1 of 24
)

// order lines waiters up behind a held lock, one after the other, and releases it: a lock that promises
// FIFO serves them as they came. An arrival cannot be seen from outside, and a waiter may be
// preempted just before it queues, so the verdict is over many rounds.
func order(t *harness.Trial, newLock locks.New) error {
	return t.Window(func(w *harness.Window) error {
		lock := newLock()
		var rounds, right int
		w.Lasts(50 * time.Millisecond)
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				rounds++
				if slices.IsSorted(served(lock)) {
					right++
				}
			}
		})
		w.Check(func() error {
			if rounds >= evidence && float64(right) < inOrder*float64(rounds) {
				return fmt.Errorf("not first in, first out: only %d of %d rounds were served in order of arrival", right, rounds)
			}
			return nil
		})
		return nil
	})
}

// served returns the waiters of one round in the order in which they got the lock.
func served(lock sync.Locker) []int {
	var got []int
	var group sync.WaitGroup
	lock.Lock()
	for i := range line {
		var arrived atomic.Bool
		group.Go(func() {
			arrived.Store(true)
			lock.Lock()
			got = append(got, i)
			lock.Unlock()
		})
		for !arrived.Load() {
			runtime.Gosched()
		}
		time.Sleep(apart)
	}
	lock.Unlock()
	group.Wait()
	return got
}

func isFIFO(i impls.Impl[locks.New]) bool { return i.Has(impls.FIFO) }
