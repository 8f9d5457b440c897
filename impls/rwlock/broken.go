package rwlock

import (
	"time"

	"github.com/contendbench/contend/impls/cpu"
)

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

// readers9Bit is Spin with a count of readers of nine bits: with 512 of them inside, the
// lock looks free.
type readers9Bit struct{ Spin }

func (l *readers9Bit) RLock() Token {
	cpu.Until(func() bool {
		n := l.state.Load()
		return n >= 0 && l.state.CompareAndSwap(n, (n+1)&511) // bug: Spin's count has 64 bits
	})
	return nil
}

// signalsOne is ReaderPreferring whose writer wakes one waiter. Other readers sleep on
// until the lock is free again.
type signalsOne struct{ ReaderPreferring }

func (l *signalsOne) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers != -1 {
		panic("rwlock: Unlock of a ReaderPreferring without a writer")
	}
	l.readers = 0
	l.changed.Signal() // bug: ReaderPreferring wakes all waiters
}

// drainPolls is BigReader whose writer looks for the readers inside now and then.
type drainPolls struct{ BigReader }

func (l *drainPolls) Lock() {
	l.mu.Lock()
	l.writer.Store(true)
	for i := range l.stripes {
		for l.stripes[i].readers.Load() != 0 {
			time.Sleep(2 * time.Millisecond) // bug: the last reader wakes BigReader's writer
		}
	}
}

// channelBlind is Channel that does not know whether readers or a writer are inside.
type channelBlind struct{ Channel }

func (l *channelBlind) Lock() { l.taken <- struct{}{} } // bug: Channel notes that a writer is inside …

func (l *channelBlind) Unlock() {
	select {
	case <-l.taken: // … and looks at the note here
	default:
		panic("rwlock: Unlock of a Channel that is free")
	}
}

// spinBreaks is Spin whose Unlock changes the lock before it looks.
type spinBreaks struct{ Spin }

func (l *spinBreaks) Unlock() {
	if l.state.Add(-writing) != 0 { // bug: Spin swaps only if a writer is inside
		panic("rwlock: Unlock of a Spin without a writer")
	}
}

// spinUnmade is Spin that works only if a constructor has made it.
type spinUnmade struct {
	Spin
	made bool // …
}

func (l *spinUnmade) Lock() {
	if l.made { // bug: Spin locks without
		l.Spin.Lock()
	}
}

func (l *spinUnmade) Unlock() {
	if l.made { // …
		l.Spin.Unlock()
	}
}

// waitedEnough is WriterPreferring that lets the readers in which waited for a writer
// inside, although another writer waits. So does sync.RWMutex.
type waitedEnough struct{ WriterPreferring }

func (l *waitedEnough) RLock() Token {
	waited := false // …
	l.mu.Lock()
	for l.readers < 0 || l.writers > 0 && !waited { // bug: WriterPreferring looks for waiting writers again
		waited = waited || l.readers < 0 // …
		l.changed.Wait()
	}
	l.readers++
	l.mu.Unlock()
	return nil
}
