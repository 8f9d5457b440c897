package rwlock

import "github.com/contendbench/contend/impls"

// All returns every lock, and the control that does not lock.
func All() []impls.Impl[New] {
	const courtois = "Courtois, Heymans and Parnas 1971"
	return []impls.Impl[New]{
		impls.Headline(impls.New("sync", impls.Runtime, "sync.RWMutex", func() RWLocker { return new(Sync) },
			SharedReaders, BlocksReaders, impls.StarvationFree, impls.ZeroValue, impls.FatalOnMisuse)),
		impls.Headline(impls.New("mutex", impls.Mutex, "sync.Mutex", func() RWLocker { return new(Mutex) },
			impls.StarvationFree, impls.ZeroValue)),
		// A writer that leaves wakes all waiters, so the time of a crowd grows with its square.
		impls.UpToCrowd(400, impls.New("reader-preferring", impls.Mutex, courtois+", problem 1",
			func() RWLocker { return NewReaderPreferring() }, SharedReaders, impls.PanicsOnMisuse)),
		impls.UpToCrowd(400, impls.New("writer-preferring", impls.Mutex, courtois+", problem 2",
			func() RWLocker { return NewWriterPreferring() }, SharedReaders, WriterPreference, impls.PanicsOnMisuse)),
		impls.New("channel", impls.Channel, courtois+", problem 1",
			func() RWLocker { return NewChannel() }, SharedReaders, impls.PanicsOnMisuse),
		impls.New("spin", impls.Spin, "Mellor-Crummey and Scott 1991 (PPoPP), §1",
			func() RWLocker { return new(Spin) }, SharedReaders, impls.ZeroValue, impls.PanicsOnMisuse),
		impls.New("task-fair", impls.Spin, "Mellor-Crummey and Scott 1991 (PPoPP), §2.1",
			func() RWLocker { return new(TaskFair) },
			SharedReaders, WriterPreference, impls.FIFO, impls.StarvationFree, impls.ZeroValue),
		impls.New("phase-fair", impls.Atomic, "Brandenburg and Anderson 2010, §4.1",
			func() RWLocker { return new(PhaseFair) },
			SharedReaders, BlocksReaders, impls.StarvationFree, impls.ZeroValue),
		impls.Headline(impls.New("big-reader", impls.Atomic, "Hsieh and Weihl 1992, §3",
			func() RWLocker { return NewBigReader() }, SharedReaders, BlocksReaders, impls.StarvationFree)),
		impls.New("bravo", impls.Atomic, "Dice and Kogan 2019, listing 1",
			func() RWLocker { return NewBRAVO() }, SharedReaders, impls.StarvationFree),
		impls.New("counted-bravo", impls.Atomic, "Dice and Kogan 2019, with another policy",
			func() RWLocker { return NewCountedBRAVO() }, SharedReaders, impls.StarvationFree),
		impls.Headline(impls.Formerly("xsync", impls.New("xsync-rbmutex", impls.Library,
			"github.com/puzpuzpuz/xsync/v4 v4.5.0, RBMutex",
			func() RWLocker { return NewRBMutex() }, SharedReaders, impls.StarvationFree))),
		impls.NewControl("no lock", func() RWLocker { return None{} }),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(
		All(),
		impls.Bug[New]{
			Name: "count-after-check", Twin: "big-reader", Flaw: "a reader counts itself after it looked for a writer",
			New: func() RWLocker { l := new(countAfterCheck); l.init(); return l },
		},
		impls.Bug[New]{
			Name: "bias-kept", Twin: "bravo", Flaw: "a writer does not revoke the readers' bias",
			New: func() RWLocker { l := new(biasKept); l.biased.Store(true); return l },
		},
		impls.Bug[New]{
			Name: "preference-dropped", Twin: "writer-preferring", Flaw: "readers pass a waiting writer",
			New: func() RWLocker { l := new(preferenceDropped); l.changed.L = &l.mu; return l },
		},
		impls.Bug[New]{
			Name: "runlock-wakes-nobody", Twin: "reader-preferring", Flaw: "the last reader does not wake a writer",
			New: func() RWLocker { l := new(wakesNobody); l.changed.L = &l.mu; return l },
		},
		impls.Bug[New]{
			Name: "marks-late", Twin: "phase-fair", Flaw: "a writer raises its mark only while no reader is inside",
			New: func() RWLocker { return new(marksLate) },
		},
		impls.Bug[New]{
			Name: "readers-9bit", Twin: "spin", Flaw: "its count of readers wraps around after 512",
			New: func() RWLocker { return new(readers9Bit) },
		},
		impls.Bug[New]{
			Name: "signals-one", Twin: "reader-preferring", Flaw: "a writer that leaves wakes one waiter only",
			New: func() RWLocker { l := new(signalsOne); l.changed.L = &l.mu; return l },
		},
		impls.Bug[New]{
			Name: "drain-polls", Twin: "big-reader", Flaw: "a timer wakes a writer, not the last reader",
			New: func() RWLocker { l := new(drainPolls); l.init(); return l },
		},
		impls.Bug[New]{
			Name: "channel-blind", Twin: "channel", Flaw: "Unlock takes readers for a writer",
			New: func() RWLocker { return &channelBlind{*NewChannel()} },
		},
		impls.Bug[New]{
			Name: "spin-breaks", Twin: "spin", Flaw: "Unlock panics after it has changed the lock",
			New: func() RWLocker { return new(spinBreaks) },
		},
		impls.Bug[New]{
			Name: "spin-unmade", Twin: "spin", Flaw: "its zero value does not lock",
			New: func() RWLocker { return &spinUnmade{made: true} },
		},
		impls.Bug[New]{
			Name: "waited-enough", Twin: "writer-preferring", Flaw: "a reader that waited for one writer passes the next",
			New: func() RWLocker { l := new(waitedEnough); l.changed.L = &l.mu; return l },
		},
	)
}
