package load

import (
	"sync/atomic"

	"github.com/contendbench/contend/harness"
)

// Victims are the workers of a role that wait again and again. Each is checked for
// starvation, also the one that others overtake for ever. One that is ready counts as
// waiting, too, while the scheduler lets every other run for its slice.
type Victims struct {
	each    []Victim
	tick    atomic.Int64 // the last millisecond in which one was served
	unrest  atomic.Int64 // workers that have not been at rest yet
	starved atomic.Bool
}

// slice is the milliseconds that one worker may run while others are ready: the 10 of Go's
// scheduler, on a machine with other work to do.
const slice = 50

// NewVictims returns the victims of a role of n workers.
func NewVictims(n int) *Victims {
	v := &Victims{each: make([]Victim, n)}
	v.unrest.Store(int64(n))
	for i := range v.each {
		v.each[i].more = slice * int64(n)
	}
	return v
}

// Of returns the victim that a worker of the role is.
func (v *Victims) Of(w *harness.Worker) *Victim { return &v.each[w.ID] }

// Pass notes that a worker was served, and fails the window when one of the others
// starves.
func (v *Victims) Pass(w *harness.Worker) {
	if tick := milliseconds(); v.tick.Swap(tick) == tick {
		return
	}
	for i := range v.each {
		if v.each[i].Pass(w); v.each[i].Over() {
			v.starved.Store(true)
		}
	}
}

// Rest reports whether the workers may stop: each of them has called it between two
// turns, and so has been served, or one has starved.
func (v *Victims) Rest(w *harness.Worker) bool {
	me := v.Of(w)
	if !me.rests { // only this worker reads and writes it
		me.rests = true
		v.unrest.Add(-1)
	}
	return v.unrest.Load() == 0 || v.starved.Load()
}
