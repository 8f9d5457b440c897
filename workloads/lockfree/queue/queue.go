// Package queue loads queues: one or many goroutines at either end, all at once or in
// bursts, and round trips between two. It also plays short histories and short lives, and
// probes what only some queues promise. Every window that moves values checks that each
// came out once, and in the order in which its producer put it in.
package queue

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
)

var about = harness.About{
	Pattern: "lock-free programming", Contract: "lockfree/queue", Baseline: "channel", QuickShare: 9 * time.Second,
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
		model,
		lives,
		wake,
		longWait,
	}
	pointerLoads = []harness.Workload[queues.New[*Payload]]{
		releases,
		shortReleases,
	}
	valueLoads = []harness.Workload[queues.New[any]]{
		values,
	}
)

// All is the suite over every queue of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{Tables{
		Words:    append(queues.OfWords(), queues.BrokenOfWords()...),
		Pointers: append(queues.All[*Payload](), queues.BrokenOfPointers[Payload]()...),
		Values:   append(queues.All[any](), queues.BrokenOfValues()...),
	}.Suite()}
}

// Tables are queues by the type of their values. The same name in several tables is the
// same queue. A queue for values of any type belongs in all of them.
type Tables struct {
	Words    []impls.Impl[queues.New[uint64]]
	Pointers []impls.Impl[queues.New[*Payload]] // for what a queue keeps reachable
	Values   []impls.Impl[queues.New[any]]      // for nil and other values that a queue may take for none
}

// Suite is the suite over the tables. It has no loads for a table that is empty.
func (t Tables) Suite() harness.Suite {
	parts := []harness.Part{harness.Under(t.Words, wordLoads...)}
	if len(t.Pointers) > 0 {
		parts = append(parts, harness.Under(t.Pointers, pointerLoads...))
	}
	if len(t.Values) > 0 {
		parts = append(parts, harness.Under(t.Values, valueLoads...))
	}
	return harness.NewSuite(about, parts...)
}

// Suite is the suite over queues of words.
func Suite(table ...impls.Impl[queues.New[uint64]]) harness.Suite {
	return Tables{Words: table}.Suite()
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
		About:   "values that a bounded queue has room for, 1 to 1048576; some round it up to a power of two",
		Default: 1024, Valid: harness.Between(1, 1<<20),
	}
)

// lengths are the capacities that stress runs draw: those of short rings, of long ones,
// and many that are no power of two.
var lengths = harness.Within(capacity, 1, 5000)

// bothEnds are the promises of a queue for many goroutines at both ends.
var bothEnds = []impls.Promise{queues.MultiProducer, queues.MultiConsumer}

const (
	// room is the smallest capacity of a queue here: it is often full.
	room = 2
	// places is the capacity of a queue that ignores it.
	places = 8
)
