package set

import "github.com/contendbench/contend/impls"

// All returns every set, and the control that keeps nothing.
func All() []impls.Impl[New] {
	linear := impls.Linearizable
	return []impls.Impl[New]{
		impls.Headline(impls.New("coarse", impls.Mutex, "Herlihy and Shavit 2008, §9.4",
			func() Set { return NewCoarse() }, linear)),
		impls.New("coarse-rw", impls.Mutex, "sync.RWMutex", func() Set { return NewShared() }, linear),
		impls.New("coarse-spin", impls.Spin, "Rudolph and Segall 1984, §5",
			func() Set { return NewSpinning() }, linear),
		impls.New("hand-over-hand", impls.Mutex, "Bayer and Schkolnick 1977; Herlihy and Shavit 2008, §9.5",
			func() Set { return NewHandOverHand() }, linear),
		impls.New("optimistic", impls.Mutex, "Herlihy and Shavit 2008, §9.6",
			func() Set { return NewOptimistic() }, linear),
		impls.Headline(impls.New("lazy", impls.Mutex, "Heller et al. 2005", func() Set { return NewLazy() }, linear)),
		impls.Headline(impls.New("harris-michael", impls.Atomic, "Harris 2001; Michael 2002, §3",
			func() Set { return NewHarrisMichael() }, linear)),
		// A change copies all keys.
		impls.UpTo("deep-keys", 2000, impls.New("copy-on-write", impls.Atomic, "Herlihy 1993, §3",
			func() Set { return NewCopyOnWrite() }, linear)),
		impls.New("sync-map", impls.Runtime, "sync.Map", func() Set { return new(SyncMap) }, linear, impls.ZeroValue),
		impls.Headline(impls.Formerly("skipset", impls.New("bytedance-skipset", impls.Library,
			"github.com/bytedance/gopkg v0.1.4, collection/skipset", func() Set { return NewSkipset() }, linear))),
		impls.NewControl("no set", func() Set { return None{} }),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(All(),
		impls.Bug[New]{
			Name: "lets-go", Twin: "hand-over-hand", Flaw: "unlocks a node before it has locked the next",
			New: func() Set { return &letsGo{*NewHandOverHand()} },
		},
		impls.Bug[New]{
			Name: "looks-once", Twin: "optimistic", Flaw: "links between nodes that it found before it locked them",
			New: func() Set { return &looksOnce{*NewOptimistic()} },
		},
		impls.Bug[New]{
			Name: "unseen-mark", Twin: "lazy", Flaw: "links behind a node that was removed",
			New: func() Set { return &unseenMark{*NewLazy()} },
		},
		impls.Bug[New]{
			Name: "unfrozen", Twin: "harris-michael", Flaw: "unlinks a node whose pointer is not frozen",
			New: func() Set { s := new(unfrozen); s.init(); return s },
		},
		impls.Bug[New]{
			Name: "stores-blindly", Twin: "copy-on-write",
			Flaw: "replaces the set although it has changed since the copy",
			New:  func() Set { s := new(storesBlindly); s.keys.Store(new([]int)); return s },
		},
		impls.Bug[New]{
			Name: "low-32-bits", Twin: "coarse", Flaw: "takes keys for the same that differ in their high halves",
			New: func() Set { return &low32{*NewCoarse()} },
		},
		impls.Bug[New]{
			Name: "subtracts-keys", Twin: "coarse-spin", Flaw: "compares keys by their difference, which may overflow",
			New: func() Set { return &subtracts{*NewSpinning()} },
		},
		impls.Bug[New]{
			Name: "needs-constructor", Twin: "sync-map", Flaw: "its zero value takes no key",
			New: func() Set { return &needsNew{made: true} },
		},
		impls.Bug[New]{
			Name: "place-8bit", Twin: "copy-on-write", Flaw: "loses keys when it has more than 256",
			New: func() Set { s := new(index8); s.keys.Store(new([]int)); return s },
		},
		impls.Bug[New]{
			Name: "hash-16bit", Twin: "sync-map", Flaw: "takes keys for the same that share 16 bits of their hash",
			New: func() Set { return new(hash16) },
		},
	)
}
