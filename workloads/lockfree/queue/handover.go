package queue

import (
	"fmt"
	"math"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// handoverOf is the workload of hand-overs for a row that promises Waits.
func handoverOf(i row) harness.Workload[queue.New[uint64]] {
	return harness.Workload[queue.New[uint64]]{
		Name: "handover", Op: "hand-over", About: "the only value, or the only room, comes just as a partner begins to wait for it", Allocates: true,
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.Waits),
		Run: func(t *harness.Trial, create queue.New[uint64]) error {
			return handover(t, create, i.Has(impls.Bounded))
		},
	}
}

const (
	// mostYields is how often a value or room is kept back at most: enough for a partner to go from its first look to its sleep.
	mostYields = 12
	// mostDelay is what comes on top at most, in steps of the spin.
	mostDelay = 1000
	// over is the number of the round after the last.
	over = math.MaxInt64
)

// handover puts in a value just as a partner begins to wait for one, and no other comes: a wake-up that is lost between the partner's last
// look and its sleep is lost for good, and the watchdog sees it. In every second round of a bounded queue the partner waits for room.
func handover(t *harness.Trial, create queue.New[uint64], bounded bool) error {
	return t.Window(func(w *harness.Window) error {
		var start, ready, done load.Baton
		q := create(room)
		forRoom := func(round int64) bool { return bounded && round%2 == 0 }
		take := func(w *harness.Worker, want int64) {
			if v, _ := q.Dequeue(); v != uint64(want) {
				w.Fail(fmt.Errorf("%d came out in place of %d", v, want))
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
				for range w.Rand().IntN(mostYields) {
					runtime.Gosched()
				}
				w.Spin(w.Rand().IntN(mostDelay))
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
