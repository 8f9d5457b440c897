package mutex

import (
	"sync"

	"github.com/contendbench/contend/impls"
)

// All returns every lock, and the control that does not lock.
func All() []impls.Impl[New] {
	var (
		barging = []impls.Promise{impls.Try, impls.ZeroValue, impls.PanicsOnMisuse}
		bounded = []impls.Promise{impls.StarvationFree, impls.ZeroValue, impls.PanicsOnMisuse}
		ordered = []impls.Promise{impls.FIFO, impls.StarvationFree, impls.ZeroValue, impls.PanicsOnMisuse}
		tries   = []impls.Promise{impls.FIFO, impls.StarvationFree, impls.Try, impls.ZeroValue, impls.PanicsOnMisuse}
	)
	return []impls.Impl[New]{
		impls.Headline(impls.New("sync", impls.Runtime, "sync.Mutex", newSync,
			impls.StarvationFree, impls.Try, impls.ZeroValue, impls.FatalOnMisuse)),
		impls.Headline(impls.New("channel", impls.Channel, "Effective Go, Concurrency",
			func() sync.Locker { return NewChannel() }, impls.Try, impls.PanicsOnMisuse)),
		impls.New("cond", impls.Mutex, "Hoare 1974, §2",
			func() sync.Locker { return NewCond() }, impls.Try, impls.PanicsOnMisuse),
		impls.New("tas", impls.Spin, "Anderson 1990, §III", func() sync.Locker { return new(TAS) }, barging...),
		impls.New("ttas", impls.Spin, "Rudolph and Segall 1984, §5", func() sync.Locker { return new(TTAS) }, barging...),
		impls.Headline(impls.New("ttas-backoff", impls.Spin, "Anderson 1990, §III.B",
			func() sync.Locker { return new(TTASBackoff) }, barging...)),
		impls.New("ticket", impls.Spin, "Reed and Kanodia 1979, §4", func() sync.Locker { return new(Ticket) }, tries...),
		// A hand-over may take a time slice, so that a crowd looks hung.
		impls.UpToCrowd(8, impls.New("ticket-pure", impls.Spin, "Mellor-Crummey and Scott 1991, §2.2",
			func() sync.Locker { return new(TicketPure) }, tries...)),
		impls.New("ticket-backoff", impls.Spin, "Mellor-Crummey and Scott 1991, §2.2",
			func() sync.Locker { return new(TicketBackoff) }, tries...),
		impls.New("anderson", impls.Spin, "Anderson 1990, §IV; Dice 2011",
			func() sync.Locker { return new(Anderson) }, impls.FIFO, impls.StarvationFree, impls.ZeroValue),
		impls.New("clh", impls.Atomic, "Craig 1993, §3", func() sync.Locker { return new(CLH) }, ordered...),
		impls.Headline(impls.New("mcs", impls.Atomic, "Mellor-Crummey and Scott 1991, §2.4",
			func() sync.Locker { return new(MCS) }, tries...)),
		impls.New("k42", impls.Atomic, "Scott 2013, §4.3.1", func() sync.Locker { return new(K42) }, tries...),
		impls.New("cohort", impls.Atomic, "Dice, Marathe and Shavit 2012, §3.5",
			func() sync.Locker { return new(Cohort) }, bounded...),
		impls.New("malthusian", impls.Atomic, "Dice 2017, §4", func() sync.Locker { return new(Malthusian) }, bounded...),
		impls.Headline(impls.New("spin-park", impls.Channel, "Drepper 2011, §6",
			func() sync.Locker { return NewSpinPark() }, impls.Try, impls.PanicsOnMisuse)),
		impls.New("fifo-park", impls.Mutex, "Lea 2005, §3", func() sync.Locker { return new(FIFOPark) }, tries...),
		impls.New("moby-locker", impls.Library, "github.com/moby/locker v1.0.1",
			func() sync.Locker { return NewMoby() }, impls.PanicsOnMisuse),
		impls.New("go-deadlock", impls.Library, "github.com/sasha-s/go-deadlock v0.3.9", newDeadlock,
			impls.ZeroValue, impls.FatalOnMisuse),
		impls.NewControl("no lock", func() sync.Locker { return None{} }),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(
		All(),
		impls.Bug[New]{
			Name: "tas-load-store", Twin: "tas", Flaw: "tests and sets the flag in two steps",
			New: func() sync.Locker { return new(tasLoadStore) },
		},
		impls.Bug[New]{
			Name: "mcs-no-wait", Twin: "mcs", Flaw: "Unlock does not wait for a successor that is still linking itself",
			New: func() sync.Locker { return new(mcsNoWait) },
		},
		impls.Bug[New]{
			Name: "clh-early-reuse", Twin: "clh", Flaw: "reuses a node that the successor still watches",
			New: func() sync.Locker { return new(clhEarlyReuse) },
		},
		impls.Bug[New]{
			Name: "park-no-recheck", Twin: "spin-park", Flaw: "sleeps without checking the lock once more",
			New: func() sync.Locker { return &parkNoRecheck{SpinPark{wake: make(chan struct{}, 1)}} },
		},
		impls.Bug[New]{
			Name: "ticket-8bit", Twin: "ticket", Flaw: "its tickets wrap around after 256 waiters",
			New: func() sync.Locker { return new(ticket8Bit) },
		},
		impls.Bug[New]{
			Name: "trylock-lies", Twin: "ttas", Flaw: "TryLock ignores that its compare-and-swap failed",
			New: func() sync.Locker { return new(tryLockLies) },
		},
		impls.Bug[New]{
			Name: "ticket-9bit", Twin: "ticket", Flaw: "its tickets wrap around after 512 waiters",
			New: func() sync.Locker { return new(ticket9Bit) },
		},
		impls.Bug[New]{
			Name: "cond-looks-first", Twin: "cond", Flaw: "Unlock looks for sleepers before it frees the lock",
			New: func() sync.Locker { return newCondLooksFirst() },
		},
		impls.Bug[New]{
			Name: "park-polls", Twin: "spin-park", Flaw: "a timer wakes sleepers, not the release",
			New: func() sync.Locker { return &parkPolls{SpinPark{wake: make(chan struct{}, 1)}} },
		},
		impls.Bug[New]{
			Name: "park-barges", Twin: "fifo-park", Flaw: "newcomers overtake the waiter that a release wakes",
			New: func() sync.Locker { return new(parkBarges) },
		},
		impls.Bug[New]{
			Name: "park-eighth", Twin: "fifo-park", Flaw: "hands every eighth release to the last waiter",
			New: func() sync.Locker { return new(parkEighth) },
		},
		impls.Bug[New]{
			Name: "try-waits", Twin: "fifo-park", Flaw: "TryLock waits if others do",
			New: func() sync.Locker { return new(tryWaits) },
		},
		impls.Bug[New]{
			Name: "malthusian-forgets", Twin: "malthusian", Flaw: "never brings back a waiter that was set aside",
			New: func() sync.Locker { return new(malthusianForgets) },
		},
		impls.Bug[New]{
			Name: "ticket-misused", Twin: "ticket", Flaw: "Unlock panics after it has changed the lock",
			New: func() sync.Locker { return new(ticketMisused) },
		},
		impls.Bug[New]{
			Name: "ttas-silent", Twin: "ttas", Flaw: "Unlock of an unlocked lock does not panic",
			New: func() sync.Locker { return new(ttasSilent) },
		},
		impls.Bug[New]{
			Name: "ticket-from-one", Twin: "ticket", Flaw: "its zero value does not lock",
			New: func() sync.Locker { return newTicketFromOne() },
		},
	)
}
