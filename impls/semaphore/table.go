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
			Weighted, impls.Cancellable, impls.PanicsOnMisuse, impls.StarvationFree, impls.FIFO))),
		impls.Headline(impls.New("channel", impls.Channel, "Effective Go, Concurrency",
			func(n int) Semaphore { return NewChannel(n) }, bounded...)),
		impls.New("cond", impls.Mutex, "Hoare 1974, §2", func(n int) Semaphore { return NewCond(n) }, resizable...),
		impls.New("broadcast", impls.Channel, "Cox-Buday 2017, ch. 3",
			func(n int) Semaphore { return NewBroadcast(n) }, resizable...),
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
			func(n int) Semaphore { return NewResiliency(n) }, impls.Cancellable),
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
	)
}
