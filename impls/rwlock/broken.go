package rwlock

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. None of them may be used.

// countAfterCheck is BigReader whose reader counts itself after it looked for a writer: one that came between is inside with it.
type countAfterCheck struct{ BigReader }

func (l *countAfterCheck) RLock() Token {
	s := l.place()
	if l.writer.Load() {
		l.wait(s)
		return s
	}
	s.readers.Add(1) // bug: BigReader counts before it looks
	return s
}

// biasKept is BRAVO whose writer takes the lock below and leaves the bias on.
type biasKept struct{ BRAVO }

func (l *biasKept) Lock() {
	l.under.Lock() // bug: BRAVO revokes the bias then
}

// preferenceDropped is WriterPreferring whose readers do not look for a waiting writer.
type preferenceDropped struct{ WriterPreferring }

func (l *preferenceDropped) RLock() Token {
	l.mu.Lock()
	for l.readers < 0 { // bug: WriterPreferring looks at l.writers too
		l.changed.Wait()
	}
	l.readers++
	l.mu.Unlock()
	return nil
}

// wakesNobody is ReaderPreferring whose last reader leaves without a word.
type wakesNobody struct{ ReaderPreferring }

func (l *wakesNobody) RUnlock(Token) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers <= 0 {
		panic("rwlock: RUnlock of a ReaderPreferring that no reader holds")
	}
	l.readers-- // bug: ReaderPreferring wakes the writers when this was the last
}

// marksLate is PhaseFair whose writer raises its mark when no reader is inside: readers that overlap keep it out for ever.
type marksLate struct{ PhaseFair }

func (l *marksLate) Lock() {
	mine := l.tickets.Add(1) - 1
	until(func() bool { return l.turn.Load() == mine })
	until(func() bool { // bug: PhaseFair raises it, and then waits for the readers
		left := l.out.Load()
		return l.in.CompareAndSwap(left, left|present|mine&phase)
	})
}

// noOddCheck is Seqlock whose reader begins at any number: a writer that stores all the while does not change it.
type noOddCheck struct{ Seqlock }

func (s *noOddCheck) Load(into []uint64) []uint64 {
	for range patience {
		version := s.version.Load()
		words := s.copy(into) // bug: Seqlock does not copy when version is odd
		if s.version.Load() == version {
			return words
		}
	}
	return s.wait(into)
}

// editsInPlace is CopyOnWrite that changes the words themselves.
type editsInPlace struct{ CopyOnWrite }

func (s *editsInPlace) Update(change func([]uint64)) {
	s.mu.Lock()
	words := *s.words.Load() // bug: CopyOnWrite clones them
	change(words)
	s.words.Store(&words)
	s.mu.Unlock()
}
