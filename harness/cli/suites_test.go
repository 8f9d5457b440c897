package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/mutex"
)

var (
	commits = harness.Metric{Unit: "commits/s", Better: results.Higher, About: "transactions that committed, per second"}
	clients = harness.Param[int]{Key: "clients", About: "clients", Default: 2, Crowd: true}
)

// stores returns two patterns of one contract with the same load, and a third suite. The
// third has a promise, its own baseline, and an implementation with a name that another
// suite has too.
func stores() []harness.Suite {
	suite := func(about harness.About, promises []impls.Promise, names ...string) harness.Suite {
		var table []impls.Impl[string]
		for _, n := range names {
			table = append(table, impls.Headline(impls.New(n, impls.Mutex, "a test", n, promises...)))
		}
		load := "bank"
		if about.Name == "log" {
			load = "append"
		}
		about.Contract = "txn"
		return harness.NewSuite(about, harness.Under(table, harness.Workload[string]{
			Load: harness.Load{
				Name: load, Turn: "commit", Params: []harness.AnyParam{clients},
				Metrics: []harness.Metric{commits}, Ranks: commits, WantsFairness: true,
				Points: harness.Points{Quick: []harness.Grid{harness.Over()}},
			},
			Run: commit,
		}), harness.Asked(table, crowded))
	}
	durable := impls.Promise{Name: "durable", Meaning: "keeps what was committed"}
	return []harness.Suite{
		suite(harness.About{
			Pattern: "optimistic concurrency control", Name: "optimistic", Baseline: "silo",
		}, nil, "silo", "tictoc"),
		suite(harness.About{
			Pattern: "pessimistic concurrency control", Name: "pessimistic", Baseline: "wound-wait",
		}, nil, "wound-wait"),
		suite(harness.About{
			Pattern: "log", Name: "log", Baseline: "tictoc",
		}, []impls.Promise{durable}, "tictoc", "wal"),
	}
}

func commit(t *harness.Trial, name string) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("client", clients.Of(t), func(w *harness.Worker) {
			for w.Next() {
				w.Spin(100)
			}
		})
		w.Check(func() error {
			w.Set(commits, float64(len(name)))
			return nil
		})
		return nil
	})
}

func ofStores(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if status := execute(context.Background(), stores(), args, &out, &errOut); status != fine {
		t.Fatalf("%v: got status %d, want 0\n%s%s", args, status, out.String(), errOut.String())
	}
	return out.String()
}

// Two patterns of one contract are both listed, and have a line each in the README's
// table. Implementations are counted by suite, because two suites may have one of the
// same name.
func TestEverySuiteIsListed(t *testing.T) {
	table := ofStores(t, "list", "--markdown")
	for _, want := range []string{
		"| optimistic concurrency control | `impls/txn/optimistic` | 2 |",
		"| pessimistic concurrency control | `impls/txn/pessimistic` | 1 |",
		"| log | `impls/txn/log` | 2 |",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("got a table without %q:\n%s", want, table)
		}
	}
	var list []listed
	if err := json.Unmarshal([]byte(ofStores(t, "list", "--json")), &list); err != nil {
		t.Fatalf("list --json: got error %v, want none", err)
	}
	promises := map[string][]string{}
	for _, l := range list {
		promises[l.Suite+"/"+l.Impl] = l.Promises
	}
	if len(list) != 5 || len(promises["log/tictoc"]) != 1 || len(promises["optimistic/tictoc"]) != 0 {
		t.Errorf("got %v, want 5 implementations, and a promise of tictoc only in suite log", promises)
	}
}

