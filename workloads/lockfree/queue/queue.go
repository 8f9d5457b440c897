// Package queue loads queues: one or many goroutines at either end, all at once or in
// bursts, and round trips between two. It also plays short histories, and probes what
// only some queues promise. Every window that moves values checks that each came out
// once, and in the order in which its producer put it in.
package queue

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
)

var about = harness.About{
	Pattern: "lock-free programming", Contract: "lockfree/queue", Baseline: "channel", QuickShare: 10 * time.Second,
	MissingKinds: map[impls.Kind]string{
		impls.Runtime: "the standard library has no queue for goroutines; channels belong to the language",
	},
}

var (
	wordLoads = []harness.Workload[queues.New[uint64]]{
		transfer,
		fanIn,
		fanOut,
		pipe,
		burst,
		roundTrip,
		pairs,
		histories,
		bounded,
		unbounded,
		waits,
		handover,
	}
	pointerLoads = []harness.Workload[queues.New[*payload]]{
		releases,
	}
)

// All is the suite over every queue of this project, the seeded bugs among them.
func All() []harness.Suite {
	words := append(queues.OfWords(), queues.BrokenOfWords()...)
	pointers := append(queues.All[*payload](), queues.BrokenOfPointers[payload]()...)
	return []harness.Suite{
		harness.NewSuite(about, harness.Under(words, wordLoads...), harness.Under(pointers, pointerLoads...)),
	}
}

// Suite is the suite over the queues given.
func Suite(table ...impls.Impl[queues.New[uint64]]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, wordLoads...))
}

var (
	producers = harness.Param[int]{
		Key: "producers", About: "goroutines that put in, 1 to 1000", Default: 4,
		Valid: harness.Between(1, 1000), Crowd: true,
	}
	consumers = harness.Param[int]{
		Key: "consumers", About: "goroutines that take out, 1 to 1000", Default: 4,
		Valid: harness.Between(1, 1000), Crowd: true,
	}
	capacity = harness.Param[int]{
		Key:     "capacity",
		About:   "values that a bounded queue has room for, 2 to 1048576; some round it up to a power of two",
		Default: 1024, Valid: harness.Between(2, 1<<20),
	}
)

// bothEnds are the promises of a queue for many goroutines at both ends.
var bothEnds = []impls.Promise{queues.MultiProducer, queues.MultiConsumer}

const (
	// room is the smallest capacity of a queue here: it is often full.
	room = 2
	// places is the capacity of a queue that one goroutine fills.
	places = 8
)
