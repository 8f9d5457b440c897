package forkjoin

import "github.com/contendbench/contend/impls"

// All returns every scheduler, and the control that schedules nothing.
func All() []impls.Impl[New] {
	var (
		all      = []impls.Promise{WorkConserving, BoundedWorkers, PassesPanics}
		stealing = func(name string, kind impls.Kind, source string, create func(int) *Scheduler) impls.Impl[New] {
			return impls.New(name, kind, source, func(n int) Pool { return create(n) }, all...)
		}
	)
	return []impls.Impl[New]{
		impls.Headline(impls.New("goroutine", impls.Runtime, "the go statement and sync.WaitGroup",
			func(int) Pool { return Goroutines{} }, WorkConserving, PassesPanics)),
		impls.New("cutoff", impls.Runtime, "Duran et al. 2008, §3",
			func(n int) Pool { return NewCutoff(n) }, PassesPanics),
		impls.Headline(stealing("chase-lev", impls.Atomic, "Chase and Lev 2005; Lê et al. 2013", NewChaseLev)),
		impls.Headline(impls.New("split", impls.Atomic, "Dinan et al. 2009, §3; Acar et al. 2013",
			func(n int) Pool { return NewSplit(n) }, BoundedWorkers, PassesPanics)),
		stealing("mutex-deque", impls.Mutex, "Blumofe and Leiserson 1999, §3", NewMutexDeque),
		stealing("steal-half", impls.Mutex, "Hendler and Shavit 2002", NewStealHalf),
		stealing("central", impls.Mutex, "Blumofe and Leiserson 1999, §1", NewCentral),
		impls.New("work-first", impls.Channel, "Frigo et al. 1998, §3; Guo et al. 2009",
			func(n int) Pool { return NewWorkFirst(n) }, all...),
		impls.Headline(impls.New("errgroup", impls.Library, "golang.org/x/sync v0.24.0",
			func(int) Pool { return ErrGroup{} }, WorkConserving)),
		impls.New("conc", impls.Library, "github.com/sourcegraph/conc v0.3.0",
			func(int) Pool { return Conc{} }, WorkConserving, PassesPanics),
		impls.NewControl("serial elision, Frigo et al. 1998, §2", func(int) Pool { return Sequential{} }),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	bug := func(name, twin, flaw string, p policy) impls.Bug[New] {
		return impls.Bug[New]{
			Name: name, Twin: twin, Flaw: flaw, New: func(n int) Pool { return newScheduler(n, p) },
		}
	}
	return impls.Seed(
		All(),
		bug("pops-stolen", "chase-lev", "the owner pops the last task while a thief steals it", popsStolen{}),
		bug("publishes-early", "chase-lev", "a push counts a task before it is in the buffer", publishesEarly{}),
		bug("stale-ring", "chase-lev", "a thief keeps a buffer that has been replaced by a larger one", staleRing{}),
		bug("misses-push", "chase-lev", "a worker sleeps through a Fork that came before it lay down", missesPush{}),
		bug("waits-idle", "chase-lev", "a Join runs no task while it waits", waitsIdle{}),
		bug("ends-early", "chase-lev", "a stolen task counts as ended when it begins", endsEarly{}),
		bug("ends-silently", "chase-lev", "the end of a stolen task does not wake its Join", endsSilently{}),
		bug("drops-panic", "chase-lev", "the panic of a stolen task is lost", dropsPanic{}),
		bug("panics-early", "chase-lev", "a Join panics before all of its tasks have returned", panicsEarly{}),
		bug("loses-one", "steal-half", "a thief loses one of the tasks that it has taken", losesOne{}),
		bug("wakes-one", "mutex-deque", "Close wakes one of the workers that sleep", wakesOne{}),
		impls.Bug[New]{
			Name: "joins-once", Twin: "goroutine", Flaw: "what is forked after a Join is not waited for",
			New: func(int) Pool { return joinsOnce{} },
		},
		impls.Bug[New]{
			Name: "adds-late", Twin: "goroutine", Flaw: "a Join does not wait for tasks that have not begun",
			New: func(int) Pool { return addsLate{} },
		},
		impls.Bug[New]{
			Name: "abandons", Twin: "goroutine", Flaw: "a task that panics does not wait for those that it has forked",
			New: func(int) Pool { return abandons{} },
		},
	)
}
