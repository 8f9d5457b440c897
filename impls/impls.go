// Package impls defines a row of contend: one implementation of one contract.
//
// Each folder below this one is a contract. It declares the contract's types, a table All of the
// implementations that keep it, and a table Broken of seeded bugs that the checks must catch.
// Implementations import neither the harness nor the workloads.
package impls

import (
	"errors"
	"slices"
	"time"
)

// Kind says what an implementation is built from, so that a reader can compare like with like.
type Kind string

// The kinds. Runtime is what the standard library ships; Control marks rows that are not to be used
// but show what a number means: the empty implementation and the seeded bugs.
const (
	Spin    Kind = "spin"
	Channel Kind = "channel"
	Mutex   Kind = "mutex"
	Atomic  Kind = "atomic"
	Runtime Kind = "runtime"
	Library Kind = "library"
	Control Kind = "control"
)

// Promise is a property that an implementation claims. Promises are checked by tests and by stress
// runs and printed beside the numbers, because a faster row that promises less is not a better one.
type Promise string

// The promises of shared-memory contracts.
const (
	FIFO           Promise = "fifo"            // served in order of arrival
	StarvationFree Promise = "starvation-free" // every waiter is served after finitely many others
	Try            Promise = "try"             // has a TryLock that never blocks
	ZeroValue      Promise = "zero-value"      // usable without a constructor
	PanicsOnMisuse Promise = "panics-on-misuse"
	FatalOnMisuse  Promise = "fatal-on-misuse" // misuse ends the process and cannot be recovered
	Weighted       Promise = "weighted"        // takes several permits at once, all or none
	Cancellable    Promise = "cancellable"     // a wait ends with its context and leaves no trace
	Resizable      Promise = "resizable"       // its size changes under load
)

// The promises of reader–writer locks.
const (
	SharedReaders    Promise = "shared-readers"    // readers are inside together
	WriterPreference Promise = "writer-preference" // a reader that comes after a waiting writer does not pass it
	ReadersPass      Promise = "readers-pass"      // a reader does not wait for a writer that is at work
)

// The promises of singletons.
const (
	InitOnce      Promise = "init-once"      // the initializer runs once, if it succeeds
	RetriesErrors Promise = "retries-errors" // after an error the next call builds again
	RetriesPanics Promise = "retries-panics" // after a panic too
)

// The promises of counters, cells and containers.
const (
	Linearizable Promise = "linearizable" // each call takes effect at one instant between its begin and its end
	Resettable   Promise = "resettable"   // Reset loses nothing that is added meanwhile
)

// The promises of queues and stacks.
const (
	MultiProducer Promise = "multi-producer" // many may put in at once
	MultiConsumer Promise = "multi-consumer" // many may take out at once
	Bounded       Promise = "bounded"        // holds as many as its capacity, and not one more
	Unbounded     Promise = "unbounded"      // takes whatever is put in
	Waits         Promise = "waits"          // full and empty are waited for, not reported
	Releases      Promise = "releases"       // what was taken out is not kept reachable
)

// The promises of maps.
const (
	SetOnce  Promise = "set-once" // has a LoadOrStore: of those that come to a missing key one stores, and all get its value
	Sized    Promise = "sized"    // has a Len that is exact when nobody changes anything
	Snapshot Promise = "snapshot" // Range sees all keys at one instant
)

// The promises of distributed locks.
const (
	Expires  Promise = "expires"  // a holder that is gone or stalls loses the lock when its time to live has passed
	Released Promise = "released" // the lock of a process that ended is free at once
	Fenced   Promise = "fenced"   // tokens grow with each acquisition, so that a resource can refuse a holder that is late
	Durable  Promise = "durable"  // a restart of the server neither forgets a holder nor uses a token again
	Survives Promise = "survives" // the loss of one server of several costs a pause at most
)

// Role says whether a row competes or serves as a control.
type Role string

// The roles. A Noop keeps no promise at all and shows the harness's own cost; a Bug is a correct
// implementation minus one idea; Known is a third-party implementation with a defect on record.
const (
	Contender Role = ""
	Noop      Role = "noop"
	Bug       Role = "broken"
	Known     Role = "known-broken"
)

// Impl is one row. C is the type of the contract's constructor, such as func() sync.Locker.
type Impl[C any] struct {
	Name     string // the field's name in lower case, as it stands in /impl=
	Kind     Kind
	Source   string // paper with section, or module with version
	Promises []Promise
	Role     Role
	Twin     string        // of a Bug: the name of its correct twin
	Flaw     string        // of a Bug or Known row: what is wrong, in one sentence
	Budget   time.Duration // of a Known row: a stress run that lasts so long must show the flaw
	New      C
	Missing  func() error // why it cannot run here; nil if it always can
	Binary   string       // the executable that links it, beside contend's own; "": contend's own
	Server   string       // the name by which a user gives a server of his own to use instead; "": there is none
}

// With returns i under another contract: all that is said of it, and another constructor.
func With[C, D any](i Impl[C], create D) Impl[D] {
	return Impl[D]{
		Name: i.Name, Kind: i.Kind, Source: i.Source, Promises: i.Promises,
		Role: i.Role, Twin: i.Twin, Flaw: i.Flaw, Budget: i.Budget, Missing: i.Missing, Binary: i.Binary, Server: i.Server, New: create,
	}
}

// Unavailable returns the reason why i cannot run on this machine, or nil.
func (i Impl[C]) Unavailable() error {
	if i.Missing == nil {
		return nil
	}
	return i.Missing()
}

// Has reports whether i makes promise p.
func (i Impl[C]) Has(p Promise) bool {
	return slices.Contains(i.Promises, p)
}

// Check reports every row of a table that a reader could not trust: a name missing or taken twice,
// a row without a source, or a bug whose twin is not in the tables given.
func Check[C any](rows []Impl[C]) error {
	var errs []error
	seen := map[string]bool{}
	for _, r := range rows {
		if r.Name == "" || r.Source == "" || r.Kind == "" {
			errs = append(errs, errors.New("impls: row "+r.Name+" lacks a name, a kind or a source"))
		}
		if seen[r.Name] {
			errs = append(errs, errors.New("impls: row "+r.Name+" stands twice"))
		}
		seen[r.Name] = true
	}
	for _, r := range rows {
		if r.Role == Bug && (!seen[r.Twin] || r.Flaw == "") {
			errs = append(errs, errors.New("impls: bug "+r.Name+" names no twin in the table or no flaw"))
		}
		if r.Role == Known && (r.Budget <= 0 || r.Flaw == "") {
			errs = append(errs, errors.New("impls: "+r.Name+", known to be broken, has no flaw or no budget"))
		}
	}
	return errors.Join(errs...)
}