// Both patterns are selected by name and are compared at one point. Every suite has its
// own baseline, with an A/A certificate, and its own promises. The workload says what its
// verdicts rank by.
func TestEverySuiteIsMeasured(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	info := ofRun(t, dir)
	baselines := map[string]string{}
	for _, w := range info.Works {
		baselines[w.Suite] = w.Baseline
		if w.Ranks != "commits/s" || len(w.Metrics) != 1 || !slices.Equal(w.Crowd, []string{"clients"}) {
			t.Errorf("got %+v, want a load that ranks by commits/s and counts clients", w)
		}
	}
	if baselines["optimistic"] != "silo" || baselines["pessimistic"] != "wound-wait" || baselines["log"] != "tictoc" {
		t.Errorf("got baselines %v, want silo, wound-wait and tictoc", baselines)
	}
	run, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var certified []string
	for _, c := range results.Certificates(run, results.Options{}) {
		certified = append(certified, c.Baseline)
	}
	if want := []string{"silo", "wound-wait", "tictoc"}; !slices.Equal(certified, want) {
		t.Errorf("got certificates of %q, want %q", certified, want)
	}
	for point, base := range run.Baselines() { // whatever came first in the journal
		if strings.Contains(point, "bank") && base != "silo" {
			t.Errorf("%s: got baseline %s, want that of the first suite, silo", point, base)
		}
	}
	fair := 0
	for _, trial := range run.Trials {
		if _, ok := trial.Values["jain"]; ok {
			fair++
		}
	}
	if fair == 0 {
		t.Error("got no fairness window, want one for each cell")
	}
	for _, v := range results.Verdicts(run, results.Options{}) {
		if v.Work == "bank" && (v.Unit != "commits/s" || v.Rows[0].Impl != "wound-wait") {
			t.Errorf("got %s first by %s, want wound-wait by commits/s", v.Rows[0].Impl, v.Unit)
		}
	}
	for _, pattern := range []string{"optimistic", "txn"} {
		if out := ofStores(t, "advise", pattern, "--run", dir); !strings.Contains(out, "work=bank") {
			t.Errorf("advise %s: got no point of bank, want at least 1 in\n%s", pattern, out)
		}
	}
	both := ofStores(t, "advise", "txn", "--run", dir)
	for _, want := range []string{"point of optimistic: Txn/work=bank", "point of pessimistic: Txn/work=bank"} {
		if !strings.Contains(both, want) {
			t.Errorf("advise txn: got no %q in\n%s", want, both)
		}
	}
	if out := ofStores(t, "advise", "pessimistic", "--run", dir); strings.Contains(out, "silo") {
		t.Errorf("advise pessimistic: got an optimistic implementation in\n%s", out)
	}
	if out := ofStores(t, "advise", "txn", "--run", dir); !strings.Contains(out, "work=append") {
		t.Errorf("advise txn: got no point of append, want at least 1 in\n%s", out)
	}
}

func ofRun(t *testing.T, dir string) results.Info {
	t.Helper()
	ofStores(t, "run", "optimistic", "pessimistic", "log", "--rounds", "8", "--out", dir)
	run, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run.Info
}

// A dry run says what would be measured and how long it takes, and measures nothing.
func TestDryRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	out := ofStores(t, "run", "--dry-run", "--out", dir)
	for _, want := range []string{"txn/optimistic", "txn/pessimistic", "txn/log", "EXPECTED"} {
		if !strings.Contains(out, want) {
			t.Errorf("got no %q, want it in\n%s", want, out)
		}
	}
	if _, err := results.Open(dir); err == nil {
		t.Error("got a run's folder, want none")
	}
}

// A table without this project's baseline has one of its own.
func TestATableOfOnesOwn(t *testing.T) {
	mine := impls.New("mine", impls.Runtime, "here", func() sync.Locker { return new(sync.Mutex) })
	suite := mutex.Suite(mine)
	for _, l := range suite.Loads {
		if len(suite.LoadsOf("mine")) == 0 || l.Name == "counter" && l.Baseline != "mine" {
			t.Errorf("load %s: got baseline %q, want mine", l.Name, l.Baseline)
		}
	}
	var out, errOut bytes.Buffer
	args := []string{"list"}
	if status := execute(context.Background(), []harness.Suite{suite}, args, &out, &errOut); status != fine {
		t.Errorf("got status %d, want 0: %s", status, errOut.String())
	}
}
