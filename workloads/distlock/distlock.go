// Package distlock loads locks between processes: one hot key, many keys, and faults of the holder, of its network, of the servers and of their
// clock.
//
// What a lock protects is a process of its own here, which sees who enters, writes and leaves in which order. The holder that a fault hits is
// a process, too: it writes until it knows that its lease has ended, and once more. What must follow, the row's promises say: whether somebody else gets in
// meanwhile and how soon, whether late writes are refused, and what the servers still know when they start again. A fault that hit no holder, or during which nobody
// went on, decides nothing, and neither does a window in which this process itself stood still.
package distlock

import (
	"slices"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

var (
	waiters = harness.Param[int]{Key: "waiters", About: "clients that contend, 1 to 64", Default: 8, Valid: harness.Between(1, 64)}
	ttlMs   = harness.Param[int]{Key: "ttl-ms", About: "time to live of a lease, ms, 20 to 60000", Default: 10_000, Valid: harness.Between(20, 60_000)}
	lastsMs = harness.Param[int]{Key: "lasts-ms", About: "least length of a window, ms, 5 to 60000", Default: 500, Valid: harness.Between(5, 60_000)}
	keys    = harness.Param[int]{Key: "keys", About: "keys, 1 to 10000", Default: 100, Valid: harness.Between(1, 10_000)}
)

// The parameters of faults.
var (
	faultKeys  = harness.Param[int]{Key: "keys", About: "keys, of which the victim holds one, 1 to 64", Default: 2, Valid: harness.Between(1, 64)}
	faultTTLMs = harness.Param[int]{Key: "ttl-ms", About: "time to live of a lease, ms, 20 to 60000", Default: 300, Valid: harness.Between(20, 60_000)}
	slackMs    = harness.Param[int]{Key: "slack-ms", About: "what a hand-over may take beyond its time, ms", Default: 1000, Valid: harness.Between(1, 60_000)}
	cutOff     = harness.Param[string]{Key: "cut", About: "what stops between victim and lock: requests, replies, both; or closed", Default: "both", Valid: oneOf("requests", "replies", "both", "closed")}
	clockGoes  = harness.Param[string]{Key: "clock", About: "what the server's clock does: jump, or fast", Default: "jump", Valid: oneOf("jump", "fast")}
)

func oneOf(words ...string) func(string) bool {
	return func(word string) bool { return slices.Contains(words, word) }
}

// All is the pattern over every lock of this project, the seeded bugs among them.
func All() harness.Pattern {
	return Pattern(slices.Concat(locks.All(), locks.Engines(), locks.Broken())...)
}

// Pattern is the pattern over the locks given.
func Pattern(table ...impls.Impl[locks.Backend]) harness.Pattern {
	const shared = "a word in memory is not shared between processes"
	about := harness.About{
		Pattern: "distributed locking", Contract: "distlock", Baseline: "lease",
		Without: map[impls.Kind]string{
			impls.Spin: shared, impls.Atomic: shared,
			impls.Runtime: "the standard library ships no lock between processes",
		},
	}
	return harness.NewPattern(about, table, works...)
}

// making accepts the rows that make one of the promises.
func making(promises ...impls.Promise) func(impls.Impl[locks.Backend]) bool {
	return func(i impls.Impl[locks.Backend]) bool { return slices.ContainsFunc(promises, i.Has) }
}

var entries = map[string]harness.Entry[locks.Backend]{
	locks.Server: serveLock, resourceEntry: serveResource, victimEntry: serveVictim,
}

var (
	loads  = []harness.AnyParam{waiters, load.Hold, load.Think, ttlMs, lastsMs}
	faults = []harness.AnyParam{waiters, faultKeys, load.Hold, faultTTLMs, slackMs}

	quick = []harness.Grid{harness.Over(lastsMs.In(100)).Without("etcd-3", "nats-3", "nats-direct", "redsync-5")} // clusters take long to start
	once  = []harness.Grid{harness.Over()}
	brief = []harness.Axis{waiters.In(4, 8), faultTTLMs.In(100, 150)}
)

// faulted is a workload of one fault. What its row counts are acquisitions while it happens.
func faulted(name, about string, f fault, accepts func(impls.Impl[locks.Backend]) bool) harness.Workload[locks.Backend] {
	return harness.Workload[locks.Backend]{
		Name: name, Op: "acquisition", About: about, Allocates: true, Params: faults,
		Standard: once, Full: []harness.Grid{harness.Over(waiters.In(4, 16))}, Stress: []harness.Grid{harness.Over(brief...)},
		Accepts: accepts, Run: f.run, Entries: entries,
	}
}

// ofKinds gives a fault its kinds. They take long together, and standard has none of them.
func ofKinds(w harness.Workload[locks.Backend], kind harness.AnyParam, kinds harness.Axis) harness.Workload[locks.Backend] {
	w.Params = append(slices.Clone(w.Params), kind)
	w.Standard, w.Full = nil, []harness.Grid{harness.Over(kinds)}
	w.Stress = []harness.Grid{harness.Over(append(slices.Clone(brief), kinds)...)}
	return w
}

// longer gives a fault leases that outlast it.
func longer(w harness.Workload[locks.Backend]) harness.Workload[locks.Backend] {
	w.Standard = []harness.Grid{harness.Over(faultTTLMs.In(3000))}
	w.Stress = []harness.Grid{harness.Over(waiters.In(4, 8), faultTTLMs.In(500))}
	return w
}

var works = []harness.Workload[locks.Backend]{
	{
		Name: "hot", Op: "acquisition", About: "n clients, one key", Fair: true, Allocates: true,
		Params: loads, Curve: waiters,
		Quick: quick,
		Standard: []harness.Grid{
			harness.Over(waiters.In(1, 2, 8, 64)),
			harness.Over(load.Hold.In(100_000)),
		},
		Full:   []harness.Grid{harness.Over(waiters.In(1, 2, 4, 8, 16, 64), load.Hold.In(0, 100_000), lastsMs.In(1000))},
		Stress: []harness.Grid{harness.Over(waiters.In(2, 8, 32), load.Hold.In(0, 10_000), lastsMs.In(20))},
		Run:    hot, Entries: entries,
	},
	{
		Name: "keys", Op: "acquisition", About: "n clients, many keys, some more wanted than others", Allocates: true,
		Params: append(slices.Clone(loads), keys, load.Theta), Curve: waiters,
		Quick: quick,
		Standard: []harness.Grid{
			harness.Over(waiters.In(1, 8, 64)),
			harness.Over(load.Theta.In(0), keys.In(10_000)),
		},
		Full:   []harness.Grid{harness.Over(waiters.In(1, 8, 64), keys.In(2, 100, 10_000), load.Theta.In(0, 0.9), lastsMs.In(1000))},
		Stress: []harness.Grid{harness.Over(waiters.In(8, 32), keys.In(2, 10), lastsMs.In(20))},
		Run:    many, Entries: entries,
	},
	{
		Name: "late", Op: "acquisition", About: "each lease is released again when its client holds the key by the next one", Allocates: true,
		Params: loads,
		Stress: []harness.Grid{harness.Over(waiters.In(2, 8), lastsMs.In(20))},
		Run:    late, Entries: entries,
	},
	faulted("crash", "the process that holds the key is killed", fault{play: crash, long: true}, making(impls.Expires, impls.Released)),
	faulted("pause", "the process that holds the key stands still for longer than its time, and goes on", fault{play: pause}, making(impls.Expires, impls.Released)),
	ofKinds(
		faulted("partition", "the holder's way to the lock is cut, and heals", fault{play: partition, cut: true}, making(impls.Expires)),
		cutOff, cutOff.In("requests", "replies", "both", "closed"),
	),
	ofKinds(
		faulted("skew", "the server's clock jumps ahead or runs fast", fault{play: skew}, func(i impls.Impl[locks.Backend]) bool { return i.New.Skew != nil }),
		clockGoes, clockGoes.In("jump", "fast"),
	),
	longer(faulted("restart", "all servers are killed and start again, and the holder lives", fault{play: restart}, making(impls.Durable))),
	faulted("outage", "all servers are gone for longer than the holder's time", fault{play: outage, forgets: true}, making(impls.Expires)),
	faulted("leader", "the server that serves writes, of several, is killed", fault{play: leader}, making(impls.Survives)),
}
