package barrier

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/workloads/load"
)

// phases is the plainest load: n parties meet at the end of every phase.
var phases = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "phases", Turn: "phase of a party",
		About:     "n parties meet again and again, with equal, unequal or no work between",
		Params:    []harness.AnyParam{parties, workNs, spread, load.Yield},
		CurveAxis: parties, Allocates: true,
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
				harness.Over(parties.In(32, 64, 128, 256)),
			},
		},
	},
	Run: runPhases,
}

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

func runPhases(t *harness.Trial, newBarrier barriers.New) error {
	n, yield := parties.Of(t), load.Yield.Of(t)
	mean, share := float64(t.Spins(workNs.Of(t))), spread.Of(t)/100
	return t.Window(func(w *harness.Window) error {
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
					notes.lead(w, phase)
				}
				notes.look(w, phase)
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

// A board is where each party notes its phase, in plain memory that only the barrier
// orders. It has two rows, which phases use alternately: a note is read after the barrier
// of its phase, and overwritten after the next one.
type board struct {
	notes [2][]note
	led   uint64 // the last phase that had a leader; only the leader of a phase writes it
}

type note struct {
	phase uint64
	_     [cpu.Line - 8]byte
}

func newBoard(parties int) *board {
	return &board{notes: [2][]note{make([]note, parties), make([]note, parties)}}
}

func (b *board) enter(id int, phase uint64) { b.notes[phase%2][id].phase = phase }

// look compares the phase that the worker has left with the note of another party, a
// different one in each phase.
func (b *board) look(w *harness.Worker, phase uint64) {
	row := b.notes[phase%2]
	other := (uint64(w.ID) + phase) % uint64(len(row))
	if at := row[other].phase; at != phase {
		w.Fail(fmt.Errorf("party %d left phase %d when party %d was in phase %d", w.ID, phase, other, at))
	}
}

// lead notes that a phase has its leader, which must be the only one.
func (b *board) lead(w *harness.Worker, phase uint64) {
	if b.led != phase-1 {
		w.Fail(fmt.Errorf("party %d leads phase %d, and the last phase that had a leader is %d", w.ID, phase, b.led))
	}
	b.led = phase
}
