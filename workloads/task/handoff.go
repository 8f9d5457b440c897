package task

import (
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	tasks "github.com/contendbench/contend/impls/task"
)

// handoff gives one task at a time to a pool that is idle. It shows what the hand-off to
// a thread costs beside that to a goroutine.
var handoff = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "handoff", Turn: "round trip of a task and a pause",
		About:   "one task at a time goes to an idle worker, and its submitter waits for its end",
		Params:  []harness.AnyParam{workers, queue, pauseUs},
		Metrics: []harness.Metric{handoffNs}, Ranks: handoffNs, CurveAxis: pauseUs, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(workers.In(1), pauseUs.In(0, 20, 1000))},
			Stress:   []harness.Grid{over(tinyPools, pauseUs.In(0, 20))},
		},
	},
	Run: runHandoff,
}

var (
	pauseUs = harness.Param[int]{
		Key: "pause-us", About: "sleep of the submitter after each task, µs", Default: 0,
		Valid: harness.Between(0, 1_000_000),
	}
	handoffNs = harness.Metric{
		Unit: "handoff-ns", Better: harness.Lower,
		About: "median time from the Submit to the start of its task, in latency windows",
	}
)

// maxHandoffs bounds the times that a window keeps.
const maxHandoffs = 100_000

func runHandoff(t *harness.Trial, create tasks.New) error {
	pause := time.Duration(pauseUs.Of(t)) * time.Microsecond
	return t.Window(func(w *harness.Window) error {
		timed, took := w.Timed(), make([]time.Duration, 0, maxHandoffs)
		work := func(*job) {}
		if timed {
			work = func(j *job) { j.started = machine.Since() }
		}
		s := &site{pool: create(poolSize(t)), batches: newBatches(1, 1, work)}
		s.play(w, 1, func(w *harness.Worker, b *batch) error {
			for w.Next() {
				var from time.Duration
				if timed {
					from = machine.Since()
				}
				if err := b.call(s.pool); err != nil {
					return err
				}
				w.Mark()
				if timed && len(took) < maxHandoffs {
					took = append(took, b.jobs[0].started-from)
				}
				if pause > 0 {
					time.Sleep(pause)
				}
			}
			return nil
		})
		w.Check(func() error {
			if len(took) > 0 {
				slices.Sort(took)
				w.Set(handoffNs, float64(took[len(took)/2]))
			}
			return nil
		})
		return nil
	})
}
