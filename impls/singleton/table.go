package singleton

import "github.com/contendbench/contend/impls"

// All returns every singleton, for values of any type.
func All[T any]() []impls.Impl[New[T]] {
	type build = func() (*T, error)
	return []impls.Impl[New[T]]{
		impls.Headline(impls.New("once", impls.Runtime, "sync.Once",
			func(b build) Singleton[T] { return NewOnce(b) }, InitOnce)),
		impls.Headline(impls.New("oncevalues", impls.Runtime, "sync.OnceValues",
			func(b build) Singleton[T] { return NewOnceValues(b) }, InitOnce)),
		impls.New("eager", impls.Runtime, "Go specification, Package initialization",
			func(b build) Singleton[T] { return NewEager(b) }, InitOnce),
		impls.Headline(impls.New("mutex", impls.Mutex, "Gamma et al. 1994, Singleton",
			func(b build) Singleton[T] { return NewMutex(b) }, InitOnce, RetriesErrors, RetriesPanics)),
		impls.Headline(impls.New("double-checked", impls.Atomic, "Schmidt and Harrison 1997",
			func(b build) Singleton[T] { return NewDoubleChecked(b) }, InitOnce, RetriesErrors, RetriesPanics)),
		impls.New("copies", impls.Atomic, "this project; Hsieh and Weihl 1992",
			func(b build) Singleton[T] { return NewCopies(b) }, InitOnce, RetriesErrors, RetriesPanics),
		impls.New("cas-publish", impls.Atomic, "Herlihy and Shavit 2008, §5.8",
			func(b build) Singleton[T] { return NewCASPublish(b) }, RetriesErrors, RetriesPanics),
		impls.New("channel", impls.Channel, "Hoare 1978, §5",
			func(b build) Singleton[T] { return NewChannel(b) }, InitOnce, RetriesErrors, RetriesPanics),
		impls.New("spin", impls.Spin, "Rudolph and Segall 1984, §5",
			func(b build) Singleton[T] { return NewSpin(b) }, InitOnce, RetriesErrors, RetriesPanics),
		impls.Formerly("singleflight", impls.New("golang-singleflight", impls.Library,
			"golang.org/x/sync v0.24.0, singleflight",
			func(b build) Singleton[T] { return NewSingleflight(b) }, InitOnce, RetriesErrors)),
	}
}

// Broken returns the seeded bugs.
func Broken[T any]() []impls.Impl[New[T]] {
	type build = func() (*T, error)
	return impls.Seed(
		All[T](),
		impls.Bug[New[T]]{
			Name: "done-early", Twin: "once",
			Flaw: "is marked as done before the initializer has returned",
			New:  func(b build) Singleton[T] { return &doneEarly[T]{Once: Once[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "checked-once", Twin: "double-checked",
			Flaw: "does not look at the value again under the lock",
			New:  func(b build) Singleton[T] { return &checkedOnce[T]{DoubleChecked[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "loser-returned", Twin: "cas-publish",
			Flaw: "returns its own value after another one was published",
			New:  func(b build) Singleton[T] { return &loserReturned[T]{CASPublish[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "panic-publishes", Twin: "double-checked",
			Flaw: "publishes an empty value when the initializer panics",
			New:  func(b build) Singleton[T] { return &panicPublishes[T]{DoubleChecked[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "second-failure-stays", Twin: "double-checked",
			Flaw: "keeps the error of its second failure",
			New: func(b build) Singleton[T] {
				return &secondStays[T]{DoubleChecked: DoubleChecked[T]{build: either(b)}}
			},
		},
		impls.Bug[New[T]]{
			Name: "impatient", Twin: "spin",
			Flaw: "a waiter builds itself after 2 ms",
			New:  func(b build) Singleton[T] { return &impatient[T]{Spin[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "polls", Twin: "spin",
			Flaw: "a timer wakes waiters, not the end of the initializer",
			New:  func(b build) Singleton[T] { return &polls[T]{Spin[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "weakly-held", Twin: "mutex",
			Flaw: "the collector takes a value that no caller holds",
			New:  func(b build) Singleton[T] { return &weakly[T]{Mutex: Mutex[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "exit-keeps-lock", Twin: "mutex",
			Flaw: "an initializer that calls runtime.Goexit leaves it locked",
			New:  func(b build) Singleton[T] { return &exitLocked[T]{Mutex[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "expires", Twin: "double-checked",
			Flaw: "builds a new value after 300 ms",
			New:  func(b build) Singleton[T] { return &expires[T]{DoubleChecked: DoubleChecked[T]{build: either(b)}} },
		},
		impls.Bug[New[T]]{
			Name: "keeps-both", Twin: "mutex",
			Flaw: "keeps a value that comes with an error",
			New:  func(b build) Singleton[T] { return newKeepsBoth(b) },
		},
	)
}
