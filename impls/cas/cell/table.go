package cell

import "github.com/contendbench/contend/impls"

// All returns the cells that can hold values of any type.
func All[T comparable]() []impls.Impl[New[T]] {
	return []impls.Impl[New[T]]{
		impls.Headline(impls.New("value", impls.Runtime, "sync/atomic.Value",
			func(v T) Cell[T] { return NewValue(v) }, impls.Linearizable)),
		impls.Headline(impls.New("pointer", impls.Atomic, "Herlihy 1990, §3",
			func(v T) Cell[T] { return NewPointer(v) }, impls.Linearizable)),
		impls.New("pointer-backoff", impls.Atomic, "Dice, Hendler and Mirsky 2013, §2",
			func(v T) Cell[T] { return NewPointerBackoff(v) }, impls.Linearizable),
		impls.Headline(impls.New("mutex", impls.Mutex, "sync.Mutex",
			func(v T) Cell[T] { return NewMutex(v) }, impls.Linearizable)),
		impls.New("spin", impls.Spin, "Rudolph and Segall 1984, §5",
			func(v T) Cell[T] { return NewSpin(v) }, impls.Linearizable),
		impls.New("channel", impls.Channel, "Hoare 1978, §5",
			func(v T) Cell[T] { return NewChannel(v) }, impls.Linearizable),
	}
}

// OfRecords returns every cell that can hold records: those of All, and those for records
// only.
func OfRecords() []impls.Impl[New[Record]] {
	return append(
		All[Record](),
		impls.New("indexed", impls.Atomic, "IBM System/370-XA Principles of Operation 1983, appendix A",
			func(r Record) Cell[Record] { return NewIndexed(r) }, impls.Linearizable),
	)
}

// Broken returns the seeded bugs of All.
func Broken[T comparable]() []impls.Impl[New[T]] {
	return impls.Seed(
		All[T](),
		impls.Bug[New[T]]{
			Name: "result-ignored", Twin: "pointer",
			Flaw: "takes a swap that failed for one that succeeded",
			New:  func(v T) Cell[T] { c := new(ignored[T]); c.box.Store(&v); return c },
		},
		impls.Bug[New[T]]{
			Name: "writes-anyway", Twin: "mutex",
			Flaw: "writes even in a CompareAndSwap that fails",
			New:  func(v T) Cell[T] { return &writesAnyway[T]{*NewMutex(v)} },
		},
		impls.Bug[New[T]]{
			Name: "keeps-lock", Twin: "mutex",
			Flaw: "stays locked after a panic in Update",
			New:  func(v T) Cell[T] { return &keepsLock[T]{*NewMutex(v)} },
		},
		impls.Bug[New[T]]{
			Name: "gives-up", Twin: "pointer",
			Flaw: "Update gives up after 500 tries, and does not say so",
			New:  func(v T) Cell[T] { c := new(givesUp[T]); c.box.Store(&v); return c },
		},
	)
}

// BrokenOfRecords returns the seeded bugs of OfRecords.
func BrokenOfRecords() []impls.Impl[New[Record]] {
	return append(Broken[Record](), impls.Seed(
		OfRecords(),
		impls.Bug[New[Record]]{
			Name: "untagged-index", Twin: "indexed",
			Flaw: "identifies a value by the index of its slot, which is reused, without a tag",
			New:  newUntagged,
		},
		impls.Bug[New[Record]]{
			Name: "first-word", Twin: "indexed",
			Flaw: "compares the first word of a record only",
			New:  newFirstWord,
		},
	)...)
}
