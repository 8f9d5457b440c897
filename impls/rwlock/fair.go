package rwlock

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// TaskFair serves readers and writers in order of arrival. Readers that arrive one after
// another enter together.
//
// Source: Mellor-Crummey and Scott, PPoPP 1991, §2.1, with one ticket counter for readers
// and writers, and a called number for each.
// Progress: FIFO, so one preempted waiter delays all behind it. Waits by cpu.Until.
// Space: three words.
// Ordering: the add to a called number synchronizes before the load that sees it.
// Wins in the longest wait. Loses when oversubscribed, and when readers and writers
// alternate, because then no two readers meet.
// The zero value is unlocked. A TaskFair must not be copied after first use.
type TaskFair struct {
	next    atomic.Uint32
	readers atomic.Uint32 // the ticket with which a reader may enter
	writers atomic.Uint32 // the ticket with which a writer may enter: all before it have left
}

// Lock draws a ticket and waits until all before it have left.
func (l *TaskFair) Lock() {
	mine := l.next.Add(1) - 1
	cpu.Until(func() bool { return l.writers.Load() == mine })
}

// Unlock lets the next in.
func (l *TaskFair) Unlock() {
	l.readers.Add(1)
	l.writers.Add(1)
}

// RLock draws a ticket, waits until no writer is before it, and lets the next reader in.
func (l *TaskFair) RLock() Token {
	mine := l.next.Add(1) - 1
	cpu.Until(func() bool { return l.readers.Load() == mine })
	l.readers.Add(1)
	return nil
}

// RUnlock leaves.
func (l *TaskFair) RUnlock(Token) { l.writers.Add(1) }

// PhaseFair lets readers and writers alternate: after a writer all waiting readers enter
// together, and after them one writer.
//
// Source: Brandenburg and Anderson, Spin-Based Reader-Writer Synchronization for
// Multiprocessor Real-Time Systems, Real-Time Systems 46(1), 2010, §4.1 (PF-T).
// Progress: a reader waits for at most one writer. A writer waits for the writers before
// it, and for one phase of readers before each writer. Waits by cpu.Until.
// Space: four words.
// Ordering: a reader announces itself by an atomic addition that shows it a writer in the
// same step.
// Wins in the readers' longest wait. Loses when oversubscribed, because the next to enter
// is then usually descheduled.
// The zero value is unlocked. A PhaseFair must not be copied after first use.
type PhaseFair struct {
	in, out       atomic.Uint32 // arrivals and departures of readers, above a byte of writer's marks
	tickets, turn atomic.Uint32 // of writers
}

const (
	oneReader = 0x100
	present   = 2 // a writer is inside, or waits for readers to leave
	phase     = 1 // alternates between writers, so that a reader sees that its own has left
	marks     = present | phase
)

// Lock waits for the writers before it and then for the readers that are inside.
func (l *PhaseFair) Lock() {
	mine := l.tickets.Add(1) - 1
	cpu.Until(func() bool { return l.turn.Load() == mine })
	came := l.in.Add(present|mine&phase) &^ marks
	cpu.Until(func() bool { return l.out.Load() == came })
}

// Unlock lets the waiting readers in, and calls the next writer.
func (l *PhaseFair) Unlock() {
	l.in.And(^uint32(marks))
	l.turn.Add(1)
}

// RLock announces a reader, and waits for one writer if there is one.
func (l *PhaseFair) RLock() Token {
	if mark := l.in.Add(oneReader) & marks; mark != 0 {
		cpu.Until(func() bool { return l.in.Load()&marks != mark })
	}
	return nil
}

// RUnlock leaves.
func (l *PhaseFair) RUnlock(Token) { l.out.Add(oneReader) }
