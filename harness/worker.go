package harness

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/impls/cpu"
)

// The phases of a window, as a role's workers see them.
const (
	gate = iota
	warm
	measure
	stop
	never // no phase: with it in seen, every Next takes the slow path
)

// Worker is one goroutine of a role. Its body is a loop over Next, and a turn is the code
// between two calls of Next. Only the worker's own goroutine may call its
// methods, but for Alive.
type Worker struct {
	phase *atomic.Uint32 // the role's; written at a change of phase only
	seen  uint32
	timed bool   // this turn is sampled, or perturbed at Mark
	n     uint64 // turns started
	skip  uint64 // turns until the next sample
	chain uint64 // state of the spin

	ID   int // from 0, within the role
	role *role
	at   uint32 // the phase that the worker has noted
	// Turns completed when the worker noted the start and the end of the measured part. A
	// turn in progress at either counts at the end only, so the two errors cancel on
	// average.
	first, last uint64
	start, took time.Duration // of the only turn of a Whole role
	rng         *rand.Rand
	every       func(*Worker) // runs at the start of a turn in windows that are not plain throughput
	marked      func(*Worker) // runs at the end of the timed part of such a turn
	sampler     sampler
	pacer       *pacer         // open loop; nil: closed
	_           [cpu.Line]byte // the next worker's counter shares no line with this one's state
}

// Next ends a turn and starts the next. It returns false when the body must return. In a
// throughput window it costs a load of a word that does not change, a comparison and an
// increment.
func (w *Worker) Next() bool {
	if w.phase.Load() == w.seen {
		w.n++
		return true
	}
	return w.turn()
}

// Mark ends the timed part of the turn, such as the acquisition of a lock. Without it,
// the turn is timed to its end or to Think.
func (w *Worker) Mark() {
	if w.timed {
		w.marked(w)
	}
}

// Think does n steps of work between turns, outside the timed part; see Trial.Spins.
func (w *Worker) Think(n int) {
	w.Mark()
	w.chain = machine.Spin(w.chain, n)
}

// Spin does n steps of work inside a turn; see Trial.Spins.
func (w *Worker) Spin(n int) { w.chain = machine.Spin(w.chain, n) }

// Undo removes the current turn from the count, because it did nothing, such as a take
// from an empty queue.
func (w *Worker) Undo() { w.n-- }

// Alive tells the watchdog that a turn makes progress, if it has many steps. Any goroutine
// may call it.
func (w *Worker) Alive() { w.role.alive.Add(1) }

// Rand returns the worker's random number generator, seeded by the trial.
func (w *Worker) Rand() *rand.Rand { return w.rng }

// Fail fails the window, because the worker has seen a violation. A window keeps its
// first failure.
func (w *Worker) Fail(err error) { w.role.window.fail(err) }

//go:noinline
func (w *Worker) turn() bool {
	if w.timed {
		w.marked(w)
	}
	if w.role.whole && w.n == 1 {
		w.took = machine.Since() - w.start
		return false
	}
	if w.pacer != nil {
		w.pacer.await(w)
	}
	p := w.phase.Load()
	if w.skip > 0 && p == measure && w.at == measure {
		w.skip--
		w.n++
		return true
	}
	if p != w.at {
		w.note(p)
	}
	if p == stop && w.ends() {
		return false
	}
	if w.every != nil {
		w.every(w)
	}
	if w.role.whole {
		w.start = machine.Since()
	}
	w.n++
	return true
}

// note records the count of turns at a change of phase.
func (w *Worker) note(p uint32) {
	if w.at == gate {
		w.role.setup.begun()
	}
	if w.at < measure && p >= measure {
		w.first = w.n
	}
	if p == stop {
		w.last = w.n
		w.sampler.between(machine.Since())
	}
	w.at = p
	if w.seen != never {
		w.seen = p
	}
}

// ends reports whether a worker that has seen the stop returns now. A worker that drains
// continues until its body returns. In lockstep, the first worker to see the stop sets
// the number of turns, and all continue until they have made it.
func (w *Worker) ends() bool {
	switch {
	case w.role.after != "":
		return false
	case w.role.lockstep:
		w.seen = never
		w.role.target.CompareAndSwap(0, w.n+1)
		return w.n >= w.role.target.Load()
	}
	return true
}
