package async

import "github.com/contendbench/contend/impls"

// All returns every executor, for functions of any type.
func All[T any]() []impls.Impl[New[T]] {
	return []impls.Impl[New[T]]{
		impls.Headline(impls.New("goroutine", impls.Channel, "Effective Go, Channels",
			func(int) Executor[T] { return NewGoroutine[T]() })),
		impls.New("bounded", impls.Channel, "Effective Go, Channels, a semaphore",
			func(workers int) Executor[T] { return NewBounded[T](workers) }, Limited),
		impls.New("scope", impls.Mutex, "Smith 2018; JEP 505",
			func(int) Executor[T] { return NewScope[T]() }, Structured),
		impls.Headline(impls.New("loop", impls.Channel, "van Rossum, PEP 3156, 2012",
			func(int) Executor[T] { return NewLoop[T]() }, SingleThreaded)),
		impls.Headline(impls.New("pull", impls.Runtime, "package iter, Pull; Cox 2023",
			func(workers int) Executor[T] { return NewPull[T](workers) }, Limited)),
		impls.New("golang-errgroup", impls.Library, "golang.org/x/sync v0.24.0, errgroup",
			func(int) Executor[T] { return NewErrgroup[T]() }),
		impls.New("conc", impls.Library, "github.com/sourcegraph/conc v0.3.0",
			func(int) Executor[T] { return NewConc[T]() }),
		impls.New("pond", impls.Library, "github.com/alitto/pond/v2 v2.7.1",
			func(int) Executor[T] { return NewPond[T]() }),
	}
}

// Broken returns the seeded bugs.
func Broken[T any]() []impls.Impl[New[T]] {
	return impls.Seed(All[T](), append(bugsOfGoroutine[T](), otherBugs[T]()...)...)
}

func bugsOfGoroutine[T any]() []impls.Bug[New[T]] {
	goroutines := func(alter func(Flow[T]) Flow[T]) New[T] {
		return func(int) Executor[T] { return &altered[T]{NewGoroutine[T](), alter} }
	}
	return []impls.Bug[New[T]]{
		{
			Name: "leaks-sleeper", Twin: "goroutine", Flaw: "a Sleep that is cancelled leaves a goroutine",
			New: goroutines(func(f Flow[T]) Flow[T] { return &leaksSleeper[T]{f} }),
		},
		{
			Name: "gather-forgives", Twin: "goroutine", Flaw: "Gather swallows every error but the last",
			New: goroutines(func(f Flow[T]) Flow[T] { return &gatherForgives[T]{f} }),
		},
		{
			Name: "gathers-hastily", Twin: "goroutine", Flaw: "Gather returns at the first error, while other tasks run",
			New: goroutines(func(f Flow[T]) Flow[T] { return &gathersHastily[T]{f} }),
		},
		{
			Name: "error-once", Twin: "goroutine", Flaw: "a second Await of a task that failed gets no error",
			New: func(int) Executor[T] { return new(errorOnce[T]) },
		},
		{
			Name: "hides-panic", Twin: "goroutine", Flaw: "the panic of a function does not reach its awaiters",
			New: func(int) Executor[T] { return new(hidesPanic[T]) },
		},
		{
			Name: "closes-early", Twin: "goroutine", Flaw: "Close does not wait for functions that functions have started",
			New: func(int) Executor[T] { return new(closesEarly[T]) },
		},
		{
			Name: "polls", Twin: "goroutine", Flaw: "a timer wakes awaiters, not the end of the task",
			New: func(int) Executor[T] { return new(polls[T]) },
		},
	}
}

func otherBugs[T any]() []impls.Bug[New[T]] {
	bounded := func(alter func(Flow[T]) Flow[T]) New[T] {
		return func(workers int) Executor[T] { return &altered[T]{NewBounded[T](workers), alter} }
	}
	loops := func(alter func(Flow[T]) Flow[T]) New[T] {
		return func(int) Executor[T] { return &altered[T]{NewLoop[T](), alter} }
	}
	pulls := func(alter func(Flow[T]) Flow[T]) New[T] {
		return func(workers int) Executor[T] { return &altered[T]{NewPull[T](workers), alter} }
	}
	return []impls.Bug[New[T]]{
		{
			Name: "panic-keeps-permit", Twin: "bounded", Flaw: "a function that panics keeps its permit",
			New: func(workers int) Executor[T] { return &panicKeepsPermit[T]{*NewBounded[T](workers)} },
		},
		{
			Name: "sleeps-inside", Twin: "bounded", Flaw: "a function that sleeps keeps its permit",
			New: bounded(func(f Flow[T]) Flow[T] { return &sleepsInside[T]{f.(*boundedFlow[T])} }),
		},
		{
			Name: "runs-on", Twin: "bounded", Flaw: "a function that has awaited a task runs without a permit",
			New: bounded(func(f Flow[T]) Flow[T] { return &runsOn[T]{f.(*boundedFlow[T])} }),
		},
		{
			Name: "orphans", Twin: "scope", Flaw: "a function ends before those that it has started",
			New: func(int) Executor[T] { return &orphans[T]{NewScope[T]()} },
		},
		{
			Name: "wakes-twice", Twin: "loop", Flaw: "a Sleep that is cancelled wakes its function again when its time has come",
			New: loops(func(f Flow[T]) Flow[T] { return &wakesTwice[T]{f.(*looped[T])} }),
		},
		{
			Name: "misses-end", Twin: "pull", Flaw: "an Await of a task that ends just then is never woken",
			New: pulls(func(f Flow[T]) Flow[T] { return &missesEnd[T]{f.(*pulled[T])} }),
		},
	}
}

// OfSteps returns every executor of functions in continuation-passing style.
func OfSteps[T any]() []impls.Impl[NewSteps[T]] {
	return []impls.Impl[NewSteps[T]]{
		impls.Headline(impls.New("callbacks", impls.Mutex, "Reynolds 1993",
			func() StepExecutor[T] { return NewCallbacks[T]() }, SingleThreaded)),
	}
}

// BrokenOfSteps returns the seeded bugs of executors of functions in steps.
func BrokenOfSteps[T any]() []impls.Impl[NewSteps[T]] {
	return impls.Seed(
		OfSteps[T](),
		impls.Bug[NewSteps[T]]{
			Name: "calls-locked", Twin: "callbacks", Flaw: "the continuation of an ended task is called under a lock",
			New: func() StepExecutor[T] { return &callsLocked[T]{NewCallbacks[T]()} },
		},
	)
}
