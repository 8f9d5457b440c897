package future

import (
	"time"

	"github.com/contendbench/contend/impls"
)

// All returns every future, for values of any type.
func All[T any]() []impls.Impl[New[T]] {
	ordered := []impls.Promise{InOrder, Inline, impls.Cancellable}
	return []impls.Impl[New[T]]{
		impls.Headline(impls.New("channel", impls.Channel, "The Go Memory Model, Channel communication",
			func() Promise[T] { return NewChannel[T]() }, ordered...)),
		impls.Headline(impls.New("cond", impls.Mutex, "Hoare 1974, §2",
			func() Promise[T] { return NewCond[T]() }, ordered...)),
		impls.New("list", impls.Mutex, "golang.org/x/sync/semaphore, its list of waiters",
			func() Promise[T] { return new(List[T]) }, InOrder, Inline, impls.Cancellable, impls.ZeroValue),
		impls.New("mvar", impls.Channel, "Peyton Jones, Gordon and Finne 1996",
			func() Promise[T] { return NewMVar[T]() }, impls.Cancellable),
		impls.Headline(impls.New("atomic", impls.Atomic, "SIP-14 2012; Treiber 1986",
			func() Promise[T] { return new(Atomic[T]) }, InOrder, Inline, impls.ZeroValue)),
		impls.Headline(impls.New("lazy", impls.Atomic, "package context, cancelCtx.Done; SIP-14 2012",
			func() Promise[T] { return new(Lazy[T]) }, InOrder, Inline, impls.Cancellable, impls.ZeroValue)),
		impls.New("spin", impls.Spin, "Baker and Hewitt 1977",
			func() Promise[T] { return new(Spin[T]) }, InOrder, Inline, impls.Cancellable, impls.ZeroValue),
		impls.NewKnown(impls.New("mo", impls.Library, "github.com/samber/mo v1.16.0",
			func() Promise[T] { return NewMo[T]() }),
			5*time.Second, "a second Then on a pending future loses the callback of the first"),
		impls.NewKnown(impls.New("protoactor", impls.Library,
			"github.com/asynkron/protoactor-go v0.0.0-20240822202345-3c0e61ca19c9",
			func() Promise[T] { return NewProtoactor[T]() }),
			5*time.Second, "its result wakes one waiter of several, and a late message changes it"),
	}
}

// Broken returns the seeded bugs.
func Broken[T any]() []impls.Impl[New[T]] {
	return impls.Seed(All[T](), append(bugsOfDecisions[T](), bugsOfWaits[T]()...)...)
}

// bugsOfDecisions are those in Resolve, Reject and Then.
func bugsOfDecisions[T any]() []impls.Bug[New[T]] {
	return []impls.Bug[New[T]]{
		{
			Name: "check-then-set", Twin: "atomic", Flaw: "two racing Resolves both decide",
			New: func() Promise[T] { return new(checkThenSet[T]) },
		},
		{
			Name: "unchecked-push", Twin: "lazy", Flaw: "a callback that is added beside the decision is lost",
			New: func() Promise[T] { return new(uncheckedPush[T]) },
		},
		{
			Name: "then-overwrites", Twin: "channel", Flaw: "a second Then loses the callback of the first",
			New: func() Promise[T] { p := new(thenOverwrites[T]); p.init(); return p },
		},
		{
			Name: "calls-twice", Twin: "lazy", Flaw: "a callback that is added after the decision is called twice",
			New: func() Promise[T] { return new(callsTwice[T]) },
		},
		{
			Name: "calls-locked", Twin: "channel", Flaw: "callbacks are called under the Mutex, and cannot use the promise",
			New: func() Promise[T] { p := new(callsLocked[T]); p.init(); return p },
		},
		{
			Name: "last-first", Twin: "atomic", Flaw: "calls the callback that came last first",
			New: func() Promise[T] { return new(lastFirst[T]) },
		},
		{
			Name: "calls-aside", Twin: "lazy", Flaw: "starts a goroutine for each callback, and does not wait for it",
			New: func() Promise[T] { return new(callsAside[T]) },
		},
		{
			Name: "late-reject", Twin: "cond", Flaw: "a Reject after the decision changes the outcome",
			New: func() Promise[T] { p := new(lateReject[T]); p.init(); return p },
		},
	}
}

