// Package mutex holds implementations of mutual exclusion.
//
// The contract is sync.Locker: at most one goroutine is between the return of Lock and the call of
// Unlock, and what it wrote there happens before the next Lock returns. TryLocker is optional.
// Delegation locks keep another contract, Doer: the section is handed over as a function and may run
// on another goroutine; every Locker is a Doer too, through Delegate.
//
// To add an implementation, write its file and add one line to All.
package mutex

import "sync"

// CacheLine is the distance in bytes that keeps two words from sharing a line, with the neighbour
// line that the prefetcher brings along.
const CacheLine = 128

// New makes an unlocked lock.
type New = func() sync.Locker

// TryLocker is a Locker whose TryLock takes the lock if it is free and never blocks.
type TryLocker interface {
	sync.Locker
	TryLock() bool
}

// Doer runs sections one at a time. Do returns after section has run, and what it wrote is then
// visible to the caller. The section must not call Do of the same lock, and must not panic.
type Doer interface {
	Do(section func())
}

// NewDoer makes a Doer without a section under way. A Doer that owns a goroutine is also an
// io.Closer; Close ends it.
type NewDoer = func() Doer

// Delegate makes a Doer of a lock: the caller runs the section itself, under the lock.
func Delegate(newLock New) NewDoer {
	return func() Doer { return delegate{newLock()} }
}

type delegate struct{ sync.Locker }

func (d delegate) Do(section func()) {
	d.Lock()
	section()
	d.Unlock()
}
