package mutex

import "sync"

// newSync is sync.Mutex: a barging lock that spins shortly, parks, and hands over to a waiter that
// has waited for a millisecond.
//
// Source: Go's standard library, package sync; the states are described in internal/sync/mutex.go.
// Progress: barging; starvation mode bounds a wait in practice.
// Space: 8 bytes a lock, nothing a waiter but its place in the runtime's queue.
// Ordering: the n-th Unlock synchronizes before the m-th Lock for n < m.
// Wins where sections are short and goroutines many; loses to spins with few goroutines on idle processors.
// The zero value is unlocked. Unlock of an unlocked Mutex is a fatal error.
func newSync() sync.Locker { return new(sync.Mutex) }