// bugsOfWaits are those by which a Get returns late, never or with something else.
func bugsOfWaits[T any]() []impls.Bug[New[T]] {
	return []impls.Bug[New[T]]{
		{
			Name: "signals", Twin: "cond", Flaw: "Resolve wakes one waiter",
			New: func() Promise[T] { p := new(signals[T]); p.init(); return p },
		},
		{
			Name: "closes-first", Twin: "channel", Flaw: "the channel is closed before the value is there",
			New: func() Promise[T] { p := new(closesFirst[T]); p.init(); return p },
		},
		{
			Name: "takes-outcome", Twin: "mvar", Flaw: "a cancelled Get takes the outcome of the next waiter with it",
			New: func() Promise[T] { p := new(takesOutcome[T]); p.init(); return p },
		},
		{
			Name: "stays-listed", Twin: "list", Flaw: "a cancelled waiter stays in the list",
			New: func() Promise[T] { return new(staysListed[T]) },
		},
		{
			Name: "watcher-stays", Twin: "cond", Flaw: "a wait leaves a function registered with its context",
			New: func() Promise[T] { p := new(watcherStays[T]); p.init(); return p },
		},
		{
			Name: "context-first", Twin: "lazy", Flaw: "a Get whose context has ended does not return the outcome that is there",
			New: func() Promise[T] { return new(contextFirst[T]) },
		},
		{
			Name: "polls", Twin: "spin", Flaw: "a timer wakes waiters, not the decision",
			New: func() Promise[T] { return new(polls[T]) },
		},
		{
			Name: "zero-is-none", Twin: "spin", Flaw: "takes a zero value for no value, and waits for another",
			New: func() Promise[T] { return new(zeroIsNone[T]) },
		},
	}
}

// Combinators returns Combine over the promises of All.
func Combinators[T any]() []impls.Impl[NewCombinator[T]] {
	var table []impls.Impl[NewCombinator[T]]
	one, many := All[T](), All[[]T]()
	for i := range one {
		table = append(table, impls.With(one[i], func() Combinator[T] { return NewCombine(one[i].New, many[i].New) }))
	}
	return table
}

// BrokenCombinators returns the seeded bugs of Combine.
func BrokenCombinators[T any]() []impls.Impl[NewCombinator[T]] {
	lazy := func() Combine[T] {
		return Combine[T]{func() Promise[T] { return new(Lazy[T]) }, func() Promise[[]T] { return new(Lazy[[]T]) }}
	}
	return impls.Seed(
		Combinators[T](),
		impls.Bug[NewCombinator[T]]{
			Name: "all-but-one", Twin: "lazy", Flaw: "All is decided when all futures but one have values",
			New: func() Combinator[T] { return &allButOne[T]{lazy()} },
		},
		impls.Bug[NewCombinator[T]]{
			Name: "all-forgives", Twin: "lazy", Flaw: "All takes an error for a zero value",
			New: func() Combinator[T] { return &allForgives[T]{lazy()} },
		},
		impls.Bug[NewCombinator[T]]{
			Name: "any-gives-up", Twin: "lazy", Flaw: "Any is decided by the first error",
			New: func() Combinator[T] { return &anyGivesUp[T]{lazy()} },
		},
		impls.Bug[NewCombinator[T]]{
			Name: "race-forgives", Twin: "lazy", Flaw: "Race waits for a value while errors come",
			New: func() Combinator[T] { return &raceForgives[T]{lazy()} },
		},
	)
}
