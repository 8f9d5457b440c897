// Package pessimistic holds stores whose transactions lock what they read and change, so
// that conflicts wait or are refused before they happen.
package pessimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// What stores promise whose transactions hold all locks to their end.
var (
	strict   = []impls.Promise{txn.StrictSerializable, txn.Opaque}
	oneByOne = append(strict[:len(strict):len(strict)], txn.RunsOnce, impls.StarvationFree)
)

// All returns every pessimistic store.
func All() []impls.Impl[txn.Backend] {
	return []impls.Impl[txn.Backend]{
		impls.Headline(impls.New("global", impls.Mutex, "Gray and Reuter 1992, §7.2",
			txn.InMemory(func(txn.Options) txn.Store { return NewGlobal() }), oneByOne...)),
		impls.New("global-rw", impls.Mutex, "Courtois, Heymans and Parnas 1971",
			txn.InMemory(func(txn.Options) txn.Store { return NewGlobalRW() }), oneByOne...),
	}
}
