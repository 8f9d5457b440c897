// Package impls defines an implementation of a contract: its card, which says what it is
// and what it promises, and its constructor.
//
// Each folder below this one is a contract. It declares the contract's types, the
// promises that only it knows, a table All of the implementations and a table Broken of
// seeded bugs that the checks must catch. Implementations import neither the harness nor
// the workloads.
package impls

import (
	"context"
	"time"
)

// Kind says what an implementation is built from, so that a reader can compare like with
// like.
type Kind string

// The kinds. Runtime is what the standard library ships; Control is the empty
// implementation, which shows what the harness itself costs.
const (
	Spin    Kind = "spin"
	Channel Kind = "channel"
	Mutex   Kind = "mutex"
	Atomic  Kind = "atomic"
	Runtime Kind = "runtime"
	Library Kind = "library"
	Control Kind = "control"
)

// Valid reports whether a kind is one of these.
func (k Kind) Valid() bool {
	switch k {
	case Spin, Channel, Mutex, Atomic, Runtime, Library, Control:
		return true
	}
	return false
}

// Role says whether an implementation competes.
type Role string

// The roles. A Noop keeps no promise; a Seeded one is a bug, a correct implementation
// minus one idea; Known is a third-party implementation with a defect on record.
const (
	Contender Role = ""
	Noop      Role = "noop"
	Seeded    Role = "broken"
	Known     Role = "known-broken"
)

// Card is all that is said of an implementation, whatever the type of its constructor.
type Card struct {
	Name     string // the field's name in lower case, as in /impl=
	Formerly string // the name that it had in older results; "": none
	Kind     Kind
	Source   string // paper with section, or module with version
	Promises []Promise
	Role     Role
	Headline bool // the quick preset measures it at every point, the others at one
	Flaw     Flaw
	Limits   Limits
	Requires Requires
}

// Flaw says what is wrong with a Seeded or a Known implementation.
type Flaw struct {
	Text   string        // in one sentence
	Twin   string        // of a Seeded one: the correct implementation that it is but for one idea
	Budget time.Duration // of a Known one: a stress run of this length must show the flaw
}

// Limits bounds the points at which an implementation runs, where it would take far
// longer than the others or be taken for hung. Zero fields are no bound.
type Limits struct {
	Crowd int            // goroutines that a stress run gives it
	Param map[string]int // by parameter key: the largest value that a preset gives it
}

// Requires says what must be there for an implementation to run.
type Requires struct {
	Binary  string       // the executable that links it, beside contend's own; "": contend's own
	Server  string       // the name by which a user offers a running server instead; "": none
	Missing func() error // why it cannot run here; nil: it always can
	// Startup is what a trial spends on starting servers, for estimates.
	Startup time.Duration
	// Reach returns why a user's own server, at an address or at several, cannot be used:
	// nothing answers there, or another kind of server does. nil: it is not checked.
	Reach func(ctx context.Context, addresses string) error
}

// Impl is an implementation. C is the type of the contract's constructor, such as func()
// sync.Locker.
type Impl[C any] struct {
	Card
	New C
}

// Has reports whether the implementation makes promise p.
func (c Card) Has(p Promise) bool {
	for _, q := range c.Promises {
		if q == p {
			return true
		}
	}
	return false
}

// Lacks reports whether a promise is missing: the implementation makes neither it nor one
// that covers it.
func (c Card) Lacks(p Promise) bool {
	for _, q := range c.Promises {
		if q == p || q.Covers == p.Name {
			return false
		}
	}
	return true
}

// Unavailable returns the reason why the implementation cannot run on this machine, or
// nil.
func (c Card) Unavailable() error {
	if c.Requires.Missing == nil {
		return nil
	}
	return c.Requires.Missing()
}
