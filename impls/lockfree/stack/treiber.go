package stack

import "sync/atomic"

// Treiber is a list of nodes below one top pointer, which a push or a pop swaps. A node cannot come back while
// somebody still has its address, so the garbage collector rules ABA out.
//
// Source: Treiber, Systems Programming: Coping with Parallelism, IBM RJ 5118, 1986.
// Progress: lock-free. Space: a node for each value. Ordering: sequentially consistent.
// Wins: short and never blocked. Loses: an allocation for a push, and one word that all processors pass around.
//
// The zero value is empty; it must not be copied.
type Treiber[T any] struct{ top atomic.Pointer[node[T]] }

type node[T any] struct {
	below *node[T] // not changed once the node is on the stack
	value T
}

// try pushes n unless somebody comes between.
func (s *Treiber[T]) try(n *node[T]) bool {
	n.below = s.top.Load()
	return s.top.CompareAndSwap(n.below, n)
}

// tryPop returns the top, or nil if there is none, and whether it has taken it: somebody may have come between.
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

// Pop takes the top.
func (s *Treiber[T]) Pop() (T, bool) {
	n, ok := s.tryPop()
	for !ok {
		n, ok = s.tryPop()
	}
	return n.popped()
}

// Backoff is Treiber that stays away after a failure, longer each time.
//
// Source: Agarwal and Cherian 1989; the stack that Hendler, Shavit and Yerushalmi 2004 compare theirs with.
// Progress: lock-free. Space, Ordering: as Treiber.
// Wins: contention on many processors. Loses: fairness; whoever has just succeeded is first again.
//
// The zero value is empty; it must not be copied.
type Backoff[T any] struct{ Treiber[T] }

// Push puts value on top.
func (s *Backoff[T]) Push(value T) bool {
	var b backoff
	n := &node[T]{value: value}
	for !s.try(n) {
		b.wait()
	}
	return true
}

// Pop takes the top.
func (s *Backoff[T]) Pop() (T, bool) {
	var b backoff
	n, ok := s.tryPop()
	for ; !ok; n, ok = s.tryPop() {
		b.wait()
	}
	return n.popped()
}
