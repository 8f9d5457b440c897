package semaphore

import "github.com/contendbench/contend/impls"

// All returns every semaphore, and the control that does not limit.
func All() []impls.Impl[New] {
	var (
		bounded   = []impls.Promise{Weighted, impls.Cancellable, impls.PanicsOnMisuse, impls.StarvationFree}
		resizable = []impls.Promise{Weighted, impls.Cancellable, impls.PanicsOnMisuse, impls.Resizable}
	)
	return []impls.Impl[New]{
		impls.Headline(impls.Formerly("xsync", impls.New("golang-semaphore", impls.Library, "golang.org/x/sync v0.24.0",
			func(n int) Semaphore { return NewGolang(n) },
			Weighted, impls.Cancellable, impls.StarvationFree, impls.FIFO))),
		impls.Headline(impls.New("channel", impls.Channel, "Effective Go, Concurrency",
			func(n int) Semaphore { return NewChannel(n) }, bounded...)),
		// A release wakes all waiters, so the time of a crowd grows with its square.
		impls.UpToCrowd(400, impls.New("cond", impls.Mutex, "Hoare 1974, §2",
			func(n int) Semaphore { return NewCond(n) }, resizable...)),
		impls.UpToCrowd(400, impls.New("broadcast", impls.Channel, "Cox-Buday 2017, ch. 3",
			func(n int) Semaphore { return NewBroadcast(n) }, resizable...)),
		impls.New("spin", impls.Spin, "Dijkstra 1965, §4",
			func(n int) Semaphore { return NewSpin(n) }, Weighted, impls.Cancellable, impls.PanicsOnMisuse),
		impls.New("fifo", impls.Mutex, "golang.org/x/sync/semaphore, design", func(n int) Semaphore { return NewFIFO(n) },
			Weighted, impls.Cancellable, impls.PanicsOnMisuse, impls.StarvationFree, impls.FIFO, impls.Resizable),
		impls.New("barging", impls.Mutex, "Lea 2005, §3", func(n int) Semaphore { return NewBarging(n) }, resizable...),
		impls.Headline(impls.New("atomic", impls.Atomic, "Schillings 1996",
			func(n int) Semaphore { return NewAtomic(n) }, bounded...)),
		impls.Headline(impls.New("bounded-bypass", impls.Atomic, "sync.Mutex, its two modes",
			func(n int) Semaphore { return NewBoundedBypass(n) }, bounded...)),
		impls.New("go-resiliency", impls.Library, "github.com/eapache/go-resiliency v1.7.0",
			func(n int) Semaphore { return NewResiliency(n) }),
		impls.NewControl("no semaphore", func(int) Semaphore { return None{} }),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(
		All(),
		impls.Bug[New]{
			Name: "cancel-no-wake", Twin: "fifo", Flaw: "a cancelled first waiter does not wake the next (golang/go#37852)",
			New: func(n int) Semaphore { return &cancelNoWake{FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "new-broadcast", Twin: "broadcast", Flaw: "misses a release between its look and its wait",
			New: func(n int) Semaphore { return &newBroadcast{Broadcast{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "skips-heavier", Twin: "fifo", Flaw: "Release skips a first waiter that is too heavy",
			New: func(n int) Semaphore { return &skipsHeavier{FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "passes-line", Twin: "atomic", Flaw: "newcomers take permits while others wait",
			New: func(n int) Semaphore { s := new(passesLine); s.init(n); return s },
		},
		impls.Bug[New]{
			Name: "negative-weight", Twin: "fifo", Flaw: "accepts a negative weight (golang/go#80183)",
			New: func(n int) Semaphore { return &negativeWeight{FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "wakes-one", Twin: "fifo", Flaw: "a release serves one waiter, even if it gives several permits back",
			New: func(n int) Semaphore { return &wakesOne{FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "grows-silently", Twin: "barging", Flaw: "Resize does not serve the waiters that it makes room for",
			New: func(n int) Semaphore { return &growsSilently{Barging{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "watcher-stays", Twin: "cond", Flaw: "a wait leaves a function registered with its context",
			New: func(n int) Semaphore { s := new(watcherStays); s.init(n); return s },
		},
		impls.Bug[New]{
			Name: "passes-nothing-on", Twin: "fifo", Flaw: "a permit that comes as the wait is cancelled is lost",
			New: func(n int) Semaphore { return &passesNothingOn{FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "loses-heavy", Twin: "fifo", Flaw: "a third of a heavy weight that comes as the wait is cancelled is lost",
			New: func(n int) Semaphore { return &losesHeavy{FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "deaf-turnstile", Twin: "channel", Flaw: "a heavy waiter behind another one cannot be cancelled",
			New: func(n int) Semaphore { return &deafTurnstile{*NewChannel(n)} },
		},
		impls.Bug[New]{
			Name: "weight-32bit", Twin: "spin", Flaw: "TryAcquire takes only the low 32 bits of its weight",
			New: func(n int) Semaphore { s := new(weight32Bit); s.init(n); return s },
		},
		impls.Bug[New]{
			Name: "panics-late", Twin: "spin", Flaw: "a wrong Release panics after it has created permits",
			New: func(n int) Semaphore { s := new(panicsLate); s.init(n); return s },
		},
		impls.Bug[New]{
			Name: "try-overtakes", Twin: "fifo", Flaw: "TryAcquire takes permits while others wait",
			New: func(n int) Semaphore { return &tryOvertakes{FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "last-of-eight", Twin: "fifo", Flaw: "every eighth release serves the last waiter",
			New: func(n int) Semaphore { return &lastOfEight{FIFO: FIFO{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "ended-takes", Twin: "barging", Flaw: "a context that has ended acquires permits that are free",
			New: func(n int) Semaphore { return &endedTakes{Barging{counted: counted{permits: n}}} },
		},
		impls.Bug[New]{
			Name: "returns-cause", Twin: "fifo", Flaw: "returns the cause of a context's end, not the context's error",
			New: func(n int) Semaphore { return &returnsCause{FIFO{counted: counted{permits: n}}} },
		},
	)
}
