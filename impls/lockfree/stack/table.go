package stack

import "github.com/contendbench/contend/impls"

// All returns every stack, and the control that keeps nothing.
func All[T any]() []impls.Impl[New[T]] {
	const (
		linear   = impls.Linearizable
		grows    = impls.Unbounded
		releases = impls.Releases
		zero     = impls.ZeroValue
	)
	row := func(name string, kind impls.Kind, source string, create New[T], p ...impls.Promise) impls.Impl[New[T]] {
		return impls.Impl[New[T]]{Name: name, Kind: kind, Source: source, Promises: p, New: create}
	}
	return []impls.Impl[New[T]]{
		row("mutex", impls.Mutex, "sync.Mutex", func(int) Stack[T] { return NewLocked[T]() }, linear, grows, releases),
		row("spin", impls.Spin, "Rudolph and Segall 1984, §5", func(int) Stack[T] { return NewSpinning[T]() }, linear, grows, releases),
		row("channel", impls.Channel, "Hoare 1978, §5", func(int) Stack[T] { return NewChannel[T]() }, linear, grows, releases),
		row("treiber", impls.Atomic, "Treiber 1986", func(int) Stack[T] { return new(Treiber[T]) }, linear, grows, releases, zero),
		row("treiber-backoff", impls.Atomic, "Agarwal and Cherian 1989", func(int) Stack[T] { return new(Backoff[T]) }, linear, grows, releases, zero),
		row("tagged", impls.Atomic, "Treiber 1986; IBM System/370-XA Principles of Operation 1983, appendix A",
			func(room int) Stack[T] { return NewTagged[T](room) }, impls.Bounded, releases),
		row("elimination", impls.Atomic, "Hendler, Shavit and Yerushalmi 2004", func(int) Stack[T] { return NewElimination[T]() }, linear, grows, releases),
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "keeps nothing", New: func(int) Stack[T] { return None[T]{} }},
	}
}

// Broken returns the seeded bugs. Each makes the promises of its twin.
func Broken[T any]() []impls.Impl[New[T]] {
	const (
		linear   = impls.Linearizable
		grows    = impls.Unbounded
		releases = impls.Releases
	)
	bug := func(name, twin, flaw string, create New[T], p ...impls.Promise) impls.Impl[New[T]] {
		return impls.Impl[New[T]]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: create}
	}
	return []impls.Impl[New[T]]{
		bug("untagged", "tagged", "the word is the index of a slot that is used again, without a tag",
			func(room int) Stack[T] { return newUntagged[T](room) }, impls.Bounded, releases),
		bug("freed-early", "tagged", "reads a slot after it has given it back",
			func(room int) Stack[T] { s := new(freedEarly[T]); s.init(room, 1); return s }, impls.Bounded, releases),
		bug("hoisted-below", "treiber", "a push that tries again keeps the node below that it found at first",
			func(int) Stack[T] { return new(hoisted[T]) }, linear, grows, releases, impls.ZeroValue),
		bug("gives-twice", "elimination", "hands a value to a pop, and pushes it all the same",
			func(int) Stack[T] { s := new(givesTwice[T]); s.init(); return s }, linear, grows, releases),
		bug("keeps-popped", "mutex", "the slice still refers to what was popped",
			func(int) Stack[T] { return &keeps[T]{*NewLocked[T]()} }, linear, grows, releases),
	}
}
