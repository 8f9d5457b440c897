package mutex

import (
	"errors"
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cpu"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// A section is plain data that only mutual exclusion keeps consistent: ten words that
// every turn increments, half of them on entry and half on exit. A second goroutine
// inside sees words that differ, or its increments are lost.
type section struct {
	turns    uint64
	words    [10]uint64
	last     *tally // of the worker that was inside last
	handoffs uint64 // turns by another worker than the one before
}

// enter increments the first half; it reports whether all words were at the same turn.
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

// leave increments the second half; it reports whether no other worker has touched the
// section since enter.
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

// visit is what a worker does inside: it checks and increments the section, works for
// hold steps of the spin, and yields in one of every yield turns.
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

// A tally is what one worker counts.
type tally struct {
	turns  uint64
	seen   uint64 // the section's turns when the worker last left it
	bypass uint64 // the most turns of others between two of its own
	_      [cpu.Line - 24]byte
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
	w.Set(bypassMax, float64(bypass))
	w.Set(handoffs, float64(shared.handoffs)/float64(max(shared.turns, 1)))
	return atRest(lock)
}

// atRest checks a lock that is not held: TryLock, where there is one, takes it once and
// not twice.
func atRest(lock sync.Locker) error {
	try, ok := lock.(locks.TryLocker)
	if !ok {
		return nil
	}
	if !try.TryLock() {
		return errors.New("TryLock of a lock at rest failed")
	}
	again := make(chan bool)
	go func() { again <- try.TryLock() }() // on another goroutine: to a lock, a second try by the holder may be misuse
	if <-again {
		return errors.New("TryLock took a lock that was held")
	}
	try.Unlock()
	return nil
}
