package queue

import (
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
)

// unbounded puts in far more values than the capacity that the queue was made with, by as
// many goroutines at once as the queue allows.
var unbounded = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "unbounded", Turn: "round", About: "producers put in many values at once, and then consumers take them out",
		Params: []harness.AnyParam{producers, consumers, depth},
		Needs:  []impls.Promise{impls.Unbounded}, Probes: []impls.Promise{impls.Unbounded},
		Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(producers, 1, 32), harness.Within(consumers, 1, 32), harness.Within(depth, 1000, 200_000),
		)}},
	},
	Run: func(t *harness.Trial, create queues.New[uint64]) error {
		in, out := ends(t)
		values := max(depth.Of(t)/in, 1) * in
		return play(t, values, func() queues.Queue[uint64] { return create(places) }, func(l *life) { l.fillUp(in, out) })
	},
}

// fillUp lets producers put in all values, and then consumers take them out.
func (l *life) fillUp(producers, consumers int) {
	var group sync.WaitGroup
	for p := range producers {
		group.Go(func() { defer l.caught(); l.putShare(p, len(l.notes)/producers) })
	}
	group.Wait()
	l.in.Store(true)
	if l.failed.Load() {
		return
	}
	for c := range consumers {
		group.Go(func() { defer l.caught(); l.takeShare(c, producers, consumers) })
	}
	group.Wait()
	l.empty()
}
