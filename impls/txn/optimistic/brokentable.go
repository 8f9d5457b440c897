package optimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// Broken returns the seeded bugs.
func Broken() []impls.Impl[txn.Backend] {
	return impls.Seed(All(), append(recordBugs(), versionBugs()...)...)
}

// recordBugs are those of stores that replace values in place.
func recordBugs() []impls.Bug[txn.Backend] {
	return []impls.Bug[txn.Backend]{
		{
			Name: "unvalidated", Twin: "silo", Flaw: "commits although what it has read was changed",
			New: siloOf(func(tx *siloTx) protocol { return &unvalidated{tx} }),
		},
		{
			Name: "validates-first", Twin: "silo", Flaw: "what it has read may change between the check and the locks",
			New: siloOf(func(tx *siloTx) protocol { return &validatesFirst{tx} }),
		},
		{
			Name: "bumps-first", Twin: "silo", Flaw: "a read may have the old value with the new version",
			New: siloOf(func(tx *siloTx) protocol { return &bumpsFirst{tx} }),
		},
		{
			Name: "keeps-failed", Twin: "silo", Flaw: "an attempt that conflicts leaves its writes, and is run again",
			New: siloOf(func(tx *siloTx) protocol { return &keepsFailed{tx} }),
		},
		{
			Name: "forgets-ranges", Twin: "silo", Flaw: "commits although keys have appeared in a range that it has scanned",
			New: siloOf(func(tx *siloTx) protocol { return &forgetsRanges{tx} }),
		},
		{
			Name: "extends-locked", Twin: "tictoc", Flaw: "a value is read at a time at which another one has replaced it",
			New: txn.InMemory(func(o txn.Options) txn.Store {
				s := new(TicToc)
				s.start(o, func() protocol { return &extendsLocked{s.fresh()} })
				return s
			}),
		},
		{
			Name: "late-clock", Twin: "tl2", Flaw: "the first read may be older than the others",
			New: txn.InMemory(func(o txn.Options) txn.Store {
				s := new(TL2)
				s.start(o, func() protocol { return &lateClock{s.fresh()} })
				return s
			}),
		},
	}
}

func siloOf(bug func(*siloTx) protocol) txn.Backend {
	return txn.InMemory(func(o txn.Options) txn.Store {
		s := new(Silo)
		s.start(o, func() protocol { return bug(s.fresh()) })
		return s
	})
}

// versionBugs are those of stores with versions.
func versionBugs() []impls.Bug[txn.Backend] {
	return []impls.Bug[txn.Backend]{
		{
			Name: "frees-visible", Twin: "mvcc", Flaw: "versions vanish that an older transaction still reads",
			New: mvccOf(func(tx *mvccTx) protocol { return &freesVisible{tx} }),
		},
		{
			Name: "registers-late", Twin: "mvcc", Flaw: "versions vanish that a transaction reads which has just started",
			New: mvccOf(func(tx *mvccTx) protocol { return &registersLate{tx} }),
		},
		{
			Name: "forgets-incoming", Twin: "ssi", Flaw: "commits a pivot, which completes a cycle",
			New: txn.InMemory(func(o txn.Options) txn.Store {
				s := new(SSI)
				s.start(o, func() protocol { return &forgetsIncoming{s.fresh()} })
				return s
			}),
		},
	}
}

func mvccOf(bug func(*mvccTx) protocol) txn.Backend {
	return txn.InMemory(func(o txn.Options) txn.Store {
		s := new(MVCC)
		s.start(o, func() protocol { return bug(s.fresh()) })
		return s
	})
}
