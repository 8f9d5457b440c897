// Package optimistic holds stores whose transactions do not wait for each other: they find
// at the commit, or before, that they conflict, and one of them is run again. go-memdb is
// here for comparison: its writers wait, and its readers do not.
package optimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// All returns every optimistic store.
func All() []impls.Impl[txn.Backend] {
	return []impls.Impl[txn.Backend]{
		impls.Headline(impls.New("copy-on-write", impls.Atomic, "Herlihy 1991, §4",
			txn.InMemory(func(o txn.Options) txn.Store { return NewCopyOnWrite(o) }),
			txn.StrictSerializable, txn.Opaque, txn.ReadsOn)),
		impls.Headline(impls.New("silo", impls.Atomic, "Tu et al. 2013, §4.4",
			txn.InMemory(func(o txn.Options) txn.Store { return NewSilo(o) }), txn.StrictSerializable)),
		impls.New("tictoc", impls.Atomic, "Yu et al. 2016, §3",
			txn.InMemory(func(o txn.Options) txn.Store { return NewTicToc(o) }), txn.Serializable),
		impls.New("tl2", impls.Atomic, "Dice, Shalev and Shavit 2006, §2",
			txn.InMemory(func(o txn.Options) txn.Store { return NewTL2(o) }), txn.StrictSerializable, txn.Opaque),
		impls.Headline(impls.New("mvcc", impls.Atomic, "Berenson et al. 1995, §4.2",
			txn.InMemory(func(o txn.Options) txn.Store { return NewMVCC(o) }), txn.Snapshot, txn.Opaque, txn.ReadsOn)),
		impls.New("ssi", impls.Atomic, "Cahill, Röhm and Fekete 2008, §3",
			txn.InMemory(func(o txn.Options) txn.Store { return NewSSI(o) }), txn.StrictSerializable, txn.Opaque),
		impls.New("badger", impls.Library, "github.com/dgraph-io/badger/v4 v4.9.6",
			txn.Backend{Open: NewBadger}, txn.ItemSerializable, txn.Opaque),
		impls.New("go-memdb", impls.Library, "github.com/hashicorp/go-memdb v1.3.5",
			txn.Backend{Open: NewMemDB}, txn.StrictSerializable, txn.Opaque, txn.ReadsOn, txn.RunsOnce),
	}
}
