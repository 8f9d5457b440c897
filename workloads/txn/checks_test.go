package txn

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/results"
)

// labSuite is the suite of a lab.
func labSuite(f flaw, oneAtATime bool, promised ...impls.Promise) harness.Suite {
	open := func(o txns.Options) txns.Store { return newLab(o, f, oneAtATime) }
	return Optimistic(impls.New("lab", impls.Mutex, "here", txns.InMemory(open), promised...))
}

// stressed stresses a suite's first store under a load.
func stressed(t *testing.T, s harness.Suite, load string, each time.Duration) error {
	t.Helper()
	spec := harness.DefaultSpec(results.Cell{Contract: s.Contract, Work: load, Impl: s.Impls[0].Name, Procs: 2})
	spec.Seed, spec.Stress, spec.Grace = 1, each, time.Second
	_, err := harness.Stress(t.Context(), []harness.Suite{s}, spec)
	return err
}

// findTime is enough for each flaw on a busy machine.
const findTime = 10 * time.Second

// passTime is for each load that must find nothing.
const passTime = 300 * time.Millisecond

// hangs is the complaint of the watchdog.
const hangs = "have not returned"

// Each check sees what it is for.
func TestChecksFindWhatTheyShould(t *testing.T) {
	for _, c := range found {
		for load, complaint := range c.finds {
			t.Run(c.name+"/"+load, func(t *testing.T) {
				err := stressed(t, labSuite(c.flaw, c.oneAtATime, c.promises...), load, findTime)
				if err == nil || !strings.Contains(err.Error(), complaint) {
					t.Errorf("got %v, want an error with %q", err, complaint)
				}
			})
		}
	}
}

var (
	strict   = []impls.Promise{txns.StrictSerializable, txns.Opaque, txns.ReadsOn}
	snapshot = []impls.Promise{txns.Snapshot, txns.Opaque, txns.ReadsOn}
	items    = []impls.Promise{txns.ItemSerializable}
	locking  = []impls.Promise{
		txns.StrictSerializable, txns.RunsOnce, impls.Cancellable, impls.StarvationFree, txns.ReadsOn,
	}
)

var found = []struct {
	name       string
	flaw       flaw
	oneAtATime bool
	promises   []impls.Promise
	finds      map[string]string // complaint by load
}{
	{"loses a commit", losesCommit, false, strict, map[string]string{
		"list-append": "",
		"mix":         "add up", "ycsb": "", "smallbank": "but", "tpcc": "but", "long-write": "add up", "counters": "add up",
	}},
	{"halves a commit", halves, false, strict, map[string]string{
		"bank": "in all accounts", "smallbank": "but", "tpcc": "consistency condition", "long-scan": "adds up to",
		"snapshot": "equal",
		"opaque":   "equal",
	}},
	{"tears a value", tears, false, strict, map[string]string{"mix": "torn", "ycsb": "torn"}},
	{"swaps values", swaps, false, strict, map[string]string{"list-append": "", "ycsb": "as that of"}},
	{"skips a key", skipsKey, false, strict, map[string]string{
		"ycsb": "left", "bank": "accounts", "long-scan": "always there", "snapshot": "scan saw",
	}},
	{"validates nothing", unvalidated, false, strict, map[string]string{
		"list-append": "lost-update",
		"mix":         "add up", "bank": "", "ycsb": "read-modify-writes", "smallbank": "", "tpcc": "", "counters": "add up",
		"write-skew": "write skew", "range-skew": "range skew",
	}},
	{"is of snapshots", writesOnly, false, strict, map[string]string{
		"list-append": "G2",
		"smallbank":   "write skew", "write-skew": "write skew", "range-skew": "range skew",
	}},
	{"validates no ranges", itemsOnly, false, strict, map[string]string{"list-append": "G2", "range-skew": "range skew"}},
	{"reads the latest", readsLatest, false, strict, map[string]string{
		"list-append": "G",
		"snapshot":    "equal", "opaque": "equal", "tpcc": "consistency condition",
	}},
	{"runs a body twice", runsTwice, true, locking, map[string]string{"counters": "want once"}},
	{"keeps what was refused", keepsRefused, false, strict, map[string]string{
		"list-append": "G1a", "rollback": "never committed", "bank": "in all accounts",
	}},
	{"keeps what panicked", keepsPanicked, false, strict, map[string]string{"rollback": "never committed"}},
	{"keeps what was cancelled", keepsCancelled, true, locking, map[string]string{"rollback": "the end of its context"}},
	{"shows early", showsEarly, false, strict, map[string]string{
		"list-append": "G", "rollback": "never committed", "reads-on": "has not ended",
	}},
	{"is stale", stale, false, strict, map[string]string{"list-append": "realtime", "recent": "a transaction read"}},
	{"stays open", staysOpen, false, strict, map[string]string{"rollback": "want ErrEnded"}},
	{"has Views wait", viewsWait, true, locking, map[string]string{"reads-on": hangs}},
	{"does not hear", deaf, true, locking, map[string]string{"cancelled": hangs}},
	{"leaves a lock", leavesTurn, true, locking, map[string]string{"cancelled": hangs}},
	{"forgets to delete", forgetsDelete, false, strict, map[string]string{"moving": "a View saw"}},
	{"tries too often", triesOften, false, strict, map[string]string{"bounded": "at most"}},
	{"forgets stopped scans", forgetsStopped, false, strict, map[string]string{"list-append": "G"}},
	{"forgets the last record", forgetsLast, false, strict, map[string]string{"range-skew": "range skew"}},
	{"tries too rarely", triesLess, false, strict, map[string]string{"bounded": "gave up after"}},
	{"keeps what is doomed", keepsDoomed, false, strict, map[string]string{"list-append": "although a call"}},
	{"misses wrapped conflicts", missesWrapped, false, strict, map[string]string{"list-append": "nothing forbids"}},
	{"returns a conflict", returnsConflict, false, strict, map[string]string{"bounded": "want ErrAborted"}},
	{"starves", starvesLong, false, append(strict[:3:3], impls.StarvationFree), map[string]string{
		"long-write": "starved", "starve": "starved",
	}},
}

