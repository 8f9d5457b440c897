package cas

import "github.com/contendbench/contend/impls"

// Counters returns every counter, and the control that takes no care.
func Counters() []impls.Impl[NewCounter] {
	const (
		reset  = impls.Resettable
		linear = impls.Linearizable
	)
	row := func(name string, kind impls.Kind, source string, create NewCounter, p ...impls.Promise) impls.Impl[NewCounter] {
		return impls.Impl[NewCounter]{Name: name, Kind: kind, Source: source, Promises: p, New: create}
	}
	return []impls.Impl[NewCounter]{
		row("fetch-and-add", impls.Runtime, "sync/atomic.Int64", func() Counter { return new(FetchAndAdd) }, linear, reset, impls.ZeroValue),
		row("cas-loop", impls.Atomic, "Herlihy 1991, §3.2", func() Counter { return new(Loop) }, linear, reset, impls.ZeroValue),
		row("cas-backoff", impls.Atomic, "Dice, Hendler and Mirsky 2013, §2", func() Counter { return new(LoopBackoff) }, linear, reset, impls.ZeroValue),
		row("mutex", impls.Mutex, "sync.Mutex", func() Counter { return new(Mutex) }, linear, reset, impls.ZeroValue),
		row("spin", impls.Spin, "Rudolph and Segall 1984, §5", func() Counter { return new(Spin) }, linear, reset, impls.ZeroValue),
		row("channel", impls.Channel, "Hoare 1978, §5", func() Counter { return NewChannel() }, linear, reset),
		row("sharded", impls.Atomic, "Fich, Luchangco, Moir and Shavit 2005, §1", func() Counter { return NewSharded() }, reset),
		row("unpadded", impls.Atomic, "Bolosky and Scott 1993", func() Counter { return NewUnpadded() }),
		row("long-adder", impls.Atomic, "Lea 2011, LongAdder", func() Counter { return NewLongAdder() }, reset),
		row("batched", impls.Atomic, "Boyd-Wickizer et al. 2010, §4.3", func() Counter { return new(Batched) }, impls.ZeroValue),
		row("xsync", impls.Library, "github.com/puzpuzpuz/xsync/v4 v4.5.0, Counter", func() Counter { return NewXsync() }),
		row("uber", impls.Library, "go.uber.org/atomic v1.12.0, Int64", func() Counter { return new(Uber) }, linear, reset, impls.ZeroValue),
		row("prometheus", impls.Library, "github.com/prometheus/client_golang v1.25.0, Counter", func() Counter { return NewPrometheus() }),
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no care", New: func() Counter { return new(NoCounter) }},
	}
}

// Cells returns the cells for values of any type.
func Cells[T comparable]() []impls.Impl[NewCell[T]] {
	row := func(name string, kind impls.Kind, source string, create NewCell[T]) impls.Impl[NewCell[T]] {
		return impls.Impl[NewCell[T]]{Name: name, Kind: kind, Source: source, Promises: []impls.Promise{impls.Linearizable}, New: create}
	}
	return []impls.Impl[NewCell[T]]{
		row("value", impls.Runtime, "sync/atomic.Value", func(v T) Cell[T] { return NewValue(v) }),
		row("pointer", impls.Atomic, "Herlihy 1990, §3", func(v T) Cell[T] { return NewPointer(v) }),
		row("pointer-backoff", impls.Atomic, "Dice, Hendler and Mirsky 2013, §2", func(v T) Cell[T] { return NewPointerBackoff(v) }),
		row("mutex", impls.Mutex, "sync.Mutex", func(v T) Cell[T] { return NewLocked(v) }),
		row("spin", impls.Spin, "Rudolph and Segall 1984, §5", func(v T) Cell[T] { return NewSpinning(v) }),
		row("channel", impls.Channel, "Hoare 1978, §5", func(v T) Cell[T] { return NewOwned(v) }),
	}
}

