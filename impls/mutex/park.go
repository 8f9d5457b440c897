package mutex

import (
	"sync"
	"sync/atomic"
)

// SpinPark spins shortly and then sleeps: the usual mutex of an operating system's library.
//
// Source: Drepper, Futexes Are Tricky, 2011, §6 (mutex2), with a channel of one for the futex.
// Progress: barging; a waiter may starve.
// Space: a word and a channel.
// Ordering: Unlock's swap synchronizes before the one that sees it.
// Wins over spins when oversubscribed; loses to sync.Mutex, which parks without a channel and bounds the wait.
// Make one with NewSpinPark. A SpinPark must not be copied after first use.
type SpinPark struct {
	state atomic.Uint32
	wake  chan struct{} // a token stays in it until a sleeper takes it, so a wake-up is not lost
}

const (
	free = iota
	held
	contended // held, and somebody may be asleep
)

// NewSpinPark returns an unlocked lock.
func NewSpinPark() *SpinPark { return &SpinPark{wake: make(chan struct{}, 1)} }

// Lock takes the lock, or marks it as contended and sleeps until a release.
func (l *SpinPark) Lock() {
	var s spinner
	for range parkAfter {
		if l.TryLock() {
			return
		}
		s.turn()
	}
	for l.state.Swap(contended) != free {
		<-l.wake
	}
}

// TryLock takes the lock if it is free.
func (l *SpinPark) TryLock() bool {
	return l.state.Load() == free && l.state.CompareAndSwap(free, held)
}

// Unlock frees the lock and wakes a sleeper, if there may be one; it panics when the lock is not held.
func (l *SpinPark) Unlock() {
	switch l.state.Swap(free) {
	case free:
		panic("mutex: unlock of an unlocked SpinPark")
	case contended:
		select {
		case l.wake <- struct{}{}:
		default: // a token is there already
		}
	}
}

// FIFOPark is a list of sleepers: a release hands the lock to the first one directly.
//
// Source: the scheme of java.util.concurrent's fair ReentrantLock, Lea, The java.util.concurrent Synchronizer Framework, Science
// of Computer Programming 58(3), 2005, §3.
// Progress: FIFO; nobody can barge in.
// Space: four words a lock, a parker with its channel for a goroutine that waits, pooled.
// Ordering: grant synchronizes before the wait that it ends.
// Wins in its longest wait; loses in throughput, since every contended turn needs a wake-up.
// The zero value is unlocked. A FIFOPark must not be copied after first use.
type FIFOPark struct {
	mu   sync.Mutex
	held bool
	line []*parker
}

var parkers = sync.Pool{New: func() any { p := newParker(); return &p }}

// Lock takes the lock, or stands in line until it is handed over.
func (l *FIFOPark) Lock() {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	p := parkers.Get().(*parker)
	p.reset()
	l.line = append(l.line, p)
	l.mu.Unlock()
	p.wait()
	parkers.Put(p)
}

// TryLock takes the lock if it is free.
func (l *FIFOPark) TryLock() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		return false
	}
	l.held = true
	return true
}

// Unlock hands the lock to the first in line; it panics when the lock is not held.
func (l *FIFOPark) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		panic("mutex: unlock of an unlocked FIFOPark")
	}
	if len(l.line) == 0 {
		l.held = false
		return
	}
	first := l.line[0]
	l.line = l.line[1:]
	first.grant()
}
