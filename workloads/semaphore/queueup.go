package semaphore

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// comes starts f on a goroutine of group, and returns when it should be waiting. It is
// load.QueueUp without a sleep, which takes a millisecond on a busy machine: a window
// must have many rounds.
func comes(group *sync.WaitGroup, f func()) {
	var started atomic.Bool
	group.Go(func() {
		started.Store(true)
		f()
	})
	for !started.Load() {
		runtime.Gosched()
	}
	gap()
}

// gap lets others run for as long as a goroutine needs to queue up.
func gap() {
	for start := time.Now(); time.Since(start) < load.ArrivalGap; {
		runtime.Gosched()
	}
}

// checkOrder is load.CheckOrder with waiters that come by comes.
func checkOrder(t *harness.Trial, round func() bool, complaint string) error {
	return load.CheckAgainst(t,
		func(*rand.Rand) (bool, error) { return round(), nil },
		func(*rand.Rand) (bool, error) { return queueInOrder(), nil },
		complaint)
}

// queueInOrder plays a round with a queue of waiters that is right by construction.
func queueInOrder() bool {
	var queue load.Queue
	var got []int
	var group sync.WaitGroup
	queue.Lock()
	for i := range waiters {
		comes(&group, func() {
			queue.Lock()
			got = append(got, i)
			queue.Unlock()
		})
	}
	queue.Unlock()
	group.Wait()
	return slices.IsSorted(got)
}
