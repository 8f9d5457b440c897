package mutex

import (
	"sync"

	"github.com/moby/locker"
	"github.com/sasha-s/go-deadlock"
)

// Moby is moby/locker, a set of locks by name, with one name: the price of the look-up and of counting
// waiters beside that of the sync.Mutex below it.
//
// Source: github.com/moby/locker v1.0.1.
// Progress: that of sync.Mutex, twice.
// Space: a map, and an entry for a name that is held.
// Ordering: that of sync.Mutex.
// Wins where locks come and go by name; loses as a single lock, which is what is measured here.
// Make one with NewMoby. A Moby must not be copied.
type Moby struct{ names *locker.Locker }

// NewMoby returns an unlocked lock.
func NewMoby() *Moby { return &Moby{locker.New()} }

const onlyName = "lock"

// Lock locks the name.
func (l *Moby) Lock() { l.names.Lock(onlyName) }

// Unlock unlocks the name; it panics when it is not held.
func (l *Moby) Unlock() {
	if err := l.names.Unlock(onlyName); err != nil {
		panic("mutex: unlock of an unlocked Moby: " + err.Error())
	}
}

// newDeadlock is go-deadlock's Mutex as it is shipped: sync.Mutex with a record of who holds what, which
// reports a lock that was waited for over 30 s and an order of locks that could deadlock.
//
// Source: github.com/sasha-s/go-deadlock v0.3.9, package variable Opts at its defaults.
// Progress: that of sync.Mutex. A report ends the process, so that such a row fails.
// Space: a Mutex and, while it is held, an entry with a stack.
// Ordering: that of sync.Mutex.
// Wins in tests; loses in time, and its row is the price of checking.
// The zero value is unlocked. It must not be copied after first use.
func newDeadlock() sync.Locker { return new(deadlock.Mutex) }
