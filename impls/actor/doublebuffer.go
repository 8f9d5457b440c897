package actor

import (
	"context"
	"sync"
)

// doubleBuffer is an actor with two buffers, and without a goroutine. Senders append to one
// under a mutex. The receiver empties the other, and then swaps them, so it takes the
// mutex once for all messages that have come meanwhile. The shared dispatcher runs it.
//
// Source: Nystrom, Game Programming Patterns, 2014, Double Buffer.
// Progress: a sender waits for the mutex, which the receiver holds for a swap only. An
// actor that waits in the middle of a message holds up a dispatcher.
// Space: a slot for each message. The buffers stay while the actor is idle, if they are
// short. An idle actor has no goroutine.
// Ordering: the mutex, and that of the dispatcher.
// Wins with bursts: no allocation for each message, and the receiver disturbs no sender.
// Loses the memory of two buffers to a list for each actor that had a message.
// Make a system with NewDoubleBuffer. It must not be copied.
type doubleBuffer struct {
	cell
	pool scheduler
	out  []envelope // the receiver's
	at   int        // of the oldest message in out

	mu        sync.Mutex
	in        []envelope
	scheduled bool // it is in line, runs, or has stopped
}

// NewDoubleBuffer makes a system with a number of dispatchers.
func NewDoubleBuffer(workers int) System {
	d := new(dispatcher)
	d.begin(workersOrAll(workers), d)
	return newSystem(d, func(*system, Props) *cell {
		a := &doubleBuffer{pool: d}
		a.box = a
		return &a.cell
	})
}

func (a *doubleBuffer) put(_ context.Context, e envelope) error {
	a.mu.Lock()
	a.in = append(a.in, e)
	idle := !a.scheduled
	a.scheduled = true
	a.mu.Unlock()
	if idle {
		a.pool.schedule(&a.cell)
	}
	return nil
}

func (a *doubleBuffer) take() (envelope, bool) {
	if a.at == len(a.out) && !a.swapped() {
		return envelope{}, false
	}
	oldest := &a.out[a.at]
	e := *oldest
	*oldest = envelope{}
	a.at++
	return e, true
}

// swapped swaps the buffers. It reports whether there is a message.
func (a *doubleBuffer) swapped() bool {
	a.at = 0
	a.mu.Lock()
	defer a.mu.Unlock()
	a.in, a.out = a.out[:0], a.in
	return len(a.out) > 0
}

// rest gives long buffers back. The flag is under the mutex, so no message comes between
// the look and the change.
func (a *doubleBuffer) rest() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.in) > 0 || a.state.Load() != 0 {
		return false
	}
	if cap(a.in)+cap(a.out) > keptSlots {
		a.in, a.out, a.at = nil, nil, 0
	}
	a.scheduled = false
	return true
}

func (a *doubleBuffer) yield() bool {
	a.pool.schedule(&a.cell)
	return true
}

func (a *doubleBuffer) nudge() {
	a.mu.Lock()
	idle := !a.scheduled
	a.scheduled = true
	a.mu.Unlock()
	if idle {
		a.pool.schedule(&a.cell)
	}
}

func (a *doubleBuffer) shut() { a.nudge() }
