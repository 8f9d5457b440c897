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
