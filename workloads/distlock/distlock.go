// Package distlock loads locks between processes: one hot key, many keys, rounds of few
// clients, and faults of the holder, of its network path, of the servers, of their power
// and of their clock.
//
// Clients that play rounds ask one question at a time: what one event wakes, how long a
// lease lasts, which texts are the same key.
//
// The resource that a lock protects is a process of its own here. It sees which clients
// enter, write and leave, and in what order. The holder that a fault hits is a process,
// too. It writes until it knows that its lease has ended, and then once more.
//
// The implementation's promises say what must follow: whether another client gets the key
// during the fault and how soon, whether late writes are refused, and what restarted
// servers still know. A fault that hit no holder decides nothing. Neither does one during
// which no other client was served, nor a window in which this process itself stalled.
package distlock

import (
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

const notShared = "processes do not share a word in memory"

var about = harness.About{
	Pattern: "distributed locking", Contract: "distlock", Baseline: "lease",
	MissingKinds: map[impls.Kind]string{
		impls.Spin: notShared, impls.Atomic: notShared,
		impls.Runtime: "the standard library ships no lock between processes",
	},
	QuickShare: 7 * time.Second,
}

var loads = []harness.Workload[locks.Backend]{
	hot, manyKeys, late, wake, names, keep, blip,
	crash, pause, partition, skew, restart, power, outage, leader,
}

// All is the suite over every lock of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{Suite(slices.Concat(locks.All(), locks.Engines(), locks.Broken())...)}
}

// Suite is the suite over the locks given.
func Suite(table ...impls.Impl[locks.Backend]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, loads...))
}

// The parameters of loads without a fault.
var (
	waiters = harness.Param[int]{
		Key: "waiters", About: "clients that contend, 1 to 64", Default: 8, Valid: harness.Between(1, 64), Crowd: true,
	}
	ttlMs = harness.Param[int]{
		Key: "ttl-ms", About: "time to live of a lease, ms, 20 to 60000", Default: 10_000,
		Valid: harness.Between(20, 60_000),
	}
	lastsMs = harness.Param[int]{
		Key: "lasts-ms", About: "minimum length of a window, ms, 5 to 60000", Default: 500,
		Valid: harness.Between(5, 60_000),
	}

	common = []harness.AnyParam{waiters, load.Hold, load.Think, ttlMs, lastsMs}
)

// The parameters of faults.
var (
	faultKeys = harness.Param[int]{
		Key: "keys", About: "keys; the victim holds one of them, 1 to 64", Default: 2, Valid: harness.Between(1, 64),
	}
	faultTTLMs = harness.Param[int]{
		Key: "ttl-ms", About: "time to live of a lease, ms, 20 to 60000", Default: 300,
		Valid: harness.Between(20, 60_000),
	}
	slackMs = harness.Param[int]{
		Key: "slack-ms", About: "what a hand-over may take beyond its time, ms, 1 to 60000", Default: 1000,
		Valid: harness.Between(1, 60_000),
	}

	faultParams = []harness.AnyParam{waiters, faultKeys, load.Hold, faultTTLMs, slackMs}
)

// The points of faults.
var (
	fewClients = waiters.In(4, 8)
	shortTTL   = faultTTLMs.In(100, 150)

	faultPoints = harness.Points{
		Standard: load.Once,
		Full:     []harness.Grid{harness.Over(waiters.In(4, 16))},
		Stress:   []harness.Grid{harness.Over(fewClients, shortTTL)},
	}
)

// What faults report.
var (
	takeoverTime = harness.Metric{
		Unit: "takeover-ms", Better: harness.Lower, About: "from the fault until another client got the victim's key",
	}
	recoveryTime = harness.Metric{
		Unit: "recovery-ms", Better: harness.Lower,
		About: "from the end of the fault until a client that it hit was served again",
	}
	unavailableTime = harness.Metric{
		Unit: "unavailable-ms", Better: harness.Lower,
		About: "longest time without an acquisition, of any key, that overlaps the fault",
	}
	staleAttempted = harness.Metric{
		Unit: "stale-attempted", About: "entries and writes of clients after which another one had entered",
	}
	staleRejected = harness.Metric{
		Unit: "stale-rejected", About: "those of them that the resource refused by their token",
	}
	overlaps = harness.Metric{
		Unit: "overlaps", Better: harness.Lower, About: "entries while a client that the fault had delayed was inside",
	}

	takeoverMetrics = []harness.Metric{takeoverTime, unavailableTime, staleAttempted, staleRejected, overlaps}
	bothMetrics     = append([]harness.Metric{recoveryTime}, takeoverMetrics...)
	serviceMetrics  = []harness.Metric{unavailableTime, staleAttempted, staleRejected, overlaps}
)

// What trials run in processes of their own.
var helpers = map[string]harness.HelperFunc[locks.Backend]{
	impls.ServerEntry: serveLock, resourceEntry: serveResource, victimEntry: serveVictim,
}
