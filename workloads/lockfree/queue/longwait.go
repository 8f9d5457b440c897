package queue

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// longWait makes a goroutine wait for so long that a queue which waits only for a time
// gives up.
var longWait = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "long-wait", Turn: "round", About: "a goroutine waits for a value or for room for up to 60 ms",
		Needs: []impls.Promise{queues.Waits}, Probes: []impls.Promise{queues.Waits}, Allocates: true,
		Points: harness.Points{Stress: load.Once},
	},
	Method: waitsMethod,
	Run: func(t *harness.Trial, create queues.New[uint64]) error {
		bounded := t.Promises(impls.Bounded)
		return load.Rounds(t, func(rng *rand.Rand) error {
			if bounded && rng.IntN(2) == 0 {
				return waitLongForRoom(rng, create(room))
			}
			return waitLong(rng, create(room))
		})
	},
}

// longest is a long time to wait in a window, and more than a timer would leave a waiter
// asleep.
const longest = 60 * time.Millisecond

func waitLong(rng *rand.Rand, q queues.Queue[uint64]) error {
	got := make(chan woken, 1)
	go func() {
		v, ok := q.Dequeue()
		got <- woken{time.Now(), v, ok}
	}()
	start := time.Now()
	load.Pause(rng, longest)
	select {
	case r := <-got:
		return fmt.Errorf("a Dequeue of an empty queue returned %d, %t after %v", r.value, r.ok, r.at.Sub(start))
	default:
	}
	q.Enqueue(1)
	if r := <-got; !r.ok || r.value != 1 {
		return fmt.Errorf("a Dequeue that had waited returned %d, %t, want 1, true", r.value, r.ok)
	}
	return nil
}

// waitLongForRoom is waitLong at the other end of a full queue.
func waitLongForRoom(rng *rand.Rand, q queues.Queue[uint64]) error {
	for range room {
		q.Enqueue(1)
	}
	got := make(chan woken, 1)
	go func() {
		ok := q.Enqueue(2)
		got <- woken{at: time.Now(), ok: ok}
	}()
	start := time.Now()
	load.Pause(rng, longest)
	select {
	case r := <-got:
		return fmt.Errorf("an Enqueue into a full queue returned %t after %v", r.ok, r.at.Sub(start))
	default:
	}
	q.Dequeue()
	if r := <-got; !r.ok {
		return errRefused
	}
	for _, want := range []uint64{1, 2} {
		if v, ok := q.Dequeue(); !ok || v != want {
			return fmt.Errorf("a Dequeue returned %d, %t, want %d, true", v, ok, want)
		}
	}
	return nil
}
