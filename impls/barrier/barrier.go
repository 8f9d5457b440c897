// Package barrier holds implementations of the barrier: a fixed number of parties meet at
// the end of every phase.
//
// The contract is Barrier. No party returns from its Wait of a phase before all parties
// have called theirs. What a party did before its Wait happens before everything that
// follows a Wait of that phase. Wait takes the number of the calling party, from 0, so
// that a barrier can give each party its own place in a tree. In every phase exactly one
// party leads.
//
// What to choose: with more parties than processors, take CondAtomic. Its parties sleep
// at once, and a party that wakes up takes no mutex. The more the parties work between
// phases, the less the choice matters. With a processor for each party, take CentralPark
// or CentralSpin, because most phases end before a party has to sleep. CentralSpin loses
// with more parties than processors: its spinning parties keep the others from arriving.
//
// To add an implementation, write it and add one line to All.
package barrier

import (
	"context"
	"errors"
)

// Barrier makes its parties wait for each other.
type Barrier interface {
	// Wait returns when all parties have called it, and reports whether the caller leads.
	Wait(id int) (leader bool)
}

// Canceller is a Barrier that can break. If the context of a WaitContext ends before all
// parties have arrived, the barrier is broken for good. The call that breaks it returns
// its context's error. It is the only one, even if several contexts end at once: all
// others return ErrBroken, and Wait panics with ErrBroken, whether it is in progress or
// comes later. A phase either breaks for all of its parties or completes for all. Once it
// is complete, the contexts of its waits no longer matter. A party that arrives last may
// complete the phase even if its context has ended.
type Canceller interface {
	Barrier
	WaitContext(ctx context.Context, id int) (leader bool, err error)
}

// Phaser is a Barrier whose number of parties changes. It ignores ids.
type Phaser interface {
	Barrier
	// Register adds a party to the current phase. Only a registered party, or a goroutine
	// that a registered party waits for, may call it.
	Register()
	// Leave removes the calling party. The others no longer wait for it in the current
	// phase. If that completes the phase, one of the parties that wait leads it.
	Leave()
}

// New makes a barrier for a number of parties, at least one.
type New = func(parties int) Barrier

// ErrBroken is the error of a wait at a barrier that another party gave up.
var ErrBroken = errors.New("barrier: broken")
