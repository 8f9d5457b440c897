package set

import "github.com/contendbench/contend/impls"

// All returns every set, and the control that keeps nothing.
func All() []impls.Impl[New] {
	row := func(name string, kind impls.Kind, source string, create New, p ...impls.Promise) impls.Impl[New] {
		return impls.Impl[New]{Name: name, Kind: kind, Source: source, Promises: append(p, impls.Linearizable), New: create}
	}
	return []impls.Impl[New]{
		row("coarse", impls.Mutex, "Herlihy and Shavit 2008, §9.4", func() Set { return NewCoarse() }),
		row("coarse-rw", impls.Mutex, "sync.RWMutex", func() Set { return NewShared() }),
		row("coarse-spin", impls.Spin, "Rudolph and Segall 1984, §5", func() Set { return NewSpinning() }),
		row("hand-over-hand", impls.Mutex, "Bayer and Schkolnick 1977; Herlihy and Shavit 2008, §9.5", func() Set { return NewHandOverHand() }),
		row("optimistic", impls.Mutex, "Herlihy and Shavit 2008, §9.6", func() Set { return NewOptimistic() }),
		row("lazy", impls.Mutex, "Heller et al. 2005", func() Set { return NewLazy() }),
		row("harris-michael", impls.Atomic, "Harris 2001; Michael 2002, §3", func() Set { return NewHarrisMichael() }),
		row("copy-on-write", impls.Atomic, "Herlihy 1993, §3", func() Set { return NewCopyOnWrite() }),
		row("sync-map", impls.Runtime, "sync.Map", func() Set { return new(SyncMap) }, impls.ZeroValue),
		row("skipset", impls.Library, "github.com/bytedance/gopkg v0.1.4, collection/skipset", func() Set { return NewSkipset() }),
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no set", New: func() Set { return None{} }},
	}
}

// Broken returns the seeded bugs. Each makes the promises of its twin.
func Broken() []impls.Impl[New] {
	bug := func(name, twin, flaw string, create New) impls.Impl[New] {
		return impls.Impl[New]{
			Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw,
			Promises: []impls.Promise{impls.Linearizable}, New: create,
		}
	}
	return []impls.Impl[New]{
		bug("lets-go", "hand-over-hand", "lets go of a node before it has the next", func() Set { return &letsGo{*NewHandOverHand()} }),
		bug("looks-once", "optimistic", "links between nodes that it found before it had their locks", func() Set { return &looksOnce{*NewOptimistic()} }),
		bug("unseen-mark", "lazy", "links behind a node that is out of the list", func() Set { return &unseenMark{*NewLazy()} }),
		bug("unfrozen", "harris-michael", "takes a node out whose pointer is not frozen", func() Set { s := new(unfrozen); s.init(); return s }),
		bug("stores-blindly", "copy-on-write", "stores a copy over what came into the set since it was made", func() Set {
			s := new(storesBlindly)
			s.keys.Store(new([]int))
			return s
		}),
	}
}
