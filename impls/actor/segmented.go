package actor

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// segmented is an actor whose mailbox is a list of arrays. A sender takes a place by an
// atomic addition, and writes its message there: messages need no memory of their own, and
// used arrays come back. The shared dispatcher runs the actor.
//
// Source: Adas and Friedman, Jiffy, arXiv 2010.14189, 2020, §3. Three things are this
// project's: arrays grow from one to the next, senders share a pointer to the last, and
// the receiver waits for a sender in the middle of a write.
// Progress: a sender's addition cannot fail; at the end of an array it tries to link the
// next one. An actor that waits in the middle of a message holds up a dispatcher.
// Space: four words a message, in arrays of 4 to 256. The longest ones go back to a pool,
// and the collector frees the others. An idle actor keeps the last array.
// Ordering: the store of a place's mark synchronizes before the load that sees it.
// Wins with many messages to few actors. Loses the memory of an array to a list for each
// actor.
// Make a system with NewSegmented. It must not be copied.
type segmented struct {
	cell
	pool      scheduler
	scheduled atomic.Bool
	last      atomic.Pointer[segment] // the last, or one before it
	_         [cpu.Line]byte
	first     *segment // the receiver's
	at        int64    // of the oldest message in first
}

// segment is one use of an array. It is never used again: a slow sender may still look at
// taken, and must find no place there.
type segment struct {
	places []place // of the array
	use    uint32  // what marks the places that are full
	array  *array
	next   atomic.Pointer[segment]
	_      [cpu.Line - 48]byte
	taken  atomic.Int64 // places that senders have taken, and failed tries at the end
}

type array struct {
	places []place
	uses   uint32
}

type place struct {
	envelope
	mark atomic.Uint32 // the last use in which a sender wrote the place
}

// The lengths of arrays.
const (
	shortest = 4
	longest  = 256
)

// arrays has longest ones without messages.
var arrays = sync.Pool{New: func() any { return &array{places: make([]place, longest)} }}

func newSegment(places int) *segment {
	var a *array
	if places < longest {
		a = &array{places: make([]place, places)}
	} else {
		a = arrays.Get().(*array)
	}
	a.uses++
	return &segment{places: a.places, use: a.uses, array: a}
}

// release gives the array back. Each sender that has a place in it has written it.
func (s *segment) release() {
	if len(s.places) == longest {
		arrays.Put(s.array)
	}
}

// NewSegmented makes a system with a number of dispatchers.
func NewSegmented(workers int) System {
	d := new(dispatcher)
	d.begin(workersOrAll(workers), d)
	return newSystem(d, func(*system, Props) *cell {
		a := &segmented{pool: d, first: newSegment(shortest)}
		a.box = a
		a.last.Store(a.first)
		return &a.cell
	})
}

func (a *segmented) put(_ context.Context, e envelope) error {
	for {
		s := a.last.Load()
		if i := s.taken.Add(1) - 1; i < int64(len(s.places)) {
			p := &s.places[i]
			p.envelope = e
			p.mark.Store(s.use)
			a.nudge()
			return nil
		}
		a.last.CompareAndSwap(s, s.grown())
	}
}

// grown returns the segment after s, which the first sender to come makes.
func (s *segment) grown() *segment {
	if s.next.Load() == nil {
		if more := newSegment(min(2*len(s.places), longest)); !s.next.CompareAndSwap(nil, more) {
			more.release()
		}
	}
	return s.next.Load()
}

// take removes the oldest message. If a sender is writing it, take waits for that. It
// looks at the count of taken places, which senders change, only if there is no message.
func (a *segmented) take() (envelope, bool) {
	if a.at == int64(len(a.first.places)) {
		next := a.first.next.Load()
		if next == nil {
			return envelope{}, false
		}
		a.first.release()
		a.first, a.at = next, 0
	}
	s := a.first
	p := &s.places[a.at]
	if p.mark.Load() != s.use {
		if s.taken.Load() <= a.at {
			return envelope{}, false
		}
		cpu.Until(func() bool { return p.mark.Load() == s.use })
	}
	e := p.envelope
	p.envelope = envelope{}
	a.at++
	return e, true
}

// emptyFrom reports whether no sender has taken the place, which may be the first of the
// next segment.
func (s *segment) emptyFrom(at int64) bool {
	if at == int64(len(s.places)) {
		if s = s.next.Load(); s == nil {
			return true
		}
		at = 0
	}
	return s.taken.Load() <= at
}

// rest clears the flag, and looks again. A sender that came before saw the flag set.
// Another goroutine may run the actor from then on.
func (a *segmented) rest() bool {
	first, at := a.first, a.at
	a.scheduled.Store(false)
	if first.emptyFrom(at) && a.state.Load() == 0 {
		return true
	}
	return !a.scheduled.CompareAndSwap(false, true)
}

func (a *segmented) yield() bool {
	a.pool.schedule(&a.cell)
	return true
}

func (a *segmented) nudge() {
	if !a.scheduled.Load() && a.scheduled.CompareAndSwap(false, true) {
		a.pool.schedule(&a.cell)
	}
}

func (a *segmented) shut() { a.nudge() }
