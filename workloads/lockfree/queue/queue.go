// Package queue loads queues: many or one at either end, at once or in bursts, short recorded histories, and what only some promise.
// Every window checks that what was put in came out, once, and in the order in which each producer put it in.
package queue

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

var (
	producers = harness.Param[int]{Key: "producers", About: "goroutines that put in, 1 to 1000", Default: 4, Valid: harness.Between(1, 1000)}
	consumers = harness.Param[int]{Key: "consumers", About: "goroutines that take out, 1 to 1000", Default: 4, Valid: harness.Between(1, 1000)}
	capacity  = harness.Param[int]{
		Key: "capacity", About: "values that a bounded queue has room for, 2 to 1048576; some round it up to a power of two",
		Default: 1024, Valid: harness.Between(2, 1<<20),
	}
	burstLength = harness.Param[int]{Key: "burst", About: "values that a producer puts in at once, 1 to 100000", Default: 256, Valid: harness.Between(1, 100_000)}
)

type row = impls.Impl[queue.New[uint64]]

// All is the pattern over every queue of this project, the seeded bugs among them.
func All() harness.Pattern {
	pointers := append(queue.All[*payload](), queue.BrokenPointers[payload]()...)
	return Pattern(append(queue.Words(), queue.BrokenWords()...)...).
		And(harness.NewPattern(about, pointers, ofPointers...))
}

// Pattern is the pattern over the queues given.
func Pattern(table ...row) harness.Pattern {
	p := harness.NewPattern(about, table, ofWords...)
	for _, i := range table {
		p = p.And(harness.NewPattern(about, []row{i}, pairsOf(i), historyOf(i), boundedOf(i), waitsOf(i), handoverOf(i)))
	}
	return p
}

var about = harness.About{
	Pattern: "lock-free programming", Contract: "lockfree/queue", Baseline: "channel",
	Without: map[impls.Kind]string{impls.Runtime: "the standard library ships no queue for goroutines but the channel of the language"},
}

func has(p impls.Promise) func(row) bool { return func(i row) bool { return i.Has(p) } }

// many are the queues for many at both ends.
func many(i row) bool { return i.Has(impls.MultiProducer) && i.Has(impls.MultiConsumer) }

var (
	// special are the queues that quick leaves to the larger presets.
	special = []string{"flat-combining", "gnet", "workiva", "michael-scott-indexed", "channel-polled", "spin", "two-lock-ring"}
	// forMany are queues that quick does not measure again with one at each end.
	forMany = append(special, "two-lock", "michael-scott", "segmented", "lscq", "xsync-umpsc")
)

var ofWords = []harness.Workload[queue.New[uint64]]{
	{
		Name: "transfer", Op: "value", About: "n producers and m consumers, all at once", Allocates: true, Fair: true,
		Params: []harness.AnyParam{producers, consumers, capacity, load.Think}, Curve: producers, Plane: [2]harness.AnyParam{producers, consumers},
		Quick: []harness.Grid{harness.Over().Without(special...)},
		Standard: []harness.Grid{
			harness.Over(producers.In(1, 2, 4, 8), consumers.In(1, 2, 4, 8)),
			harness.Over(capacity.In(16, 65536)),
			harness.Over(producers.In(32), consumers.In(32)),
		},
		Full: []harness.Grid{
			harness.Over(producers.In(1, 2, 4, 8), consumers.In(1, 2, 4, 8), capacity.In(16, 1024)),
			harness.Over(producers.In(2, 32), consumers.In(2, 32), capacity.In(16, 1024, 65536), load.Think.In(0, 100)),
		},
		Stress:  []harness.Grid{harness.Over(producers.In(1, 2, 4, 16), consumers.In(1, 2, 4, 16), capacity.In(2, 16, 1024), load.Think.In(0, 100))},
		Accepts: many,
		Run: func(t *harness.Trial, create queue.New[uint64]) error {
			return move(t, create, producers.Of(t), consumers.Of(t))
		},
	},
	{
		Name: "fan-in", Op: "value", About: "n producers and one consumer", Allocates: true,
		Params: []harness.AnyParam{producers, capacity, load.Think}, Curve: producers,
		Standard: []harness.Grid{harness.Over(producers.In(2, 8, 32))},
		Stress:   []harness.Grid{harness.Over(producers.In(2, 4, 16), capacity.In(2, 1024))},
		Accepts:  has(impls.MultiProducer),
		Run:      func(t *harness.Trial, create queue.New[uint64]) error { return move(t, create, producers.Of(t), 1) },
	},
	{
		Name: "fan-out", Op: "value", About: "one producer and n consumers", Allocates: true,
		Params: []harness.AnyParam{consumers, capacity, load.Think}, Curve: consumers,
		Standard: []harness.Grid{harness.Over(consumers.In(2, 8, 32))},
		Stress:   []harness.Grid{harness.Over(consumers.In(2, 4, 16), capacity.In(2, 1024))},
		Accepts:  has(impls.MultiConsumer),
		Run:      func(t *harness.Trial, create queue.New[uint64]) error { return move(t, create, 1, consumers.Of(t)) },
	},
	{
		Name: "pipe", Op: "value", About: "one producer and one consumer", Allocates: true,
		Params: []harness.AnyParam{capacity, load.Think}, Curve: capacity,
		Quick:    []harness.Grid{harness.Over().Without(forMany...)},
		Standard: []harness.Grid{harness.Over(capacity.In(16, 1024, 65536))},
		Full:     []harness.Grid{harness.Over(capacity.In(2, 16, 128, 1024, 65536), load.Think.In(0, 100))},
		Stress:   []harness.Grid{harness.Over(capacity.In(2, 16, 1024), load.Think.In(0, 100))},
		Run:      func(t *harness.Trial, create queue.New[uint64]) error { return move(t, create, 1, 1) },
	},
	{
		Name: "burst", Op: "value", About: "producers take turns, and each puts in many values at once; one consumer", Allocates: true,
		Params: []harness.AnyParam{producers, burstLength, capacity, load.Think}, Curve: burstLength,
		Standard: []harness.Grid{harness.Over(burstLength.In(16, 256, 4096))},
		Stress:   []harness.Grid{harness.Over(producers.In(2, 8), burstLength.In(1, 16, 256), capacity.In(2, 1024))},
		Accepts:  has(impls.MultiProducer), Run: burst,
	},
	{
		Name: "round-trip", Op: "round trip", About: "one value goes through a queue to a partner, and back through another", Allocates: true,
		Params:   []harness.AnyParam{load.Think},
		Standard: []harness.Grid{harness.Over()},
		Stress:   []harness.Grid{harness.Over(load.Think.In(0, 1000))},
		Run:      roundTrip,
	},
	{
		Name: "unbounded", Op: "round", About: "one puts in far more than anybody has room for, and then takes it out", Allocates: true,
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.Unbounded),
		Run: func(t *harness.Trial, create queue.New[uint64]) error { return rounds(t, create, growsOnly) },
	},
}

var ofPointers = []harness.Workload[queue.New[*payload]]{{
	Name: "releases", Op: "value", About: "what goes through the queue must be garbage for the collector when it is out", Allocates: true,
	Stress:  []harness.Grid{harness.Over()},
	Accepts: func(i impls.Impl[queue.New[*payload]]) bool { return i.Has(impls.Releases) },
	Run:     releases,
}}
