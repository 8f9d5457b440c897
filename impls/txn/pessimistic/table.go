// Package pessimistic holds stores whose transactions lock what they read and change, so
// that conflicts wait or are refused before they happen.
package pessimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// All returns every pessimistic store.
func All() []impls.Impl[txn.Backend] {
	return []impls.Impl[txn.Backend]{
		impls.Headline(impls.New("global", impls.Mutex, "Gray and Reuter 1992, §7.2",
			txn.InMemory(func(txn.Options) txn.Store { return NewGlobal() }), txn.StrictSerializable, txn.Opaque, txn.RunsOnce)),
	}
}
