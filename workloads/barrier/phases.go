package barrier

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// A hall is where the parties note their phase in plain memory, in two rows by turns: the note of a phase is read after its
// barrier and written again after the next one, so that a barrier that holds orders all of it.
type hall struct {
	notes [2][]note
	leads uint64 // written by the leader of a phase only
}

type note struct {
	phase uint64
	_     [120]byte // the distance of two parties' lines
}

func newHall(parties int) *hall {
	return &hall{notes: [2][]note{make([]note, parties), make([]note, parties)}}
}

func (h *hall) enter(id int, phase uint64) { h.notes[phase%2][id].phase = phase }

// look compares another party's note, a different one in each phase, with the phase that id has left.
func (h *hall) look(w *harness.Worker, phase uint64) {
	row := h.notes[phase%2]
	other := (uint64(w.ID) + phase) % uint64(len(row))
	if at := row[other].phase; at != phase {
		w.Fail(fmt.Errorf("party %d left phase %d when party %d was in %d", w.ID, phase, other, at))
	}
}

// lead counts a phase for its leader, which must be the only one.
func (h *hall) lead(w *harness.Worker, phase uint64) {
	if h.leads != phase-1 {
		w.Fail(fmt.Errorf("party %d leads phase %d, and %d were led before", w.ID, phase, h.leads))
	}
	h.leads = phase
}

// choices is how many amounts of work a party goes through again and again.
const choices = 1024

func phases(t *harness.Trial, create barriers.New) error {
	n, yield := parties.Of(t), load.Yield.Of(t)
	mean, share := float64(t.Spins(workNs.Of(t))), spread.Of(t)/100
	return t.Window(func(w *harness.Window) error {
		b, h := create(n), newHall(n)
		var done uint64 // written by party 0
		w.Go("worker", n, func(w *harness.Worker) {
			work := make([]int, choices)
			for i := range work {
				work[i] = int(mean * (1 + share*(2*w.Rand().Float64()-1)))
			}
			phase := uint64(0)
			for w.Next() {
				phase++
				h.enter(w.ID, phase)
				w.Spin(work[phase%choices])
				load.Yields(phase, yield)
				if b.Wait(w.ID) {
					h.lead(w, phase)
				}
				h.look(w, phase)
			}
			if w.ID == 0 {
				done = phase
			}
		}, harness.Lockstep())
		w.Check(func() error {
			if h.leads != done {
				return fmt.Errorf("the last of %d phases that somebody led is %d", done, h.leads)
			}
			return nil
		})
		return nil
	})
}