// Records returns the cells for records.
func Records() []impls.Impl[NewCell[Record]] {
	return append(Cells[Record](), impls.Impl[NewCell[Record]]{
		Name: "indexed", Kind: impls.Atomic, Source: "IBM System/370-XA Principles of Operation 1983, appendix A",
		Promises: []impls.Promise{impls.Linearizable}, New: func(r Record) Cell[Record] { return NewIndexed(r) },
	})
}

// BrokenCounters returns the seeded bugs of counters. Each makes the promises of its twin.
func BrokenCounters() []impls.Impl[NewCounter] {
	bug := func(name, twin, flaw string, create NewCounter, p ...impls.Promise) impls.Impl[NewCounter] {
		return impls.Impl[NewCounter]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: create}
	}
	return []impls.Impl[NewCounter]{
		bug("load-store", "cas-loop", "loads, then stores", func() Counter { return new(loadStore) }, impls.Linearizable, impls.Resettable),
		bug("hoisted-load", "cas-loop", "adds to what it read before the loop", func() Counter { return new(hoisted) }, impls.Linearizable, impls.Resettable),
		bug("reset-store", "fetch-and-add", "Reset loads, then stores 0", func() Counter { return new(resetStore) }, impls.Linearizable, impls.Resettable),
		bug("copied-sums", "long-adder", "growing copies sums that somebody may still add to",
			func() Counter { c := new(copiedSums); c.init(); return c }, impls.Resettable),
	}
}

// BrokenCells returns the seeded bugs of cells for values of any type.
func BrokenCells[T comparable]() []impls.Impl[NewCell[T]] {
	bug := func(name, twin, flaw string, create NewCell[T]) impls.Impl[NewCell[T]] {
		return impls.Impl[NewCell[T]]{
			Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw,
			Promises: []impls.Promise{impls.Linearizable}, New: create,
		}
	}
	return []impls.Impl[NewCell[T]]{
		bug("result-ignored", "pointer", "takes a swap that failed for one that succeeded",
			func(v T) Cell[T] { c := new(ignored[T]); c.box.Store(&v); return c }),
		bug("writes-anyway", "mutex", "a CompareAndSwap that fails writes, too",
			func(v T) Cell[T] { return &writesAnyway[T]{*NewLocked(v)} }),
	}
}

// BrokenRecords returns the seeded bugs of cells for records.
func BrokenRecords() []impls.Impl[NewCell[Record]] {
	return append(BrokenCells[Record](), impls.Impl[NewCell[Record]]{
		Name: "untagged-index", Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: "indexed",
		Flaw:     "the word is the index of a slot that is used again, without a tag",
		Promises: []impls.Promise{impls.Linearizable}, New: newUntagged,
	})
}

// AllWords returns the rows of words of which several change at once.
func AllWords() []impls.Impl[NewWords] {
	row := func(name string, kind impls.Kind, source string, create NewWords) impls.Impl[NewWords] {
		return impls.Impl[NewWords]{Name: name, Kind: kind, Source: source, Promises: []impls.Promise{impls.Linearizable}, New: create}
	}
	return []impls.Impl[NewWords]{
		row("mutex", impls.Mutex, "sync.Mutex", func(n int) Words { return NewMutexWords(n) }),
		row("ordered-locks", impls.Mutex, "Havender 1968", func(n int) Words { return NewOrderedLocks(n) }),
		row("pointer", impls.Atomic, "Herlihy 1990, §3", func(n int) Words { return NewPointerWords(n) }),
		row("mcas", impls.Atomic, "Harris, Fraser and Pratt 2002", func(n int) Words { return NewMCAS(n) }),
	}
}

// BrokenWords returns their seeded bugs.
func BrokenWords() []impls.Impl[NewWords] {
	return []impls.Impl[NewWords]{{
		Name: "own-verdict", Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: "mcas",
		Flaw:     "goes by what it saw itself, though a helper may have decided otherwise",
		Promises: []impls.Promise{impls.Linearizable}, New: func(n int) Words { m := new(ownVerdict); m.init(n); return m },
	}}
}
