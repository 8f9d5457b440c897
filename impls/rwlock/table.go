package rwlock

import "github.com/contendbench/contend/impls"

// All returns every lock, and the control that does not lock.
func All() []impls.Impl[New] {
	const (
		courtois = "Courtois, Heymans and Parnas 1971"
		shared   = impls.SharedReaders
		writers  = impls.WriterPreference
	)
	row := func(name string, kind impls.Kind, source string, newLock New, p ...impls.Promise) impls.Impl[New] {
		return impls.Impl[New]{Name: name, Kind: kind, Source: source, Promises: p, New: newLock}
	}
	return []impls.Impl[New]{
		row("sync", impls.Runtime, "sync.RWMutex", func() RWLocker { return new(Sync) }, shared, writers, impls.StarvationFree, impls.ZeroValue, impls.FatalOnMisuse),
		row("mutex", impls.Mutex, "sync.Mutex", func() RWLocker { return new(Mutex) }, impls.StarvationFree, impls.ZeroValue, impls.FatalOnMisuse),
		row("reader-preferring", impls.Mutex, courtois+", problem 1", func() RWLocker { return NewReaderPreferring() }, shared, impls.PanicsOnMisuse),
		row("writer-preferring", impls.Mutex, courtois+", problem 2", func() RWLocker { return NewWriterPreferring() }, shared, writers, impls.PanicsOnMisuse),
		row("channel", impls.Channel, courtois+", problem 1", func() RWLocker { return NewChannel() }, shared, impls.PanicsOnMisuse),
		row("spin", impls.Spin, "Mellor-Crummey and Scott 1991 (PPoPP), §1", func() RWLocker { return new(Spin) }, shared, impls.ZeroValue, impls.PanicsOnMisuse),
		row("task-fair", impls.Spin, "Mellor-Crummey and Scott 1991 (PPoPP), §2.1", func() RWLocker { return new(TaskFair) }, shared, writers, impls.FIFO, impls.StarvationFree, impls.ZeroValue),
		row("phase-fair", impls.Atomic, "Brandenburg and Anderson 2010, §4.1", func() RWLocker { return new(PhaseFair) }, shared, writers, impls.StarvationFree, impls.ZeroValue),
		row("big-reader", impls.Atomic, "Hsieh and Weihl 1992, §3", func() RWLocker { return NewBigReader() }, shared, writers, impls.StarvationFree),
		row("bravo", impls.Atomic, "Dice and Kogan 2019, listing 1", func() RWLocker { return NewBRAVO() }, shared, impls.StarvationFree),
		row("counted-bravo", impls.Atomic, "Dice and Kogan 2019, with another policy", func() RWLocker { return NewCountedBRAVO() }, shared, impls.StarvationFree),
		row("xsync", impls.Library, "github.com/puzpuzpuz/xsync/v4 v4.5.0, RBMutex", func() RWLocker { return NewRBMutex() }, shared, impls.StarvationFree),
		{Name: "none", Kind: impls.Control, Role: impls.Noop, Source: "no lock", New: func() RWLocker { return None{} }},
	}
}

// Broken returns the seeded bugs. Each makes the promises of its twin.
func Broken() []impls.Impl[New] {
	bug := func(name, twin, flaw string, newLock New, p ...impls.Promise) impls.Impl[New] {
		return impls.Impl[New]{Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw, Promises: p, New: newLock}
	}
	return []impls.Impl[New]{
		bug("count-after-check", "big-reader", "a reader counts itself after it looked for a writer",
			func() RWLocker { l := new(countAfterCheck); l.init(); return l }, impls.SharedReaders, impls.WriterPreference, impls.StarvationFree),
		bug("bias-kept", "bravo", "a writer does not revoke the readers' bias",
			func() RWLocker { l := new(biasKept); l.biased.Store(true); return l }, impls.SharedReaders, impls.StarvationFree),
		bug("preference-dropped", "writer-preferring", "readers pass a waiting writer",
			func() RWLocker { l := new(preferenceDropped); l.changed.L = &l.mu; return l }, impls.SharedReaders, impls.WriterPreference),
		bug("runlock-wakes-nobody", "reader-preferring", "the last reader leaves without waking a writer",
			func() RWLocker { l := new(wakesNobody); l.changed.L = &l.mu; return l }, impls.SharedReaders),
		bug("marks-late", "phase-fair", "a writer raises its mark when no reader is inside",
			func() RWLocker { return new(marksLate) }, impls.SharedReaders, impls.WriterPreference, impls.StarvationFree, impls.ZeroValue),
	}
}

// AllShared returns the records that need no lock of this package. Guard makes records of locks.
func AllShared() []impls.Impl[NewShared] {
	row := func(name string, kind impls.Kind, source string, create NewShared) impls.Impl[NewShared] {
		return impls.Impl[NewShared]{Name: name, Kind: kind, Source: source, Promises: []impls.Promise{impls.ReadersPass}, New: create}
	}
	return []impls.Impl[NewShared]{
		row("seqlock", impls.Atomic, "Lameter 2005; Boehm 2012", func(n int) Shared { return NewSeqlock(n) }),
		row("copy-on-write", impls.Atomic, "McKenney and Slingwine 1998", func(n int) Shared { return NewCopyOnWrite(n) }),
	}
}

// BrokenShared returns the seeded bugs of these records.
func BrokenShared() []impls.Impl[NewShared] {
	bug := func(name, twin, flaw string, create NewShared) impls.Impl[NewShared] {
		return impls.Impl[NewShared]{
			Name: name, Kind: impls.Control, Role: impls.Bug, Source: "seeded", Twin: twin, Flaw: flaw,
			Promises: []impls.Promise{impls.ReadersPass}, New: create,
		}
	}
	return []impls.Impl[NewShared]{
		bug("no-odd-check", "seqlock", "a reader begins while a writer stores", func(n int) Shared { s := new(noOddCheck); s.init(n); return s }),
		bug("edits-in-place", "copy-on-write", "a writer changes the words that readers have",
			func(n int) Shared { s := new(editsInPlace); s.init(n); return s }),
	}
}
