package semaphore

import "github.com/contendbench/contend/impls"

// What rows promise that let newcomers pass, that serve waiters in the end, and that serve them in order.
var (
	barges = []impls.Promise{impls.Weighted, impls.Cancellable, impls.PanicsOnMisuse}
	bounds = append(barges[:len(barges):len(barges)], impls.StarvationFree)
	fair   = append(bounds[:len(bounds):len(bounds)], impls.FIFO)
)

func resizable(promises []impls.Promise) []impls.Promise {
	return append(promises[:len(promises):len(promises)], impls.Resizable)
}

// All returns every semaphore, and the control that does not limit.
func All() []impls.Impl[New] {
	return []impls.Impl[New]{
		{Name: "xsync", Kind: impls.Library, Source: "golang.org/x/sync v0.24.0", Promises: fair, New: func(n int) Semaphore { return NewXSync(n) }},
		{Name: "channel", Kind: impls.Channel, Source: "Effective Go, Concurrency", Promises: bounds, New: func(n int) Semaphore { return NewChannel(n) }},
		{Name: "cond", Kind: impls.Mutex, Source: "Hoare 1974, §2", Promises: resizable(barges), New: func(n int) Semaphore { return NewCond(n) }},
		{Name: "broadcast", Kind: impls.Channel, Source: "Cox-Buday 2017, ch. 3", Promises: resizable(barges), New: func(n int) Semaphore { return NewBroadcast(n) }},
		{Name: "spin", Kind: impls.Spin, Source: "Dijkstra 1965, §4", Promises: barges, New: func(n int) Semaphore { return NewSpin(n) }},
		{Name: "fifo", Kind: impls.Mutex, Source: "golang.org/x/sync/semaphore, design", Promises: resizable(fair), New: func(n int) Semaphore { return NewFIFO(n) }},
		{Name: "barging", Kind: impls.Mutex, Source: "Lea 2005, §3", Promises: resizable(barges), New: func(n int) Semaphore { return NewBarging(n) }},
		{Name: "atomic", Kind: impls.Atomic, Source: "Schillings 1996", Promises: bounds, New: func(n int) Semaphore { return NewAtomic(n) }},
		{Name: "bounded-bypass", Kind: impls.Atomic, Source: "sync.Mutex, its two modes", Promises: bounds, New: func(n int) Semaphore { return NewBoundedBypass(n) }},
		{Name: "go-resiliency", Kind: impls.Library, Source: "github.com/eapache/go-resiliency v1.7.0", Promises: []impls.Promise{impls.Cancellable}, New: func(n int) Semaphore { return NewResiliency(n) }},
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no semaphore", New: func(int) Semaphore { return None{} }},
	}
}

// Broken returns the seeded bugs. Each makes the promises of its twin.
func Broken() []impls.Impl[New] {
	bug := func(name, twin, flaw string, p []impls.Promise, newSemaphore New) impls.Impl[New] {
		return impls.Impl[New]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: newSemaphore}
	}
	return []impls.Impl[New]{
		bug("cancel-no-wake", "fifo", "a cancelled head does not wake the next (golang/go#37852)", resizable(fair), func(n int) Semaphore { s := new(cancelNoWake); s.permits = n; return s }),
		bug("new-broadcast", "broadcast", "waits on the channel of the next release", resizable(barges), func(n int) Semaphore { s := new(newBroadcast); s.permits = n; return s }),
		bug("skips-heavier", "fifo", "release skips the heavier waiter", resizable(fair), func(n int) Semaphore { s := new(skipsHeavier); s.permits = n; return s }),
		bug("passes-line", "atomic", "newcomers take permits though others wait", bounds, func(n int) Semaphore { s := new(passesLine); s.permits = int64(n); s.free.Store(s.permits); return s }),
		bug("negative-weight", "fifo", "a negative weight is accepted (golang/go#80183)", resizable(fair), func(n int) Semaphore { s := new(negativeWeight); s.permits = n; return s }),
	}
}
