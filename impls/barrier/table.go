package barrier

import "github.com/contendbench/contend/impls"

// All returns every barrier, and the control that does not wait.
func All() []impls.Impl[New] {
	const (
		hensgen = "Hensgen, Finkel and Manber 1988"
		mcs     = "Mellor-Crummey and Scott 1991 (TOCS)"
	)
	row := func(name string, kind impls.Kind, source string, create New, p ...impls.Promise) impls.Impl[New] {
		return impls.Impl[New]{Name: name, Kind: kind, Source: source, Promises: p, New: create}
	}
	return []impls.Impl[New]{
		row("waitgroup", impls.Runtime, "sync.WaitGroup", func(n int) Barrier { return NewWaitGroup(n) }),
		row("cond", impls.Mutex, "POSIX.1-2001, pthread_barrier_wait", func(n int) Barrier { return NewCond(n) }, impls.Cancellable),
		row("phaser", impls.Mutex, "Shirako et al. 2008, §2", func(n int) Barrier { return NewCondPhaser(n) }, impls.Cancellable, impls.Resizable),
		row("channel", impls.Channel, "Go specification, Close", func(n int) Barrier { return NewChannel(n) }, impls.Cancellable),
		row("central-spin", impls.Spin, hensgen+", §2", func(n int) Barrier { return NewCentralSpin(n) }),
		row("central-park", impls.Atomic, hensgen+", §2", func(n int) Barrier { return NewCentralPark(n) }),
		row("cond-atomic", impls.Atomic, "sync.Cond, with an atomic count", func(n int) Barrier { return NewCondAtomic(n) }),
		row("combining-tree", impls.Spin, "Yew, Tzeng and Lawrie 1987, §III", func(n int) Barrier { return NewCombiningTree(n) }),
		row("tournament", impls.Spin, hensgen+", §4", func(n int) Barrier { return NewTournament(n) }),
		row("dissemination", impls.Spin, hensgen+", §3", func(n int) Barrier { return NewDissemination(n) }),
		row("mcs-tree", impls.Spin, mcs+", §3.5", func(n int) Barrier { return NewMCSTree(n) }),
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no waiting", New: func(int) Barrier { return None{} }},
	}
}

// Broken returns the seeded bugs. Each makes the promises of its twin.
func Broken() []impls.Impl[New] {
	bug := func(name, twin, flaw string, create New, p ...impls.Promise) impls.Impl[New] {
		return impls.Impl[New]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: create}
	}
	return []impls.Impl[New]{
		bug("late-reset", "central-spin", "the counter is filled again after the others may go",
			func(n int) Barrier { b := new(lateReset); b.init(n); return b }),
		bug("no-sense", "central-spin", "waits for a full counter instead of a turned sense",
			func(n int) Barrier { b := new(noSense); b.init(n); return b }),
		bug("one-round-short", "dissemination", "one round too few to hear of all", newOneRoundShort),
		bug("shared-parity", "dissemination", "one parity for all parties, turned while some are in the phase",
			func(n int) Barrier { b := new(sharedParity); b.init(n, rounds(n)); return b }),
		bug("lead-by-look", "central-spin", "a party looks whether it is the last before it counts itself",
			func(n int) Barrier { b := new(leadByLook); b.init(n); return b }),
		bug("gone-quietly", "cond", "a party whose context ends goes without breaking the barrier",
			func(n int) Barrier { b := new(goneQuietly); b.init(n); return b }, impls.Cancellable),
		bug("leave-unseen", "phaser", "a party that leaves does not let the others go",
			func(n int) Barrier { b := new(leaveUnseen); b.init(n); return b }, impls.Cancellable, impls.Resizable),
	}
}
