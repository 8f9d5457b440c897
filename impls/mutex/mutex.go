// Package mutex holds implementations of mutual exclusion.
//
// The contract is sync.Locker: at most one goroutine is between the return of Lock and
// the call of Unlock. What it wrote there happens before the next Lock returns. A lock
// may be a TryLocker, too.
//
// Locks that take the critical section as a function are in package delegation.
//
// To add an implementation, write its file and add one line to All.
package mutex

import "sync"

// New makes an unlocked lock.
type New = func() sync.Locker

// TryLocker is a Locker whose TryLock takes the lock if it is free and never blocks.
type TryLocker interface {
	sync.Locker
	TryLock() bool
}
