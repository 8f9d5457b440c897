package mutex

import "github.com/contendbench/contend/impls/cpu"

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked.
// They prove that the checks find what they should. None of them may be used.

// tasLoadStore is TAS that tests and sets in two steps: two goroutines may both see the
// flag down.
type tasLoadStore struct{ TAS }

func (l *tasLoadStore) Lock() {
	var s cpu.Spinner
	for l.held.Load() { // bug: TAS swaps here …
		s.Turn()
	}
	l.held.Store(true) // … and needs no store
}

// mcsNoWait is MCS whose Unlock takes a missing link for a missing successor. It never
// calls a successor that has swapped the tail and not yet linked itself.
type mcsNoWait struct{ MCS }

func (l *mcsNoWait) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked MCS")
	}
	l.holder = nil
	next := n.next.Load()
	if next == nil {
		l.tail.CompareAndSwap(n, nil) // bug: MCS waits for the link if this fails
		return
	}
	next.locked.Store(false)
	mcsNodes.Put(n)
}

// clhEarlyReuse is CLH that frees its own node in place of its predecessor's. The node is
// reused while the successor still watches it.
type clhEarlyReuse struct{ CLH }

func (l *clhEarlyReuse) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked CLH")
	}
	l.holder = nil
	n.locked.Store(false)
	clhNodes.Put(n) // bug: CLH frees the spare node
}

// parkNoRecheck is SpinPark that marks the lock as contended without looking at what the
// mark replaces. If the lock has just been freed, no goroutine holds it and all of them
// sleep.
type parkNoRecheck struct{ SpinPark }

func (l *parkNoRecheck) Lock() {
	var s cpu.Spinner
	for range cpu.ParkAfter {
		if l.TryLock() {
			return
		}
		s.Turn()
	}
	for !l.TryLock() { // bug: SpinPark swaps here, and sleeps only if the lock was not free …
		l.state.Store(contended) // … and needs no store
		<-l.wake
	}
}

// ticket8Bit is Ticket with tickets of eight bits: with more than 256 waiters, two are
// called at once.
type ticket8Bit struct{ Ticket }

func (l *ticket8Bit) Lock() {
	mine := uint8(l.next.Add(1) - 1) // bug: Ticket's tickets have 32 bits …
	var s cpu.Spinner
	for uint8(l.serving.Load()) != mine { // … and so have these
		s.Turn()
	}
}

// tryLockLies is TTAS whose TryLock ignores whether its own write raised the flag.
type tryLockLies struct{ TTAS }

func (l *tryLockLies) TryLock() bool {
	if l.held.Load() {
		return false
	}
	l.held.CompareAndSwap(false, true) // bug: TTAS returns the result of this …
	return true                        // … and not always true
}
