package semaphore

import (
	"context"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// handover releases the only permit just as a partner starts to wait for it. Nothing else
// can wake the partner.
var handover = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "handover", Turn: "handover",
		About:   "the only permit is released just as a partner starts to wait for it",
		Lasting: true, Share: 3,
		Points: harness.Points{Standard: load.Once, Stress: load.Once},
	},
	Run: runHandover,
}

func runHandover(t *harness.Trial, newSemaphore sems.New) error {
	return t.Window(func(w *harness.Window) error {
		s := newSemaphore(1)
		load.HandOver(w, func(w *harness.Worker) {
			if err := s.Acquire(context.Background(), 1); err != nil {
				w.Fail(err)
			}
		}, func() { s.Release(1) })
		w.Check(func() error { return newLimit(1).settled(s, 1) })
		return nil
	})
}
