package queue

import (
	"fmt"
	"math"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// handover puts in a value just as a partner starts to wait for one. In every second
// round of a bounded queue, the partner waits for room instead. No other value and no
// other room follows. So a wake-up that is lost between the partner's last look and its
// sleep is lost forever, and the watchdog reports it.
var handover = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "handover", Turn: "hand-over",
		About: "the only value, or the only room, comes just as a partner starts to wait for it",
		Needs: []impls.Promise{queues.Waits}, Probes: []impls.Promise{queues.Waits},
		Allocates: true, Lasting: true,
		Points: harness.Points{Stress: load.Once},
	},
	Method: waitsMethod,
	Run:    runHandover,
}

const (
	// maxYields bounds how often the value or the room is held back. It is enough for a
	// partner to get from its first look to its sleep.
	maxYields = 12
	// maxDelay bounds the delay after the yields, in steps of the spin.
	maxDelay = 1000
	// over is the number of the round after the last.
	over = math.MaxInt64
)

func runHandover(t *harness.Trial, create queues.New[uint64]) error {
	bounded := t.Promises(impls.Bounded)
	return t.Window(func(w *harness.Window) error {
		var start, ready, done load.Baton
		q := create(room)
		forRoom := func(round int64) bool { return bounded && round%2 == 0 }
		take := func(w *harness.Worker, want int64) {
			if v, _ := q.Dequeue(); v != uint64(want) {
				w.Fail(fmt.Errorf("the value %d came out in place of %d", int64(v), want))
			}
		}
		w.Go("round", 1, func(w *harness.Worker) {
			for round := int64(1); w.Next(); round++ {
				if forRoom(round) {
					for range room {
						q.Enqueue(uint64(round))
					}
				}
				start.Set(round)
				ready.Await(round)
				for range w.Rand().IntN(maxYields) {
					runtime.Gosched()
				}
				w.Spin(w.Rand().IntN(maxDelay))
				if !forRoom(round) {
					q.Enqueue(uint64(round))
					done.Await(round)
					continue
				}
				take(w, round)
				done.Await(round)
				for range room - 1 {
					take(w, round)
				}
				take(w, -round)
			}
		}, harness.Then(func() { start.Set(over) }))
		w.Go("partner", 1, func(w *harness.Worker) {
			for round := int64(1); w.Next(); round++ {
				if start.Await(round) == over {
					w.Undo()
					return
				}
				ready.Set(round)
				if forRoom(round) {
					q.Enqueue(uint64(-round))
				} else {
					take(w, round)
				}
				done.Set(round)
			}
		}, harness.After("round"))
		return nil
	})
}
