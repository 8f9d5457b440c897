package mutex

import (
	"sync"

	"github.com/moby/locker"
	"github.com/sasha-s/go-deadlock"
)

// Moby is moby/locker, a set of locks by name, used with one name. It shows what the
// look-up and the count of waiters cost on top of the sync.Mutex below them.
//
// Source: github.com/moby/locker v1.0.1.
// Progress: that of sync.Mutex, twice.
// Space: a map, and an entry for each name that is held.
// Ordering: that of sync.Mutex.
// Wins where locks come and go by name. Loses as a single lock, which is how it is used
// here.
// Make one with NewMoby. A Moby must not be copied.
type Moby struct{ names *locker.Locker }

// NewMoby returns an unlocked lock.
func NewMoby() *Moby { return &Moby{locker.New()} }

const onlyName = "lock"

// Lock locks the name.
func (l *Moby) Lock() { l.names.Lock(onlyName) }

// Unlock unlocks the name. It panics if the lock is not held.
func (l *Moby) Unlock() {
	if err := l.names.Unlock(onlyName); err != nil {
		panic("mutex: unlock of an unlocked Moby: " + err.Error())
	}
}

// newDeadlock returns a go-deadlock Mutex with default options: a sync.Mutex with a
// record of each holder. It reports a wait of more than 30 s and an order of locks that
// may deadlock.
//
// Source: github.com/sasha-s/go-deadlock v0.3.9, package variable Opts at its defaults.
// Progress: that of sync.Mutex. A report ends the process, so its trial fails.
// Space: a Mutex and, while it is held, an entry with a stack.
// Ordering: that of sync.Mutex.
// Wins in tests. Loses in time, because every call records a stack.
// The zero value is unlocked. It must not be copied after first use.
func newDeadlock() sync.Locker { return new(deadlock.Mutex) }
