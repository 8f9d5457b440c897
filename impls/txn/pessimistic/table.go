// Package pessimistic holds stores whose transactions lock what they read and change, so
// that conflicts wait or are refused before they happen.
package pessimistic

import (
	"slices"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// What stores promise whose transactions hold all locks to their end.
var (
	strict   = []impls.Promise{txn.StrictSerializable, txn.Opaque}
	oneByOne = with(strict, txn.RunsOnce, impls.StarvationFree)
)

func with(promises []impls.Promise, more ...impls.Promise) []impls.Promise {
	return slices.Concat(promises, more)
}

// All returns every pessimistic store.
func All() []impls.Impl[txn.Backend] {
	return []impls.Impl[txn.Backend]{
		impls.Headline(impls.New("global", impls.Mutex, "Gray and Reuter 1992, §7.2",
			txn.InMemory(func(txn.Options) txn.Store { return NewGlobal() }), oneByOne...)),
		impls.New("global-rw", impls.Mutex, "Courtois, Heymans and Parnas 1971",
			txn.InMemory(func(txn.Options) txn.Store { return NewGlobalRW() }), oneByOne...),
		impls.Headline(twoPhase("no-wait", "Bernstein and Goodman 1981, §3.5", func() rules { return NoWait{} })),
		impls.Headline(twoPhase("wait-die", rosenkrantz, func() rules { return WaitDie{} }, impls.StarvationFree)),
		twoPhase("wound-wait", rosenkrantz, func() rules { return WoundWait{} }, impls.StarvationFree),
		twoPhase("deadlock-detection", "Gray 1978, §5.7",
			func() rules { return new(DeadlockDetection) }, impls.StarvationFree),
		impls.New("ordered", impls.Mutex, "Thomson and others 2012, §3.2.1",
			txn.InMemory(func(o txn.Options) txn.Store { return NewOrdered(o) }), txn.StrictSerializable, impls.StarvationFree),
		impls.New("sharded", impls.Mutex, "Havender 1968, approach 3",
			txn.InMemory(func(o txn.Options) txn.Store { return NewSharded(o) }), with(strict, impls.StarvationFree)...),
		impls.New("bbolt", impls.Library, boltSource, newBolt(true),
			with(oneByOne, txn.ReadsOn, txn.Durable)...),
		impls.New("bbolt-nosync", impls.Library, boltSource, newBolt(false), with(oneByOne, txn.ReadsOn)...),
	}
}

const (
	rosenkrantz = "Rosenkrantz, Stearns and Lewis 1978, wait-die and wound-wait"
	boltSource  = "go.etcd.io/bbolt v1.5.0"
)

func twoPhase(name, source string, r func() rules, more ...impls.Promise) impls.Impl[txn.Backend] {
	open := func(o txn.Options) txn.Store { return newTwoPhase(o, r()) }
	return impls.New(name, impls.Mutex, source, txn.InMemory(open),
		with(with(strict, impls.Cancellable), more...)...)
}
