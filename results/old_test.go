package results

import (
	"slices"
	"testing"
)

// testdata/old was written before run.json had suites, metrics and a baseline for each
// workload.
func TestOldRunsAreStillRead(t *testing.T) {
	run, err := Open("testdata/old")
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Trials) != 12 || len(run.Problems) != 0 || len(run.Info.Works) != 2 || len(run.Info.Impls) != 3 {
		t.Fatalf("got %d trials, problems %v, %d workloads and %d implementations, want 12, none, 2 and 3",
			len(run.Trials), run.Problems, len(run.Info.Works), len(run.Info.Impls))
	}
	if run.Info.Suites != nil {
		t.Errorf("suites: got %v, want none", run.Info.Suites)
	}
	for _, w := range run.Info.Works {
		if w.Suite != "" || w.Baseline != "" || w.Ranks != "" || w.Metrics != nil || w.Crowd != nil {
			t.Errorf("%s: got %+v, want suite, baseline, rank, metrics and crowd empty", w.Name, w)
		}
	}
	if i, ok := run.Info.Impl(run.Trials[1].Cell); !ok || i.Name != "fetch-and-add" || i.Suite != "" {
		t.Errorf("implementation of %s: got %+v, %v, want fetch-and-add", run.Trials[1].Name(), i, ok)
	}
	checkOldVerdicts(t, run)
}

func checkOldVerdicts(t *testing.T, run *Run) {
	t.Helper()
	var points []string
	for _, v := range Verdicts(run, Options{}) {
		points = append(points, v.Work+" by "+v.Unit)
	}
	if want := []string{"count by ns/op", "record by ns/op"}; !slices.Equal(points, want) {
		t.Errorf("verdicts: got %q, want %q", points, want)
	}
	var baselines []string
	for _, c := range Certificates(run, Options{}) {
		baselines = append(baselines, c.Baseline)
	}
	if want := []string{"fetch-and-add", "value"}; !slices.Equal(baselines, want) {
		t.Errorf("baselines with a certificate: got %q, want %q", baselines, want)
	}
}

func TestOldJournalsAreResumed(t *testing.T) {
	dir := t.TempDir()
	copyFiles(t, "testdata/old", dir, infoFile, trialsFile)
	j, run, err := Resume(dir)
	if err != nil || len(run.Trials) != 12 {
		t.Fatalf("got %+v and error %v, want 12 trials", run, err)
	}
	if err := j.Append(trials("mutex", 7)[0]); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if run, err = Open(dir); err != nil || len(run.Trials) != 13 || len(run.Problems) != 0 {
		t.Errorf("resumed: got %+v and error %v, want 13 trials and no problem", run, err)
	}
}

// An old reference run names the mutex as the only baseline of the contract cas, although
// three suites have one each. The baselines that ran under two names are the right ones.
func TestTheReferenceHasACertificateForEveryCas(t *testing.T) {
	run, err := Open("testdata/reference")
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Trials) < 700 || len(run.Problems) != 0 {
		t.Fatalf("got %d trials and problems %v, want at least 700 and none", len(run.Trials), run.Problems)
	}
	baselines := map[string]string{}
	for _, c := range Certificates(run, Options{}) {
		cell, err := ParseName(c.Point)
		if err != nil {
			t.Fatal(err)
		}
		if cell.Contract == "cas" {
			baselines[cell.Work] = c.Baseline
		}
		if c.Trials < 8 || c.Floor <= 0 {
			t.Errorf("%s: got %d trials and floor %v, want at least 8 and a floor", c.Point, c.Trials, c.Floor)
		}
	}
	for work, want := range map[string]string{"count": "fetch-and-add", "record": "value", "transfer": "mutex"} {
		if got := baselines[work]; got != want {
			t.Errorf("certificate of cas/%s: got baseline %q, want %q", work, got, want)
		}
	}
	for _, c := range WithinRun(run, Options{}) {
		if cell, err := ParseName(c.Name); err == nil && cell.Contract == "cas" && c.Old != baselines[cell.Work] {
			t.Errorf("%s: got a comparison with %s, want %s", c.Name, c.Old, baselines[cell.Work])
		}
	}
}
