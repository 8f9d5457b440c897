package txn

import (
	"slices"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
)

// Levels that have something in common.
var (
	// isolated ones lose no update, and show records that always exist as of one state.
	isolated = []impls.Promise{txns.StrictSerializable, txns.Serializable, txns.ItemSerializable, txns.Snapshot}
	// stable ones show also ranges as of one state.
	stable = []impls.Promise{txns.StrictSerializable, txns.Serializable, txns.Snapshot}
	// serial ones have an order for what was read and changed by key.
	serial = []impls.Promise{txns.StrictSerializable, txns.Serializable, txns.ItemSerializable}
	// rangeSerial ones have it for ranges, too.
	rangeSerial = []impls.Promise{txns.StrictSerializable, txns.Serializable}
)

// promises reports whether the store of a trial makes one of some promises.
func promises(t *harness.Trial, some []impls.Promise) bool {
	return slices.ContainsFunc(some, t.Promises)
}

// makes is what a load accepts that needs one of some promises.
func makes(some []impls.Promise) func(impls.Impl[txns.Backend]) bool {
	return func(i impls.Impl[txns.Backend]) bool { return slices.ContainsFunc(some, i.Has) }
}

// fitting returns the loads that some store of a table runs under.
func fitting(table []impls.Impl[txns.Backend]) (fit []harness.Workload[txns.Backend]) {
	for _, l := range loads {
		takes := func(i impls.Impl[txns.Backend]) bool {
			lacks := func(p impls.Promise) bool { return !i.Has(p) }
			return !slices.ContainsFunc(l.Needs, lacks) && (l.Accepts == nil || l.Accepts(i))
		}
		if slices.ContainsFunc(table, takes) {
			fit = append(fit, l)
		}
	}
	return fit
}
