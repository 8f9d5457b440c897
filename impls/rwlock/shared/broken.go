package shared

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked.
// None of them may be used.

// noOddCheck is Seqlock whose reader copies at any version. A writer that stores during
// the whole copy does not change the number.
type noOddCheck struct{ Seqlock }

func (s *noOddCheck) Load(into []uint64) []uint64 {
	for range maxCopies {
		version := s.version.Load()
		words := s.copy(into) // bug: Seqlock does not copy while version is odd
		if s.version.Load() == version {
			return words
		}
	}
	return s.wait(into)
}

// editsInPlace is CopyOnWrite that changes the published words themselves.
type editsInPlace struct{ CopyOnWrite }

func (s *editsInPlace) Update(change func([]uint64)) {
	s.mu.Lock()
	words := *s.words.Load() // bug: CopyOnWrite clones them
	change(words)
	s.words.Store(&words)
	s.mu.Unlock()
}

// waitsForChange is Seqlock whose reader takes the writers' lock after its tries, which a
// writer has during its change, too.
type waitsForChange struct{ Seqlock }

func (s *waitsForChange) Load(into []uint64) []uint64 {
	for range maxCopies {
		version := s.version.Load()
		if version%2 == 0 {
			words := s.copy(into)
			if s.version.Load() == version {
				return words
			}
		}
	}
	s.mu.Lock()         // bug: Seqlock takes the lock of a writer that stores …
	defer s.mu.Unlock() // … and frees that
	return s.copy(into)
}

// lowHalf is Seqlock that compares the low halves of words when it looks for those that
// have changed.
type lowHalf struct{ Seqlock }

func (s *lowHalf) Update(change func([]uint64)) {
	s.mu.Lock()
	change(s.draft)
	s.storing.Lock()
	s.version.Add(1)
	for i, w := range s.draft {
		if uint32(s.words[i].Load()) != uint32(w) { // bug: Seqlock compares whole words
			s.words[i].Store(w)
		}
	}
	s.version.Add(1)
	s.storing.Unlock()
	s.mu.Unlock()
}
