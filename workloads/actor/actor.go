// Package actor loads actor systems: the programs of Savina, one-way messages and round
// trips against a plain channel, crashes under load, and the memory of idle actors.
//
// Every program of Savina is checked by its result. Other checks look at each message:
// those of a sender come in order, each at most once, one at a time, and what was taken
// was handled or is a dead letter. Rounds with one event look for lost wake-ups.
package actor

import (
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

var about = harness.About{
	Pattern: "actor model", Contract: "actor", Baseline: "channel",
	MissingKinds: map[impls.Kind]string{
		impls.Spin: "an idle actor must not take a processor", impls.Runtime: "the standard library ships no actors",
		impls.Control: "the plain channel shows what a mailbox costs",
	},
	QuickShare: 12 * time.Second,
}

// programs are those of Savina: micro, concurrency, parallel.
var programs = []program{
	pingPong, counting, throughput, creation, ring, chameneos, big,
	dictionary, sortedList, boundedBuffer, philosophers, barber, smokers, logistic, bank,
	fib, nQueens, quickSort, radixSort, sieve, uct,
}

var loads = []harness.Workload[actors.New]{
	idle,
	crash,
	asking,
	lives,
	stops,
	selfStop,
	chain,
	full,
	timeouts,
	wake,
	supervise,
	storm,
	traces,
}

// inboxLoads need no more of an actor than its mailbox.
var inboxLoads = []harness.Workload[newInbox]{
	fanIn,
	roundTrip,
}

// remoteLoads have actors in another process.
var remoteLoads = []harness.Workload[actors.Backend]{
	remotePingPong,
	remoteCut,
}

// All is the suite over every actor system of this project, the seeded bugs among them.
func All() []harness.Suite {
	parts := local(append(actors.All(), actors.Broken()...), plainChannel)
	return []harness.Suite{harness.NewSuite(about, append(parts, harness.Under(actors.Remotes(), remoteLoads...))...)}
}

// Suite is the suite over the actor systems given.
func Suite(table ...impls.Impl[actors.New]) harness.Suite {
	return harness.NewSuite(about, local(table)...)
}

// Remote is the suite over the ways given to reach actors of other processes.
func Remote(table ...impls.Impl[actors.Backend]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, remoteLoads...))
}

// local are the parts of a suite whose actors are in one process. What is beside them is no
// actor system: is a mailbox worth it against a channel?
func local(table []impls.Impl[actors.New], beside ...impls.Impl[newInbox]) []harness.Part {
	all := slices.Clone(loads)
	for _, p := range programs {
		all = append(all, p.workload())
	}
	return []harness.Part{harness.Under(table, all...), harness.Under(append(beside, inboxes(table)...), inboxLoads...)}
}

var (
	dispatchers = harness.Param[int]{
		Key: "dispatchers", About: "goroutines that run the actors, 0 to 1024; 0: one for each processor", Default: 0,
		Valid: harness.Between(0, 1024),
	}

	fewDispatchers = dispatchers.In(0, 1, 2, 3, 8)
	few            = load.Goroutines.In(1, 2, 3, 8)
	crowd          = harness.Within(load.Goroutines, 9, 1200)
)
