package singleton

import "github.com/contendbench/contend/impls"

// All returns every singleton, for values of any type.
func All[T any]() []impls.Impl[New[T]] {
	const (
		once   = impls.InitOnce
		errs   = impls.RetriesErrors
		panics = impls.RetriesPanics
	)
	row := func(name string, kind impls.Kind, source string, create New[T], p ...impls.Promise) impls.Impl[New[T]] {
		return impls.Impl[New[T]]{Name: name, Kind: kind, Source: source, Promises: p, New: create}
	}
	return []impls.Impl[New[T]]{
		row("once", impls.Runtime, "sync.Once", func(b func() (*T, error)) Singleton[T] { return NewOnce(b) }, once),
		row("oncevalues", impls.Runtime, "sync.OnceValues", func(b func() (*T, error)) Singleton[T] { return NewOnceValues(b) }, once),
		row("eager", impls.Runtime, "Go specification, Package initialization", func(b func() (*T, error)) Singleton[T] { return NewEager(b) }, once),
		row("mutex", impls.Mutex, "Gamma et al. 1994, Singleton", func(b func() (*T, error)) Singleton[T] { return NewMutex(b) }, once, errs, panics),
		row("double-checked", impls.Atomic, "Schmidt and Harrison 1997", func(b func() (*T, error)) Singleton[T] { return NewDoubleChecked(b) }, once, errs, panics),
		row("copies", impls.Atomic, "this project; Hsieh and Weihl 1992", func(b func() (*T, error)) Singleton[T] { return NewCopies(b) }, once, errs, panics),
		row("cas-publish", impls.Atomic, "Herlihy and Shavit 2008, §5.8", func(b func() (*T, error)) Singleton[T] { return NewCASPublish(b) }, errs, panics),
		row("channel", impls.Channel, "Hoare 1978, §5", func(b func() (*T, error)) Singleton[T] { return NewChannel(b) }, once, errs, panics),
		row("spin", impls.Spin, "Rudolph and Segall 1984, §5", func(b func() (*T, error)) Singleton[T] { return NewSpin(b) }, once, errs, panics),
		row("singleflight", impls.Library, "golang.org/x/sync v0.24.0, singleflight", func(b func() (*T, error)) Singleton[T] { return NewSingleflight(b) }, once, errs),
	}
}

// Broken returns the seeded bugs. Each makes the promises of its twin.
func Broken[T any]() []impls.Impl[New[T]] {
	bug := func(name, twin, flaw string, create New[T], p ...impls.Promise) impls.Impl[New[T]] {
		return impls.Impl[New[T]]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: create}
	}
	return []impls.Impl[New[T]]{
		bug("done-early", "once", "done before the initializer has returned",
			func(b func() (*T, error)) Singleton[T] { return &doneEarly[T]{Once: Once[T]{build: b}} }, impls.InitOnce),
		bug("checked-once", "double-checked", "no second look under the lock",
			func(b func() (*T, error)) Singleton[T] {
				return &checkedOnce[T]{DoubleChecked[T]{build: b}}
			}, impls.InitOnce, impls.RetriesErrors, impls.RetriesPanics),
		bug("loser-returned", "cas-publish", "returns its own value though another one's was published",
			func(b func() (*T, error)) Singleton[T] { return &loserReturned[T]{CASPublish[T]{build: b}} }, impls.RetriesErrors, impls.RetriesPanics),
		bug("panic-publishes", "double-checked", "a panic of the initializer publishes an empty value",
			func(b func() (*T, error)) Singleton[T] {
				return &panicPublishes[T]{DoubleChecked[T]{build: b}}
			}, impls.InitOnce, impls.RetriesErrors, impls.RetriesPanics),
	}
}
