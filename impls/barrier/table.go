package barrier

import "github.com/contendbench/contend/impls"

// The papers that several barriers come from.
const (
	hensgen = "Hensgen, Finkel and Manber 1988"
	mcs     = "Mellor-Crummey and Scott 1991 (TOCS)"
)

// maxSpinning bounds the parties of a barrier that only spins. All parties need a
// processor to leave a phase, so that a phase of hundreds takes as long as a window.
const maxSpinning = 32

// All returns every barrier, and the control that does not wait.
func All() []impls.Impl[New] {
	return []impls.Impl[New]{
		impls.Headline(impls.New("waitgroup", impls.Runtime, "sync.WaitGroup",
			func(n int) Barrier { return NewWaitGroup(n) })),
		impls.New("cond", impls.Mutex, "POSIX.1-2001, pthread_barrier_wait",
			func(n int) Barrier { return NewCond(n) }, impls.Cancellable),
		impls.New("phaser", impls.Mutex, "Shirako et al. 2008, §2",
			func(n int) Barrier { return NewCondPhaser(n) }, impls.Cancellable, impls.Resizable),
		impls.Headline(impls.New("channel", impls.Channel, "Go specification, Close",
			func(n int) Barrier { return NewChannel(n) }, impls.Cancellable)),
		impls.Headline(impls.UpToCrowd(maxSpinning, impls.New("central-spin", impls.Spin, hensgen+", §2",
			func(n int) Barrier { return NewCentralSpin(n) }))),
		impls.New("central-park", impls.Atomic, hensgen+", §2", func(n int) Barrier { return NewCentralPark(n) }),
		impls.Headline(impls.New("cond-atomic", impls.Atomic, "sync.Cond, with an atomic count",
			func(n int) Barrier { return NewCondAtomic(n) })),
		impls.UpToCrowd(maxSpinning, impls.New("combining-tree", impls.Spin, "Yew, Tzeng and Lawrie 1987, §III",
			func(n int) Barrier { return NewCombiningTree(n) })),
		impls.UpToCrowd(maxSpinning, impls.New("tournament", impls.Spin, hensgen+", §4",
			func(n int) Barrier { return NewTournament(n) })),
		impls.Headline(impls.UpToCrowd(maxSpinning, impls.New("dissemination", impls.Spin, hensgen+", §3",
			func(n int) Barrier { return NewDissemination(n) }))),
		impls.UpToCrowd(maxSpinning, impls.New("mcs-tree", impls.Spin, mcs+", §3.5",
			func(n int) Barrier { return NewMCSTree(n) })),
		impls.NewControl("no waiting", func(int) Barrier { return None{} }),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(
		All(),
		impls.Bug[New]{
			Name: "late-reset", Twin: "central-spin",
			Flaw: "releases the others before it refills the counter",
			New:  func(n int) Barrier { b := new(lateReset); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "no-sense", Twin: "central-spin",
			Flaw: "waits for a full counter and not for the next phase",
			New:  func(n int) Barrier { b := new(noSense); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "one-round-short", Twin: "dissemination",
			Flaw: "has one round too few to hear of all parties",
			New:  newOneRoundShort,
		},
		impls.Bug[New]{
			Name: "shared-parity", Twin: "dissemination",
			Flaw: "has one parity for all, which flips while some are still in the phase",
			New:  func(n int) Barrier { b := new(sharedParity); b.init(n, rounds(n)); return b },
		},
		impls.Bug[New]{
			Name: "lead-by-look", Twin: "central-spin",
			Flaw: "decides which party is last before the party counts itself",
			New:  func(n int) Barrier { b := new(leadByLook); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "gone-quietly", Twin: "cond",
			Flaw: "a party whose context ends leaves without breaking the barrier",
			New:  func(n int) Barrier { b := new(goneQuietly); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "leave-unseen", Twin: "phaser",
			Flaw: "a party that leaves does not release the others",
			New:  func(n int) Barrier { b := new(leaveUnseen); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "count-16bit", Twin: "cond",
			Flaw: "counts all arrivals in 16 bits",
			New:  func(n int) Barrier { b := new(count16Bit); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "cond-9bit", Twin: "cond",
			Flaw: "counts its parties in 9 bits",
			New:  func(n int) Barrier { b := new(cond9Bit); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "park-polls", Twin: "central-park",
			Flaw: "a timer wakes sleepers, not the last arrival",
			New:  func(n int) Barrier { b := new(parkPolls); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "leave-passes-broken", Twin: "phaser",
			Flaw: "a party that leaves completes a phase that another one gave up",
			New:  func(n int) Barrier { b := new(leavePasses); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "breaks-late", Twin: "channel",
			Flaw: "a party gives up a phase that is complete",
			New:  func(n int) Barrier { return &breaksLate{*NewChannel(n)} },
		},
		impls.Bug[New]{
			Name: "stays-watched", Twin: "cond",
			Flaw: "watches the context of a wait after its end",
			New:  func(n int) Barrier { b := new(staysWatched); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "broken-later", Twin: "cond",
			Flaw: "a context that ends after its wait breaks the barrier",
			New:  func(n int) Barrier { b := new(brokenLater); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "broken-quietly", Twin: "cond",
			Flaw: "Wait returns from a phase that breaks as if all had arrived",
			New:  func(n int) Barrier { b := new(brokenQuietly); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "waits-on", Twin: "cond",
			Flaw: "Wait does not return from a phase that breaks",
			New:  func(n int) Barrier { b := new(waitsOn); b.init(n); return b },
		},
		impls.Bug[New]{
			Name: "each-its-own-error", Twin: "cond",
			Flaw: "two contexts that end at once both give their error",
			New:  func(n int) Barrier { b := new(ownErrors); b.init(n); return b },
		},
	)
}
