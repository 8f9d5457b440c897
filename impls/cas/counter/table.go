package counter

import "github.com/contendbench/contend/impls"

// All returns every counter, and the control that does not synchronize.
func All() []impls.Impl[New] {
	return []impls.Impl[New]{
		impls.Headline(impls.New("fetch-and-add", impls.Runtime, "sync/atomic.Int64",
			func() Counter { return new(FetchAndAdd) }, impls.Linearizable, Resettable, impls.ZeroValue)),
		impls.Headline(impls.New("cas-loop", impls.Atomic, "Herlihy 1991, §3.2",
			func() Counter { return new(CASLoop) }, impls.Linearizable, Resettable, impls.ZeroValue)),
		impls.New("cas-backoff", impls.Atomic, "Dice, Hendler and Mirsky 2013, §2",
			func() Counter { return new(CASBackoff) }, impls.Linearizable, Resettable, impls.ZeroValue),
		impls.New("mutex", impls.Mutex, "sync.Mutex",
			func() Counter { return new(Mutex) }, impls.Linearizable, Resettable, impls.ZeroValue),
		impls.UpTo(SumBits, 62, impls.New("spin", impls.Spin, "Rudolph and Segall 1984, §5",
			func() Counter { return new(Spin) }, impls.Linearizable, Resettable, impls.ZeroValue)),
		impls.New("channel", impls.Channel, "Hoare 1978, §5",
			func() Counter { return NewChannel() }, impls.Linearizable, Resettable),
		impls.Headline(impls.New("sharded", impls.Atomic, "Fich, Luchangco, Moir and Shavit 2005, §1",
			func() Counter { return NewSharded() }, Resettable)),
		impls.New("unpadded", impls.Atomic, "Bolosky and Scott 1993", func() Counter { return NewUnpadded() }),
		impls.Headline(impls.New("long-adder", impls.Atomic, "Lea 2011, LongAdder",
			func() Counter { return NewLongAdder() }, Resettable)),
		impls.New("batched", impls.Atomic, "Boyd-Wickizer et al. 2010, §4.3",
			func() Counter { return new(Batched) }, impls.ZeroValue),
		impls.Headline(impls.Formerly("xsync", impls.New("xsync-counter", impls.Library,
			"github.com/puzpuzpuz/xsync/v4 v4.5.0, Counter", func() Counter { return NewXsync() }))),
		impls.Formerly("uber", impls.New("uber-atomic", impls.Library, "go.uber.org/atomic v1.12.0, Int64",
			func() Counter { return new(Uber) }, impls.Linearizable, Resettable, impls.ZeroValue)),
		impls.UpTo(SumBits, 53, impls.Formerly("prometheus", impls.New("prometheus-counter", impls.Library,
			"github.com/prometheus/client_golang v1.25.0, Counter", func() Counter { return NewPrometheus() }))),
		impls.NewControl("no synchronization", func() Counter { return new(None) }),
	}
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[New] {
	return impls.Seed(
		All(),
		impls.Bug[New]{
			Name: "load-store", Twin: "cas-loop",
			Flaw: "loads, then stores",
			New:  func() Counter { return new(loadStore) },
		},
		impls.Bug[New]{
			Name: "hoisted-load", Twin: "cas-loop",
			Flaw: "adds to what it read before the loop",
			New:  func() Counter { return new(hoisted) },
		},
		impls.Bug[New]{
			Name: "reset-store", Twin: "fetch-and-add",
			Flaw: "Reset loads, then stores 0",
			New:  func() Counter { return new(resetStore) },
		},
		impls.Bug[New]{
			Name: "copied-sums", Twin: "long-adder",
			Flaw: "growing copies sums while other goroutines can still add to the old ones",
			New:  func() Counter { c := new(copiedSums); c.init(); return c },
		},
		impls.Bug[New]{
			Name: "sum-32bit", Twin: "fetch-and-add",
			Flaw: "its sum has 32 bits",
			New:  func() Counter { return new(sum32Bit) },
		},
		impls.Bug[New]{
			Name: "sum-float", Twin: "cas-loop",
			Flaw: "its sum is a float64",
			New:  func() Counter { return new(sumFloat) },
		},
		impls.Bug[New]{
			Name: "reset-in-two", Twin: "mutex",
			Flaw: "Reset reads the sum and subtracts it in two steps",
			New:  func() Counter { return new(resetInTwo) },
		},
		impls.Bug[New]{
			Name: "from-one", Twin: "cas-loop",
			Flaw: "its zero value does not add",
			New:  newFromOne,
		},
	)
}
