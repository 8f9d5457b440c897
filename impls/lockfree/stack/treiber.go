package stack

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Treiber is a list of nodes under one top pointer, which a push or a pop swaps. The
// garbage collector rules out ABA, because a node is not reused while a goroutine has its
// address.
//
// Source: Treiber, Systems Programming: Coping with Parallelism, IBM RJ 5118, 1986.
// Progress: lock-free.
// Space: a node for each value.
// Ordering: sequentially consistent.
// Wins: with more goroutines than processors, because a descheduled one blocks no other.
// Loses: an allocation for each push, and all processors compete for one word.
//
// The zero value is empty. It must not be copied.
type Treiber[T any] struct {
	top atomic.Pointer[node[T]]
	_   [cpu.Line - 8]byte // what comes next to it is read by all, or belongs to others
}

type node[T any] struct {
	below *node[T] // constant once the node is on the stack
	value T
}

// try pushes n, unless another call changes the top first.
func (s *Treiber[T]) try(n *node[T]) bool {
	n.below = s.top.Load()
	return s.top.CompareAndSwap(n.below, n)
}

// tryPop returns the top, or nil if there is none. It reports whether it has popped it,
// which fails if another call changes the top first.
func (s *Treiber[T]) tryPop() (*node[T], bool) {
	n := s.top.Load()
	return n, n == nil || s.top.CompareAndSwap(n, n.below)
}

// popped is the result of a Pop that has taken n, or found nothing.
func (n *node[T]) popped() (value T, ok bool) {
	if n == nil {
		return value, false
	}
	return n.value, true
}

// Push puts value on top.
func (s *Treiber[T]) Push(value T) bool {
	n := &node[T]{value: value}
	for !s.try(n) {
	}
	return true
}

// Pop removes the top value.
func (s *Treiber[T]) Pop() (T, bool) {
	n, ok := s.tryPop()
	for !ok {
		n, ok = s.tryPop()
	}
	return n.popped()
}

// Backoff is Treiber that waits after a failure, longer each time.
//
// Source: Agarwal and Cherian 1989; the baseline of Hendler, Shavit and Yerushalmi 2004.
// Progress: lock-free.
// Space, Ordering: as Treiber.
// Wins: under contention on many processors, because fewer compare-and-swaps fail.
// Loses: fairness. The goroutine that has just succeeded waits least, so it often
// succeeds again.
//
// The zero value is empty. It must not be copied.
type Backoff[T any] struct{ Treiber[T] }

// Push puts value on top.
func (s *Backoff[T]) Push(value T) bool {
	var b cpu.Backoff
	n := &node[T]{value: value}
	for !s.try(n) {
		b.Wait()
	}
	return true
}

// Pop removes the top value.
func (s *Backoff[T]) Pop() (T, bool) {
	var b cpu.Backoff
	n, ok := s.tryPop()
	for ; !ok; n, ok = s.tryPop() {
		b.Wait()
	}
	return n.popped()
}
