package rwlock

import "sync/atomic"

// TaskFair serves readers and writers in the order in which they come; readers that stand side by side enter together.
//
// Source: Mellor-Crummey and Scott, PPoPP 1991, §2.1, with one ticket for both kinds and two numbers called.
// Progress: FIFO, so one preempted waiter stalls all behind it. Waits by spinning, then Gosched every 64 turns.
// Space: three words.
// Ordering: a change of a number called synchronizes before the load that sees it.
// Wins in the longest wait; loses when oversubscribed, and when readers and writers take turns, for then no two readers meet.
// The zero value is unlocked. A TaskFair must not be copied after first use.
type TaskFair struct {
	next    atomic.Uint32
	readers atomic.Uint32 // the ticket that a reader may enter with
	writers atomic.Uint32 // the ticket that a writer may enter with: all before it have left
}

// Lock draws a ticket and waits until all before it have left.
func (l *TaskFair) Lock() {
	mine := l.next.Add(1) - 1
	until(func() bool { return l.writers.Load() == mine })
}

// Unlock lets the next in.
func (l *TaskFair) Unlock() {
	l.readers.Add(1)
	l.writers.Add(1)
}

// RLock draws a ticket, waits until no writer is before it, and lets the next reader in.
func (l *TaskFair) RLock() Token {
	mine := l.next.Add(1) - 1
	until(func() bool { return l.readers.Load() == mine })
	l.readers.Add(1)
	return nil
}

// RUnlock leaves.
func (l *TaskFair) RUnlock(Token) { l.writers.Add(1) }

// PhaseFair lets readers and writers take turns: after a writer all readers that wait enter together, and after them
// one writer.
//
// Source: Brandenburg and Anderson, Spin-Based Reader-Writer Synchronization for Multiprocessor Real-Time Systems, Real-Time
// Systems 46(1), 2010, §4.1 (PF-T).
// Progress: a reader waits for one writer at most, a writer for those that came before it and a phase of readers for each. Waits by
// spinning, then Gosched every 64 turns.
// Space: four words.
// Ordering: readers announce themselves by an atomic addition that tells them of a writer in the same step.
// Wins in the readers' longest wait; loses when oversubscribed.
// The zero value is unlocked. A PhaseFair must not be copied after first use.
type PhaseFair struct {
	in, out       atomic.Uint32 // readers that came and that left, above the low byte, which is a writer's mark
	tickets, turn atomic.Uint32 // of writers
}

const (
	oneReader = 0x100
	present   = 2 // a writer is, or waits until readers have left
	phase     = 1 // changes from writer to writer, so that a reader sees that its own is gone
	marks     = present | phase
)

// Lock waits for the writers before it and then for the readers that are inside.
func (l *PhaseFair) Lock() {
	mine := l.tickets.Add(1) - 1
	until(func() bool { return l.turn.Load() == mine })
	came := l.in.Add(present|mine&phase) &^ marks
	until(func() bool { return l.out.Load() == came })
}

// Unlock lets the waiting readers in, and calls the next writer.
func (l *PhaseFair) Unlock() {
	l.in.And(^uint32(marks))
	l.turn.Add(1)
}

// RLock announces a reader, and waits for one writer if there is one.
func (l *PhaseFair) RLock() Token {
	if mark := l.in.Add(oneReader) & marks; mark != 0 {
		until(func() bool { return l.in.Load()&marks != mark })
	}
	return nil
}

// RUnlock leaves.
func (l *PhaseFair) RUnlock(Token) { l.out.Add(oneReader) }
