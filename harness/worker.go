package harness

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// The phases of a window, as a role's workers see them.
const (
	gate = iota
	warm
	measure
	stop
	never // Next compares with it where every turn must take the slow path
)

// Worker is one goroutine of a role. Its body is a loop over Next; a turn is what stands between two
// calls of Next. All methods are for the worker's own goroutine.
type Worker struct {
	phase *atomic.Uint32 // the role's; written at a change of phase only
	seen  uint32
	timed bool   // this turn is sampled, or perturbed at Mark
	n     uint64 // turns begun
	skip  uint64 // turns until the next sample
	chain uint64 // state of the spin

	ID   int // from 0, within the role
	role *role
	at   uint32 // the phase that the worker has noted
	// Turns that were complete when the worker noted the begin and the end of the measured part. A turn
	// under way at either end is counted at the end only, so the two errors cancel on average.
	first, last uint64
	took        time.Duration // of a Whole role: from the begin of its turn to the end
	began       time.Duration
	rng         *rand.Rand
	every       func(*Worker) // runs at the begin of a turn in windows that are not plain throughput
	marked      func(*Worker) // runs at the end of the timed part of such a turn
	sampler     sampler
	_           [128]byte // the next worker's counter shares no line with this one's state
}

// Next ends a turn and begins the next; it returns false when the body must return. In a throughput
// window it costs a load of a word that nobody writes, a comparison and an increment.
func (w *Worker) Next() bool {
	if w.phase.Load() == w.seen {
		w.n++
		return true
	}
	return w.turn()
}

// Mark ends the timed part of the turn, such as the acquisition of a lock; without it the turn is timed
// to its end or to Think.
func (w *Worker) Mark() {
	if w.timed {
		w.marked(w)
	}
}

// Think is work between turns, outside the timed part: n steps of the spin, see Trial.Spins.
func (w *Worker) Think(n int) {
	w.Mark()
	w.chain = Spin(w.chain, n)
}

// Spin is work inside a turn: n steps of the spin, see Trial.Spins.
func (w *Worker) Spin(n int) { w.chain = Spin(w.chain, n) }

// Undo takes the present turn back: it was no operation, such as a take from an empty queue.
func (w *Worker) Undo() { w.n-- }

// Rand returns the worker's random numbers, seeded by the trial.
func (w *Worker) Rand() *rand.Rand { return w.rng }

// Fail voids the window: what the worker saw cannot be. The first failure of a window is kept.
func (w *Worker) Fail(err error) { w.role.window.fail(err) }

//go:noinline
func (w *Worker) turn() bool {
	if w.timed {
		w.marked(w)
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
	if w.role.whole && w.n == 1 {
		w.took = since() - w.began
		return false
	}
	if w.every != nil {
		w.every(w)
	}
	if w.role.whole {
		w.began = since()
	}
	w.n++
	return true
}

// note records the count at a change of phase.
func (w *Worker) note(p uint32) {
	if w.at < measure && p >= measure {
		w.first = w.n
	}
	if p == stop {
		w.last = w.n
	}
	w.at = p
	if w.seen != never {
		w.seen = p
	}
}

// ends reports whether a worker that has seen the stop returns now: one that drains goes on until its
// body returns, one in lockstep until all have made as many turns as the one that saw it first plans.
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

var epoch = time.Now()

// since is the monotonic clock; it costs half of time.Now.
func since() time.Duration { return time.Since(epoch) }
