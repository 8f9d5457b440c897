package multiword

import "slices"

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// ownVerdict is MCAS that settles by its own claims. When a helper was faster, it finds
// new values in the words and takes the operation for failed.
type ownVerdict struct{ MCAS }

func (m *ownVerdict) CompareAndSwap(swaps []Swap) bool {
	o := m.start(swaps)
	status := o.claim()
	o.status.CompareAndSwap(undecided, status)
	return o.settle(status) // bug: MCAS goes by the operation's status
}

// otherWord is Pointer that takes a change of any word for one of its own.
type otherWord struct{ Pointer }

func (m *otherWord) CompareAndSwap(swaps []Swap) bool {
	old := m.words.Load()
	for _, s := range swaps {
		if (*old)[s.Place] != s.Old {
			return false
		}
	}
	words := slices.Clone(*old)
	for _, s := range swaps {
		words[s.Place] = s.New
	}
	return m.words.CompareAndSwap(old, &words) // bug: Pointer looks again if this fails
}

// lowHalves is OrderedLocks that compares the lower halves of words.
type lowHalves struct{ OrderedLocks }

func (m *lowHalves) CompareAndSwap(swaps []Swap) bool {
	same := true
	for _, s := range swaps {
		w := &m.words[s.Place]
		w.mu.Lock()
		same = same && uint32(w.value) == uint32(s.Old) // bug: OrderedLocks compares all bits
	}
	for _, s := range swaps {
		w := &m.words[s.Place]
		if same {
			w.value = s.New
		}
		w.mu.Unlock()
	}
	return same
}

// unlockedLoad is OrderedLocks whose Load takes no lock, and sees half of an operation.
type unlockedLoad struct{ OrderedLocks }

func (m *unlockedLoad) Load(place int) uint64 {
	return m.words[place].value // bug: OrderedLocks takes the word's lock
}

// loadBehind is MCAS whose Load returns the old value of a word that an operation has
// claimed, even if that is decided.
type loadBehind struct{ MCAS }

func (m *loadBehind) Load(place int) uint64 {
	now := m.words[place].Load()
	if now.whole == nil {
		return m.MCAS.Load(place)
	}
	for _, p := range now.whole.parts { // bug: MCAS helps, and looks again
		if p.word == &m.words[place] {
			return p.old.value // …
		}
	}
	return m.MCAS.Load(place)
}
