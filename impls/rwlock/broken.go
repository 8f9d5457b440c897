package rwlock

import "github.com/contendbench/contend/impls/cpu"

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked.
// None of them may be used.

// countAfterCheck is BigReader whose reader counts itself after it looked for a writer. A
// writer that arrives in between is inside together with the reader.
type countAfterCheck struct{ BigReader }

func (l *countAfterCheck) RLock() Token {
	s := l.stripe()
	if l.writer.Load() {
		l.wait(s)
		return s
	}
	s.readers.Add(1) // bug: BigReader counts before it looks
	return s
}

// biasKept is BRAVO whose writer takes the lock below and keeps the bias.
type biasKept struct{ BRAVO }

func (l *biasKept) Lock() {
	l.under.Lock() // bug: BRAVO revokes the bias then
}

// preferenceDropped is WriterPreferring whose readers do not look for a waiting writer.
type preferenceDropped struct{ WriterPreferring }

func (l *preferenceDropped) RLock() Token {
	l.mu.Lock()
	for l.readers < 0 { // bug: WriterPreferring looks at l.writers, too
		l.changed.Wait()
	}
	l.readers++
	l.mu.Unlock()
	return nil
}

// wakesNobody is ReaderPreferring whose last reader wakes no waiter.
type wakesNobody struct{ ReaderPreferring }

func (l *wakesNobody) RUnlock(Token) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers <= 0 {
		panic("rwlock: RUnlock of a ReaderPreferring without a reader")
	}
	l.readers-- // bug: ReaderPreferring wakes the waiters if this was the last reader
}

// marksLate is PhaseFair whose writer raises its mark only while no reader is inside.
// Readers that overlap keep it out forever.
type marksLate struct{ PhaseFair }

func (l *marksLate) Lock() {
	mine := l.tickets.Add(1) - 1
	cpu.Until(func() bool { return l.turn.Load() == mine })
	cpu.Until(func() bool { // bug: PhaseFair raises its mark here, and then waits for the readers …
		left := l.out.Load()                                      // … which it does …
		return l.in.CompareAndSwap(left, left|present|mine&phase) // … without this
	})
}
