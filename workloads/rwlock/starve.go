package rwlock

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// starve has one worker read or write now and then, among others that come back at once.
// A lock that promises to starve no waiter lets each in at last.
var starve = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "starve", Turn: "section of the lone worker",
		About:  "a worker comes now and then among others that come back at once, and each must get in",
		Params: []harness.AnyParam{load.Goroutines, readPct, load.Hold},
		Needs:  []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 4), readPct.In(0, 50, 99), load.Hold.In(0, 1000, 20_000)),
		}},
	},
	Run: runStarve,
}

func runStarve(t *harness.Trial, newLock locks.New) error {
	n, share, hold := load.Goroutines.Of(t), readPct.Of(t)/100, t.Spins(load.Hold.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, lone, others := newLock(), new(load.Victim), load.NewVictims(n)
		visit := func(read bool, inside func()) {
			if read {
				token := lock.RLock()
				inside()
				lock.RUnlock(token)
				return
			}
			lock.Lock()
			inside()
			lock.Unlock()
		}
		w.Go("lone", 1, func(w *harness.Worker) {
			for w.Next() {
				load.Pause(w.Rand(), time.Millisecond)
				lone.Waits()
				visit(w.Rand().IntN(2) == 0, lone.Served)
			}
		}, harness.Then(lone.Leaves))
		w.Go("other", n, func(w *harness.Worker) {
			me := others.Of(w)
			for w.Next() && (!lone.Over() || !others.Rest(w)) {
				me.Waits()
				visit(w.Rand().Float64() < share, func() {
					me.Served()
					lone.Pass(w)
					others.Pass(w)
					w.Spin(hold)
				})
			}
		}, harness.After("lone"))
		return nil
	})
}
