package multiword

import "github.com/contendbench/contend/impls"

// All returns every implementation.
func All() []impls.Impl[New] {
	return []impls.Impl[New]{
		impls.Headline(impls.New("mutex", impls.Mutex, "sync.Mutex",
			func(n int) MultiWord { return NewMutex(n) }, impls.Linearizable)),
		impls.New("ordered-locks", impls.Mutex, "Havender 1968",
			func(n int) MultiWord { return NewOrderedLocks(n) }, impls.Linearizable),
		impls.New("pointer", impls.Atomic, "Herlihy 1990, §3",
			func(n int) MultiWord { return NewPointer(n) }, impls.Linearizable),
		impls.Headline(impls.New("mcas", impls.Atomic, "Harris, Fraser and Pratt 2002",
			func(n int) MultiWord { return NewMCAS(n) }, impls.Linearizable)),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(
		All(),
		impls.Bug[New]{
			Name: "own-verdict", Twin: "mcas",
			Flaw: "goes by what it saw itself, although a helper can have decided otherwise",
			New:  func(n int) MultiWord { m := new(ownVerdict); m.init(n); return m },
		},
		impls.Bug[New]{
			Name: "other-word", Twin: "pointer",
			Flaw: "fails when another word has changed",
			New:  func(n int) MultiWord { m := new(otherWord); m.init(n); return m },
		},
		impls.Bug[New]{
			Name: "low-halves", Twin: "ordered-locks",
			Flaw: "compares the lower halves of words",
			New:  func(n int) MultiWord { return &lowHalves{*NewOrderedLocks(n)} },
		},
		impls.Bug[New]{
			Name: "unlocked-load", Twin: "ordered-locks",
			Flaw: "Load takes no lock, and sees half of an operation",
			New:  func(n int) MultiWord { return &unlockedLoad{*NewOrderedLocks(n)} },
		},
		impls.Bug[New]{
			Name: "load-behind", Twin: "mcas",
			Flaw: "Load returns what a word held before an operation that is decided",
			New:  func(n int) MultiWord { m := new(loadBehind); m.init(n); return m },
		},
	)
}
