package stack

import (
	"math/rand/v2"
	"runtime"
	"sync/atomic"
)

// Elimination is Treiber's stack in which a push that failed at the top and a pop may meet elsewhere: the push offers its node in a
// slot, drawn by chance, for as long as it would stay away otherwise, and a pop that looks there takes it. The two take effect at that
// instant, one right after the other.
//
// Source: Hendler, Shavit and Yerushalmi, A Scalable Lock-free Stack Algorithm, SPAA 2004. There either side waits for the other, after it has
// failed at the top, and the range of slots adapts. Here only a push waits, a pop looks into a slot before it tries the top, and the range is fixed.
// Progress: lock-free. Space: as Treiber, and a line for every second processor. Ordering: sequentially consistent.
// Wins: many processors that push and pop about as often. Loses: where few meet, it is Backoff with more to do.
//
// NewElimination makes it; it must not be copied.
type Elimination[T any] struct {
	Treiber[T]
	slots []meeting[T]
}

type meeting[T any] struct {
	offer atomic.Pointer[node[T]]
	_     [cacheLine - 8]byte
}

// NewElimination makes a stack.
func NewElimination[T any]() *Elimination[T] {
	s := &Elimination[T]{}
	s.init()
	return s
}

func (s *Elimination[T]) init() { s.slots = make([]meeting[T], (runtime.GOMAXPROCS(0)+1)/2) }

func (s *Elimination[T]) slot() *atomic.Pointer[node[T]] {
	return &s.slots[rand.Uint32N(uint32(len(s.slots)))].offer
}

// leastPatience is how many turns an offer stands at least: about as long as a push or a pop takes, or nobody would come by.
const leastPatience = 64

// give offers n to a pop, and reports whether one has taken it. Otherwise n is the caller's again.
func (s *Elimination[T]) give(n *node[T], b *backoff) bool {
	slot, turns := s.slot(), max(b.longer(), leastPatience)
	if !slot.CompareAndSwap(nil, n) {
		return false
	}
	for range turns {
		if slot.Load() != n {
			return true
		}
	}
	b.yield()
	return !slot.CompareAndSwap(n, nil)
}

// get looks for an offer so many times, and takes it, or returns nil.
func (s *Elimination[T]) get(turns int) *node[T] {
	slot := s.slot()
	for range turns {
		if n := slot.Load(); n != nil && slot.CompareAndSwap(n, nil) {
			return n
		}
	}
	return nil
}

// Push puts value on top, or hands it to a Pop.
func (s *Elimination[T]) Push(value T) bool {
	var b backoff
	n := &node[T]{value: value}
	for !s.try(n) && !s.give(n, &b) {
	}
	return true
}

// Pop takes a value from a Push, or the top.
func (s *Elimination[T]) Pop() (T, bool) {
	var b backoff
	for turns := 1; ; turns = b.longer() {
		if n := s.get(turns); n != nil {
			return n.popped()
		}
		b.yield()
		if n, ok := s.tryPop(); ok {
			return n.popped()
		}
	}
}
