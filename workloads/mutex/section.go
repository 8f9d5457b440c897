package mutex

import (
	"errors"
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// A section is plain data that only mutual exclusion keeps whole: ten words that every turn moves on by
// one, half of them on entry and half on exit. A second goroutine inside finds words that differ, or
// its steps are lost.
type section struct {
	turns    uint64
	words    [10]uint64
	last     *tally // who was inside last
	handoffs uint64 // turns by another worker than the one before
}

// enter moves the first half on; it reports whether all words stood at the same turn.
func (s *section) enter() bool {
	whole := true
	for i := range s.words {
		whole = whole && s.words[i] == s.turns
	}
	for i := range len(s.words) / 2 {
		s.words[i]++
	}
	return whole
}

// leave moves the second half on; it reports whether nobody else has touched the section since enter.
func (s *section) leave() bool {
	whole := true
	for i := range len(s.words) / 2 {
		whole = whole && s.words[i] == s.turns+1
	}
	for i := len(s.words) / 2; i < len(s.words); i++ {
		whole = whole && s.words[i] == s.turns
		s.words[i]++
	}
	s.turns++
	return whole
}

// visit is what a worker does inside: it checks and moves the section on, works for hold steps of the
// spin, and gives its processor away in one of every yield turns.
func (s *section) visit(w *harness.Worker, mine *tally, hold, yield int) {
	whole := s.enter()
	if mine.turns > 0 {
		mine.bypass = max(mine.bypass, s.turns-mine.seen)
	}
	if s.last != mine {
		s.last = mine
		s.handoffs++
	}
	w.Spin(hold)
	load.Yields(mine.turns, yield)
	if !s.leave() || !whole {
		w.Fail(errOverlap)
	}
	mine.turns++
	mine.seen = s.turns
}

var errOverlap = errors.New("two goroutines were inside the section at once")

// A tally is what one worker knows for itself.
type tally struct {
	turns  uint64
	seen   uint64 // the section's turns when the worker last left it
	bypass uint64 // the most turns of others between two of its own
	_      [104]byte
}

// settled checks after a window: no turn was lost, and the lock is free and works.
func settled(w *harness.Window, lock sync.Locker, shared *section, tallies []tally) error {
	var sum, bypass uint64
	for i := range tallies {
		sum += tallies[i].turns
		bypass = max(bypass, tallies[i].bypass)
	}
	if sum != shared.turns {
		return fmt.Errorf("lost updates: %d turns were made and the section counts %d", sum, shared.turns)
	}
	w.Metric("bypass-max", float64(bypass))
	w.Metric("handoffs/op", float64(shared.handoffs)/float64(max(shared.turns, 1)))
	return atRest(lock)
}

// atRest checks a lock that nobody holds: TryLock, where there is one, takes it once and not twice.
func atRest(lock sync.Locker) error {
	try, ok := lock.(locks.TryLocker)
	if !ok {
		return nil
	}
	if !try.TryLock() {
		return errors.New("TryLock of a lock at rest failed")
	}
	again := make(chan bool)
	go func() { again <- try.TryLock() }() // on another goroutine: a lock may take one's own second try for misuse
	if <-again {
		return errors.New("TryLock took a lock that was held")
	}
	try.Unlock()
	return nil
}
