package mutex

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// SpinPark spins briefly and then sleeps: the usual mutex of an operating system's
// library.
//
// Source: Drepper, Futexes Are Tricky, 2011, §6 (mutex2), with a channel in place of the
// futex.
// Progress: barging; a waiter may starve.
// Space: a word and a channel.
// Ordering: Unlock's swap synchronizes before the swap or compare-and-swap that sees it.
// Wins over spin locks when oversubscribed, because its waiters leave their processors.
// Loses to sync.Mutex, which parks without a channel and bounds the wait.
// Make one with NewSpinPark. A SpinPark must not be copied after first use.
type SpinPark struct {
	state atomic.Uint32
	wake  chan struct{} // keeps a token until a sleeper takes it, so no wake-up is lost
}

const (
	free = iota
	held
	contended // held, and a waiter may be asleep
)

// NewSpinPark returns an unlocked lock.
func NewSpinPark() *SpinPark { return &SpinPark{wake: make(chan struct{}, 1)} }

// Lock takes the lock, or marks it as contended and sleeps until a release.
func (l *SpinPark) Lock() {
	var s cpu.Spinner
	for range cpu.ParkAfter {
		if l.TryLock() {
			return
		}
		s.Turn()
	}
	for l.state.Swap(contended) != free {
		<-l.wake
	}
}

// TryLock takes the lock if it is free.
func (l *SpinPark) TryLock() bool {
	return l.state.Load() == free && l.state.CompareAndSwap(free, held)
}

// Unlock frees the lock and wakes a sleeper if there may be one. It panics if the lock is
// not held.
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

// FIFOPark is a queue of sleepers: a release hands the lock to the first one directly.
//
// Source: the scheme of java.util.concurrent's fair ReentrantLock, in Lea, The
// java.util.concurrent Synchronizer Framework, Science of Computer Programming 58(3),
// 2005, §3.
// Progress: FIFO; a newcomer cannot barge in. Waits by a cpu.Parker.
// Space: five words a lock. A waiter uses a pooled cpu.Parker with its channel.
// Ordering: Grant synchronizes before the return of the Wait that it ends.
// Wins in its longest wait. Loses in throughput, because every contended hand-over needs
// a wake-up.
// The zero value is unlocked. A FIFOPark must not be copied after first use.
type FIFOPark struct {
	mu    sync.Mutex
	held  bool
	queue []*cpu.Parker
}

var parkers = sync.Pool{New: func() any { p := cpu.NewParker(); return &p }}

// Lock takes the lock, or queues up until it is handed over.
func (l *FIFOPark) Lock() {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	p := parkers.Get().(*cpu.Parker)
	p.Reset()
	l.queue = append(l.queue, p)
	l.mu.Unlock()
	p.Wait()
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

// Unlock hands the lock to the first waiter. It panics if the lock is not held.
func (l *FIFOPark) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		panic("mutex: unlock of an unlocked FIFOPark")
	}
	if len(l.queue) == 0 {
		l.held = false
		return
	}
	first := l.queue[0]
	l.queue = l.queue[1:]
	first.Grant()
}
