package task

import (
	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
)

// tail mixes rare long tasks into short ones. Only the short ones are timed: a pool that
// queues one behind a long task shows it in their tail.
var tail = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "tail", Turn: "short task and the wait for its end",
		About:  "one task in many is 100 times longer; the short ones are timed",
		Params: []harness.AnyParam{submitters, workers, queue, taskNs, longEvery}, CurveAxis: longEvery, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(submitters.In(4, 16), taskNs.In(1000), longEvery.In(20, 100, 1000))},
			Stress: []harness.Grid{
				over(tinyPools, submitters.In(1, 4), taskNs.In(0, 100), longEvery.In(1, 2, 10)),
			},
		},
	},
	Run: runTail,
}

var longEvery = harness.Param[int]{
	Key: "long-every", About: "a long task comes with one short task in this many, at least 1", Default: 100,
	Valid: harness.AtLeast(1),
}

// longer is how much longer the long tasks are.
const longer = 100

func runTail(t *harness.Trial, create tasks.New) error {
	n, every := submitters.Of(t), longEvery.Of(t)
	short, long := spinning(t.Spins(taskNs.Of(t))), spinning(longer*t.Spins(taskNs.Of(t)))
	return t.Window(func(w *harness.Window) error {
		s := &site{pool: create(poolSize(t)), batches: append(newBatches(n, 1, short), newBatches(n, 1, long)...)}
		s.play(w, n, func(w *harness.Worker, b *batch) error {
			slow := s.batches[n+w.ID]
			defer slow.wait()
			for turn := 0; w.Next(); turn++ {
				if err := b.call(s.pool); err != nil {
					return err
				}
				w.Mark()
				if turn%every != 0 {
					continue
				}
				slow.wait()
				if err := slow.submit(s.pool); err != nil {
					return err
				}
			}
			return nil
		})
		return nil
	})
}
