package shared

import "github.com/contendbench/contend/impls"

// All returns the records that have no lock for readers. Guard makes records of the locks
// of package rwlock.
func All() []impls.Impl[New] {
	return []impls.Impl[New]{
		impls.Headline(impls.New("seqlock", impls.Atomic, "Lameter 2005; Boehm 2012",
			func(words int) Shared { return NewSeqlock(words) }, ReadersPass)),
		impls.Headline(impls.New("copy-on-write", impls.Atomic, "McKenney and Slingwine 1998",
			func(words int) Shared { return NewCopyOnWrite(words) }, ReadersPass)),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(
		All(),
		impls.Bug[New]{
			Name: "no-odd-check", Twin: "seqlock", Flaw: "a reader copies while a writer stores",
			New: func(words int) Shared { s := new(noOddCheck); s.init(words); return s },
		},
		impls.Bug[New]{
			Name: "edits-in-place", Twin: "copy-on-write", Flaw: "a writer changes words that readers have",
			New: func(words int) Shared { s := new(editsInPlace); s.init(words); return s },
		},
		impls.Bug[New]{
			Name: "waits-for-change", Twin: "seqlock", Flaw: "a reader whose copies failed waits for the change of an update",
			New: func(words int) Shared { s := new(waitsForChange); s.init(words); return s },
		},
		impls.Bug[New]{
			Name: "low-half", Twin: "seqlock", Flaw: "does not store words that differ in their high half only",
			New: func(words int) Shared { s := new(lowHalf); s.init(words); return s },
		},
	)
}
