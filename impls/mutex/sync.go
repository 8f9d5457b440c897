package mutex

import "sync"

// newSync returns a sync.Mutex: a barging lock that spins briefly and then parks. It
// hands the lock over to a waiter that has waited for a millisecond.
//
// Source: Go's standard library, package sync; internal/sync/mutex.go describes the
// states.
// Progress: barging; starvation mode bounds a wait in practice.
// Space: 8 bytes; a waiter needs only its place in the runtime's queue.
// Ordering: the n-th Unlock synchronizes before the m-th Lock for n < m.
// Wins where sections are short and goroutines many, because the running goroutine keeps
// the lock. Loses to spin locks with few goroutines on idle processors, because it parks.
// The zero value is unlocked. Unlock of an unlocked Mutex is a fatal error.
func newSync() sync.Locker { return new(sync.Mutex) }
