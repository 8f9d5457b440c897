package stack

import (
	"math/rand/v2"
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Elimination is Treiber's stack in which a push and a pop can also meet away from the
// top. A push that failed offers its node in a random slot for as long as it would
// otherwise back off. A pop that looks there takes the node. Both take effect at that
// instant, the push just before the pop.
//
// Source: Hendler, Shavit and Yerushalmi, A Scalable Lock-free Stack Algorithm, SPAA
// 2004. There both sides wait for each other after they failed at the top, and the range
// of slots adapts. Here only a push waits, a pop looks into a slot before it tries the
// top, and the range is fixed.
// Progress: lock-free.
// Space: as Treiber, and a line for every second processor.
// Ordering: sequentially consistent.
// Wins: with many processors that push and pop about equally often.
// Loses: where few calls meet, because it is Backoff with more work.
//
// Create it with NewElimination. It must not be copied.
type Elimination[T any] struct {
	Treiber[T]
	slots []meeting[T]
}

type meeting[T any] struct {
	offer atomic.Pointer[node[T]]
	_     [cpu.Line - 8]byte
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

// minPatience is the minimum number of turns that an offer lasts. They take about as long
// as a push or a pop, because otherwise no pop would find the offer.
const minPatience = 64

// give offers n to a pop, and reports whether one has taken it. If not, n is the caller's
// again.
func (s *Elimination[T]) give(n *node[T], b *cpu.Backoff) bool {
	slot, turns := s.slot(), max(b.Longer(), minPatience)
	if !slot.CompareAndSwap(nil, n) {
		return false
	}
	for range turns {
		if slot.Load() != n {
			return true
		}
	}
	b.Yield()
	return !slot.CompareAndSwap(n, nil)
}

// get looks for an offer that many times. It takes the offer, or returns nil.
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
	var b cpu.Backoff
	n := &node[T]{value: value}
	for !s.try(n) && !s.give(n, &b) {
	}
	return true
}

// Pop takes a value from a Push, or removes the top value.
func (s *Elimination[T]) Pop() (T, bool) {
	var b cpu.Backoff
	for turns := 1; ; turns = b.Longer() {
		if n := s.get(turns); n != nil {
			return n.popped()
		}
		b.Yield()
		if n, ok := s.tryPop(); ok {
			return n.popped()
		}
	}
}
