package stack

import "github.com/contendbench/contend/impls"

var (
	growing   = []impls.Promise{impls.Linearizable, impls.Unbounded, impls.Releases}
	zeroValue = []impls.Promise{impls.Linearizable, impls.Unbounded, impls.Releases, impls.ZeroValue}
)

// All returns every stack, and the control that keeps nothing.
func All[T any]() []impls.Impl[New[T]] {
	return []impls.Impl[New[T]]{
		impls.Headline(impls.New("mutex", impls.Mutex, "sync.Mutex",
			func(int) Stack[T] { return NewLocked[T]() }, growing...)),
		impls.New("spin", impls.Spin, "Rudolph and Segall 1984, §5",
			func(int) Stack[T] { return NewSpinning[T]() }, growing...),
		impls.New("channel", impls.Channel, "Hoare 1978, §5",
			func(int) Stack[T] { return NewChannel[T]() }, growing...),
		impls.Headline(impls.New("treiber", impls.Atomic, "Treiber 1986",
			func(int) Stack[T] { return new(Treiber[T]) }, zeroValue...)),
		impls.New("treiber-backoff", impls.Atomic, "Agarwal and Cherian 1989",
			func(int) Stack[T] { return new(Backoff[T]) }, zeroValue...),
		impls.New("tagged", impls.Atomic, "Treiber 1986; IBM System/370-XA Principles of Operation 1983, appendix A",
			func(room int) Stack[T] { return NewTagged[T](room) }, impls.Bounded, impls.Releases),
		impls.Headline(impls.New("elimination", impls.Atomic, "Hendler, Shavit and Yerushalmi 2004",
			func(int) Stack[T] { return NewElimination[T]() }, growing...)),
		impls.NewControl("keeps nothing", func(int) Stack[T] { return None[T]{} }),
	}
}

// Broken returns the seeded bugs.
func Broken[T any]() []impls.Impl[New[T]] {
	return impls.Seed(All[T](),
		impls.Bug[New[T]]{
			Name: "untagged", Twin: "tagged", Flaw: "links to reused slots are indices without a tag",
			New: func(room int) Stack[T] { return newUntagged[T](room) },
		},
		impls.Bug[New[T]]{
			Name: "freed-early", Twin: "tagged", Flaw: "reads a slot after it has released it",
			New: func(room int) Stack[T] { s := new(freedEarly[T]); s.init(room, 1); return s },
		},
		impls.Bug[New[T]]{
			Name: "hoisted-below", Twin: "treiber", Flaw: "a push that retries keeps the node below that it read first",
			New: func(int) Stack[T] { return new(hoisted[T]) },
		},
		impls.Bug[New[T]]{
			Name: "gives-twice", Twin: "elimination", Flaw: "hands a value to a pop, and still pushes it",
			New: func(int) Stack[T] { s := new(givesTwice[T]); s.init(); return s },
		},
		impls.Bug[New[T]]{
			Name: "keeps-popped", Twin: "mutex", Flaw: "the slice still refers to what was popped",
			New: func(int) Stack[T] { return &keeps[T]{*NewLocked[T]()} },
		},
		impls.Bug[New[T]]{
			Name: "links-15bit", Twin: "tagged", Flaw: "loses values when it holds more than 32767",
			New: func(room int) Stack[T] { s := new(links15[T]); s.init(room, 1); return s },
		},
		impls.Bug[New[T]]{
			Name: "room-capped", Twin: "tagged", Flaw: "has room for 4096 values at most",
			New: func(room int) Stack[T] { return newCapped[T](room) },
		},
		impls.Bug[New[T]]{
			Name: "depth-16bit", Twin: "spin", Flaw: "starts again at the bottom when it holds 65535 values",
			New: func(int) Stack[T] { return &depth16[T]{Locked: *NewSpinning[T]()} },
		},
		impls.Bug[New[T]]{
			Name: "needs-constructor", Twin: "treiber-backoff", Flaw: "its zero value takes no value",
			New: func(int) Stack[T] { return &needsNew[T]{made: true} },
		},
	)
}

// BrokenOfValues returns the seeded bugs that show only where values are interfaces.
func BrokenOfValues() []impls.Impl[New[any]] {
	return impls.Seed(All[any](),
		impls.Bug[New[any]]{
			Name: "nil-is-none", Twin: "treiber", Flaw: "loses nil",
			New: func(int) Stack[any] { return new(nilIsNone[any]) },
		},
	)
}
