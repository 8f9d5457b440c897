package mutex

import (
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/impls/cpu"
)

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

// ticket9Bit is Ticket with tickets of nine bits: with more than 512 waiters, two are
// called at once.
type ticket9Bit struct{ Ticket }

func (l *ticket9Bit) Lock() {
	mine := (l.next.Add(1) - 1) & 511 // bug: Ticket's tickets have 32 bits …
	var s cpu.Spinner
	for l.serving.Load()&511 != mine { // … and so have these
		s.Turn()
	}
}

// parkLooksFirst is SpinPark with a count of sleepers, whose Unlock looks for one before
// it frees the lock. A waiter that goes to sleep in between is never woken.
type parkLooksFirst struct {
	SpinPark
	asleep atomic.Int32
}

func (l *parkLooksFirst) Lock() {
	var s cpu.Spinner
	for range cpu.ParkAfter {
		if l.TryLock() {
			return
		}
		s.Turn()
	}
	l.asleep.Add(1) // …
	for !l.TryLock() {
		<-l.wake
	}
	l.asleep.Add(-1) // …
}

func (l *parkLooksFirst) Unlock() {
	wake := l.asleep.Load() > 0 // bug: it must look after the next line
	if l.state.Swap(free) == free {
		panic("mutex: unlock of an unlocked SpinPark")
	}
	if wake {
		select {
		case l.wake <- struct{}{}:
		default: // a token is there already
		}
	}
}

// parkPolls is SpinPark whose Unlock wakes no sleeper: a timer does.
type parkPolls struct{ SpinPark }

func (l *parkPolls) Lock() {
	var s cpu.Spinner
	for range cpu.ParkAfter {
		if l.TryLock() {
			return
		}
		s.Turn()
	}
	for l.state.Swap(contended) != free {
		time.Sleep(5 * time.Millisecond) // bug: SpinPark waits for the holder's wake-up …
	}
}

func (l *parkPolls) Unlock() {
	if l.state.Swap(free) == free { // … and sends it here
		panic("mutex: unlock of an unlocked SpinPark")
	}
}

// parkBarges is FIFOPark whose release frees the lock and wakes the first waiter, which
// has to compete with newcomers, as sync.Mutex's does.
type parkBarges struct{ FIFOPark }

func (l *parkBarges) Lock() {
	l.mu.Lock()
	for l.held { // …
		p := cpu.NewParker()
		l.queue = append(l.queue, &p)
		l.mu.Unlock()
		p.Wait()
		l.mu.Lock() // …
	}
	l.held = true
	l.mu.Unlock()
}

func (l *parkBarges) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		panic("mutex: unlock of an unlocked FIFOPark")
	}
	l.held = false // bug: FIFOPark hands the lock over
	if len(l.queue) > 0 {
		first := l.queue[0]
		l.queue = l.queue[1:]
		first.Grant()
	}
}

// parkEighth is FIFOPark that hands every eighth release to the last waiter.
type parkEighth struct {
	FIFOPark
	turns int
}

func (l *parkEighth) Unlock() {
	l.mu.Lock()
	if l.turns++; l.turns%8 == 0 && len(l.queue) > 1 { // bug
		last := len(l.queue) - 1                              // …
		l.queue[0], l.queue[last] = l.queue[last], l.queue[0] // …
	}
	l.mu.Unlock()
	l.FIFOPark.Unlock()
}

// tryWaits is FIFOPark whose TryLock queues up if others do.
type tryWaits struct{ FIFOPark }

func (l *tryWaits) TryLock() bool {
	l.mu.Lock()
	waits := len(l.queue) > 0 // bug
	l.mu.Unlock()
	if waits {
		l.Lock() // …
		return true
	}
	return l.FIFOPark.TryLock()
}

// malthusianForgets is Malthusian that never brings a waiter back while others come.
type malthusianForgets struct{ Malthusian }

func (l *malthusianForgets) Unlock() {
	l.turns = 0 // bug: Malthusian counts releases, and recalls a waiter at every 256th
	l.Malthusian.Unlock()
}

// ticketMisused is Ticket whose Unlock panics only after it has called the next ticket.
type ticketMisused struct{ Ticket }

func (l *ticketMisused) Unlock() {
	if l.serving.Add(1)-1 == l.next.Load() { // bug: Ticket looks before it adds
		panic("mutex: unlock of an unlocked Ticket")
	}
}

// ttasSilent is TTAS that does not notice misuse.
type ttasSilent struct{ TTAS }

func (l *ttasSilent) Unlock() {
	l.held.Store(false) // bug: TTAS panics if the flag was down
}

// ticketFromOne is Ticket that works only with the numbers that a constructor sets.
type ticketFromOne struct {
	Ticket
	waits uint32 // …
}

func newTicketFromOne() *ticketFromOne { return &ticketFromOne{waits: 1} }

func (l *ticketFromOne) Lock() {
	mine := l.next.Add(1) - 1
	var s cpu.Spinner
	for l.waits > 0 && l.serving.Load() != mine { // bug: the zero value does not wait
		s.Turn()
	}
}
