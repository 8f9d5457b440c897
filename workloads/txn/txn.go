// Package txn loads transactional stores: mixes of reads and changes over few or many hot
// records, the benchmarks YCSB, SmallBank and TPC-C, and long scans beside short changes.
//
// Every window checks what it can know of its state: sums of money, counts of commits, the
// consistency conditions of TPC-C. Histories of lists that grow say what each transaction
// saw, and so in which order all took effect: a cycle is an anomaly. What a store promises
// decides which anomalies it may show.
//
// The other loads of stress runs each probe one promise or one part of the contract: lost
// updates, write skew and range skew, reads of one state, rollbacks by every kind of end,
// each call of one worker against a map, contexts that end in waits, starvation, reads
// beside a writer, and kills after commits.
package txn

import (
	_ "embed"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/optimistic"
	"github.com/contendbench/contend/impls/txn/pessimistic"
	"github.com/contendbench/contend/workloads/load"
)

var loads = []harness.Workload[txns.Backend]{
	mix,
	listAppend,
	bank,
	ycsb,
	smallbank,
	tpccMix,
	longScan,
	longWrite,
	starve,
	loneWriter,
	counters,
	writeSkew,
	rangeSkew,
	snapshots,
	opaque,
	recent,
	rollback,
	moving,
	model,
	bounded,
	cancelled,
	readsOn,
	durable,
}

// All returns the suites over every store of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{
		Optimistic(slices.Concat(optimistic.All(), optimistic.Engines(), optimistic.Broken())...),
		Pessimistic(slices.Concat(pessimistic.All(), pessimistic.Engines(), pessimistic.Broken())...),
	}
}

const idleSpin = "a body of any length runs inside: to spin for its end takes the processor that it needs"

//go:embed guide.md.tmpl
var guide string

// Optimistic is the suite over the stores given that let conflicts happen.
func Optimistic(table ...impls.Impl[txns.Backend]) harness.Suite {
	return harness.NewSuite(harness.About{
		Pattern: "optimistic concurrency control", Contract: "txn", Name: "optimistic", Baseline: "copy-on-write",
		QuickShare: 18 * time.Second, Guide: guide,
		MissingKinds: map[impls.Kind]string{
			impls.Spin: idleSpin, impls.Channel: "it validates, and hands nothing over",
			impls.Mutex: "it does not lock what it reads", impls.Runtime: "the standard library ships no transactions",
		},
	}, harness.Under(table, served(fitting(table))...))
}

// Pessimistic is the suite over the stores given that lock.
func Pessimistic(table ...impls.Impl[txns.Backend]) harness.Suite {
	return harness.NewSuite(harness.About{
		Pattern: "pessimistic concurrency control", Contract: "txn", Name: "pessimistic", Baseline: "global",
		QuickShare: 18 * time.Second,
		MissingKinds: map[impls.Kind]string{
			impls.Spin: idleSpin, impls.Channel: "a channel of one is a mutex here",
			impls.Runtime: "the standard library ships no transactions",
		},
	}, harness.Under(table, served(fitting(table))...))
}

// The parameters of transactions.
var (
	records = harness.Param[int]{
		Key: "records", About: "records in the store, 1 to 10000000", Default: 10_000, Valid: harness.Between(1, 10_000_000),
	}
	ops = harness.Param[int]{
		Key: "ops", About: "operations of a transaction, 1 to 1000", Default: 16, Valid: harness.Between(1, 1000),
	}
	readPct = harness.Param[int]{
		Key: "read-pct", About: "operations that only read, percent", Default: 50, Valid: harness.Between(0, 100),
	}
	yields = harness.Param[int]{
		Key: "yields", About: "times that a transaction yields the processor, 0 to 1000", Default: 0,
		Valid: harness.Between(0, 1000),
	}
	workNs = harness.Param[int]{
		Key: "work-ns", About: "work inside a transaction, ns", Default: 0, Valid: harness.Between(0, 1_000_000_000),
	}
	valueBytes = harness.Param[int]{
		Key: "value-bytes", About: "size of a value, bytes, 8 to 65536; a multiple of 8", Default: 64,
		Valid: func(n int) bool { return n >= 8 && n <= 1<<16 && n%8 == 0 },
	}
	backoff = harness.Param[string]{
		Key: "backoff", About: "what a transaction does before it is run again: none, yield or exponential",
		Default: string(txns.Exponential),
		Valid: func(b string) bool {
			return b == string(txns.Immediate) || b == string(txns.Yield) || b == string(txns.Exponential)
		},
	}

	few = load.Goroutines.In(1, 2, 8)
)

// window is the least length of a measured window: several collections of what the
// transactions allocate.
const window = 15 * time.Millisecond
