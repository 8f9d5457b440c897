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
		impls.Headline(twoPhase("no-wait", "Bernstein and Goodman 1981, §3.5", func() rules { return NoWait{} })),
		twoPhase("wait-die", rosenkrantz, func() rules { return WaitDie{} }, impls.StarvationFree),
		impls.Headline(twoPhase("wound-wait", rosenkrantz, func() rules { return WoundWait{} }, impls.StarvationFree)),
		impls.Headline(twoPhase("deadlock-detection", "Gray 1978, §5.7.4",
			func() rules { return new(DeadlockDetection) }, impls.StarvationFree)),
		impls.New("ordered", impls.Mutex, "Thomson and others 2012, §3.2.1",
			txn.InMemory(func(o txn.Options) txn.Store { return NewOrdered(o) }), txn.StrictSerializable, impls.StarvationFree),
		impls.Headline(impls.New("sharded", impls.Mutex, "Havender 1968, approach 3",
			txn.InMemory(func(o txn.Options) txn.Store { return NewSharded(o) }), append(strict, impls.StarvationFree)...)),
	}
}

const rosenkrantz = "Rosenkrantz, Stearns and Lewis 1978, §5"

func twoPhase(name, source string, r func() rules, more ...impls.Promise) impls.Impl[txn.Backend] {
	open := func(o txn.Options) txn.Store { return newTwoPhase(o, r()) }
	return impls.New(name, impls.Mutex, source, txn.InMemory(open),
		append([]impls.Promise{txn.StrictSerializable, txn.Opaque, impls.Cancellable}, more...)...)
}
