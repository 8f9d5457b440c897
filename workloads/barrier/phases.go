package barrier

import (
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// phases is the plainest load: n parties meet at the end of every phase.
var phases = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "phases", Turn: "phase of a party",
		About:     "n parties meet again and again, with equal, unequal or no work between",
		Params:    []harness.AnyParam{parties, workNs, spread, load.Yield},
		CurveAxis: parties, Allocates: true, Lasting: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(parties.In(8, 2))},
			Standard: []harness.Grid{
				harness.Over(parties.In(2, 4, 8, 64)),
				harness.Over(workNs.In(1000, 10_000), spread.In(0, 100)),
			},
			Full: []harness.Grid{harness.Over(
				parties.In(2, 3, 4, 8, 16, 32, 64, 128, 256), workNs.In(0, 1000, 10_000), spread.In(0, 100),
			)},
			Stress: []harness.Grid{
				harness.Over(parties.In(2, 3, 5, 8), workNs.In(0, 500), spread.In(100), load.Yield.In(0, 1, 10)),
				harness.Over(crowd, workNs.In(0, 500), load.Yield.In(0, 1, 10)),
			},
		},
	},
	Run: func(t *harness.Trial, newBarrier barriers.New) error { return runPhases(t, newBarrier, 0) },
}

// reuse has few parties meet so often that arrivals and phases outgrow 16 bits.
var reuse = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "reuse", Turn: "phase of a party", About: "one barrier for many thousands of phases",
		Params:  phases.Params,
		Lasting: true,
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(parties.In(3))}}, // no divisor of a power of two
	},
	Run: func(t *harness.Trial, newBarrier barriers.New) error { return runPhases(t, newBarrier, reuseTime) },
}

const reuseTime = 100 * time.Millisecond

var (
	workNs = harness.Param[int]{
		Key: "work-ns", About: "mean work of a party in a phase, ns", Default: 0,
		Valid: harness.Between(0, 1_000_000_000),
	}
	spread = harness.Param[float64]{
		Key: "spread-pct", About: "largest deviation of work from its mean, percent, 0 to 100", Default: 0,
		Valid: harness.Between(0.0, 100.0),
	}
)

// choices is how many amounts of work a party draws before a window; it repeats them.
const choices = 1024

func runPhases(t *harness.Trial, newBarrier barriers.New, atLeast time.Duration) error {
	n, yield := parties.Of(t), load.Yield.Of(t)
	mean, share := float64(t.Spins(workNs.Of(t))), spread.Of(t)/100
	return t.Window(func(w *harness.Window) error {
		w.AtLeast(atLeast)
		b, notes := newBarrier(n), newBoard(n)
		var done uint64 // written by party 0
		w.Go("worker", n, func(w *harness.Worker) {
			work := make([]int, choices)
			for i := range work {
				work[i] = int(mean * (1 + share*(2*w.Rand().Float64()-1)))
			}
			phase := uint64(0)
			for w.Next() {
				phase++
				notes.enter(w.ID, phase)
				w.Spin(work[phase%choices])
				load.Yields(phase, yield)
				if b.Wait(w.ID) {
					notes.lead(w, w.ID, phase)
				}
				notes.look(w, w.ID, phase)
			}
			if w.ID == 0 {
				done = phase
			}
		}, harness.Lockstep())
		w.Check(func() error {
			if notes.led != done {
				return fmt.Errorf("the parties completed %d phases, and the last one with a leader is %d",
					done, notes.led)
			}
			return nil
		})
		return nil
	})
}
