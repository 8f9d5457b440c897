package queue

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// waits makes one goroutine wait for a value, and another one for room if the queue is
// bounded.
var waits = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "waits", Turn: "round",
		About: "a goroutine takes from the empty queue, and another one puts into the full queue",
		Needs: []impls.Promise{queues.Waits}, Probes: []impls.Promise{queues.Waits, impls.Bounded},
		Allocates: true,
		Points:    harness.Points{Stress: load.Once},
	},
	Method: waitsMethod,
	Run: func(t *harness.Trial, create queues.New[uint64]) error {
		bounded := t.Promises(impls.Bounded)
		return load.Rounds(t, func(rng *rand.Rand) error {
			n := load.Size(rng, mostRoom)
			return waitOnce(create(n), n, bounded)
		})
	},
}

var (
	errEmpty = errors.New("a Dequeue of an empty queue did not wait for a value")
	errFull  = errors.New("an Enqueue into a full queue did not wait for room")
)

// mostRoom is the largest capacity here.
const mostRoom = 1024

// waitOnce makes a goroutine wait. If a queue has less room than its capacity, this one
// waits forever, and the watchdog reports it.
func waitOnce(q queues.Queue[uint64], capacity int, bounded bool) error {
	var group sync.WaitGroup
	got, ok := uint64(0), false
	load.QueueUp(&group, func() { got, ok = q.Dequeue() })
	q.Enqueue(1)
	group.Wait()
	if !ok || got != 1 {
		return errEmpty
	}
	if !bounded {
		return nil
	}
	for range capacity {
		q.Enqueue(1)
	}
	if capacity != rounded(capacity) { // the queue may have more room
		for range capacity {
			q.Dequeue()
		}
		return nil
	}
	var done atomic.Bool
	load.QueueUp(&group, func() { q.Enqueue(2); done.Store(true) })
	if done.Load() {
		return errFull
	}
	for range capacity + 1 {
		got, _ = q.Dequeue()
	}
	group.Wait()
	if got != 2 {
		return fmt.Errorf("the last value was %d, and not the 2 that waited for room", got)
	}
	return nil
}