// Each promise that a store can make is probed by some load.
func TestEveryPromiseHasAProbe(t *testing.T) {
	promises := append(txns.Levels[:len(txns.Levels):len(txns.Levels)],
		txns.Opaque, txns.RunsOnce, txns.Durable, txns.ReadsOn, impls.Cancellable, impls.StarvationFree)
	for _, p := range promises {
		probes := func(l harness.Workload[txns.Backend]) bool { return slices.Contains(l.Probes, p) }
		if !slices.ContainsFunc(loads, probes) {
			t.Errorf("%s: got no load that probes it, want one", p)
		}
	}
}

// Each load that a preset measures has a result with its metrics at its defaults.
func TestMeasured(t *testing.T) {
	s := labSuite(none, false, strict...)
	for _, l := range s.LoadsOf("lab") {
		if !l.Measured() {
			continue
		}
		spec := harness.DefaultSpec(results.Cell{Contract: s.Contract, Work: l.Name, Impl: "lab", Procs: 2})
		spec.Windows, spec.Latency, spec.Fairness, spec.Length, spec.NoProbe = 2, 1, 0, 20*time.Millisecond, true
		got, err := harness.Execute(t.Context(), []harness.Suite{s}, spec)
		if err != nil {
			t.Errorf("%s: got %v, want none", l.Name, err)
			continue
		}
		if _, ok := got.Values[abortPct.Unit]; !ok {
			t.Errorf("%s: got metrics %v, want %s among them", l.Name, got.Values, abortPct.Unit)
		}
	}
}

// What is right passes: a store that validates all, and one that runs transactions one at
// a time. So does one of snapshots that promises no more, and one that validates no ranges.
func TestChecksPassWhatIsRight(t *testing.T) {
	for _, c := range []struct {
		name string
		s    harness.Suite
	}{
		{"validates", labSuite(none, false, strict...)},
		{"locks", labSuite(none, true, locking...)},
		{"is of snapshots", labSuite(writesOnly, false, snapshot...)},
		{"validates items", labSuite(itemsOnly, false, items...)},
		{"validates nothing", labSuite(unvalidated, false, txns.ReadCommitted)},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, l := range c.s.LoadsOf("lab") {
				if err := stressed(t, c.s, l.Name, passTime); err != nil {
					t.Errorf("%s: got %v, want none", l.Name, err)
				}
			}
		})
	}
}
