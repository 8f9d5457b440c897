package mutex

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. They prove that a row
// that passed means something, and none of them may be used.

// tasLoadStore is TAS with the test and the set apart: two may both see the flag down.
type tasLoadStore struct{ TAS }

func (l *tasLoadStore) Lock() {
	var s spinner
	for l.held.Load() { // bug: TAS swaps here …
		s.turn()
	}
	l.held.Store(true) // … and needs no store
}

// mcsNoWait is MCS whose unlock takes a missing link for a missing successor: one that had swapped the tail and not
// yet linked itself is never called.
type mcsNoWait struct{ MCS }

func (l *mcsNoWait) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked MCS")
	}
	l.holder = nil
	next := n.next.Load()
	if next == nil {
		l.tail.CompareAndSwap(n, nil) // bug: MCS waits for the link when this fails
		return
	}
	next.locked.Store(false)
	mcsNodes.Put(n)
}

// clhEarlyReuse is CLH that frees its own node in place of the predecessor's: it is used again while the
// successor still watches it.
type clhEarlyReuse struct{ CLH }

func (l *clhEarlyReuse) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked CLH")
	}
	l.holder = nil
	n.locked.Store(false)
	clhNodes.Put(n) // bug: CLH puts the spare one
}

// parkNoRecheck is SpinPark that marks the lock as contended without looking at what it replaces: a lock that was freed
// just before is then held by nobody, and everybody sleeps.
type parkNoRecheck struct{ SpinPark }

func (l *parkNoRecheck) Lock() {
	var s spinner
	for range parkAfter {
		if l.TryLock() {
			return
		}
		s.turn()
	}
	for !l.TryLock() { // bug: SpinPark swaps here, and sleeps only if the lock was not free …
		l.state.Store(contended) // … and needs no store
		<-l.wake
	}
}

// ticket8Bit is Ticket with numbers of eight bits: with more than 256 in line, two are called at once.
type ticket8Bit struct{ Ticket }

func (l *ticket8Bit) Lock() {
	mine := uint8(l.next.Add(1) - 1) // bug: Ticket's numbers have 32 bits
	var s spinner
	for uint8(l.serving.Load()) != mine {
		s.turn()
	}
}

// tryLockLies is TTAS whose TryLock does not look at whether it was the one that raised the flag.
type tryLockLies struct{ TTAS }

func (l *tryLockLies) TryLock() bool {
	if l.held.Load() {
		return false
	}
	l.held.CompareAndSwap(false, true) // bug: TTAS returns what this says
	return true
}
