package results

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// implsOf returns the names of implementations in trials, by workload.
func implsOf(run *Run) map[string][]string {
	names := map[string][]string{}
	for _, t := range run.Trials {
		if !slices.Contains(names[t.Work], t.Impl) {
			names[t.Work] = append(names[t.Work], t.Impl)
		}
	}
	return names
}

func namesOf(impls []ImplInfo) (names []string) {
	for _, i := range impls {
		names = append(names, i.Name)
	}
	return names
}

func TestRenameAnOldRun(t *testing.T) {
	run, err := Open("testdata/old")
	if err != nil {
		t.Fatal(err)
	}
	run.Info.Works[0].Baseline = "fetch-and-add"
	run.Info.Profiles = []ProfileInfo{{Cell: run.Trials[0].Name()}}
	run.Rename([]Alias{
		{Contract: "cas", Suite: "counter", Old: "fetch-and-add", New: "xadd"},
		{Contract: "cas", Suite: "cell", Works: []string{"record"}, Old: "mutex", New: "locked"},
		{Contract: "mutex", Old: "value", New: "wrong"},
		{Contract: "cas", Old: "xadd", New: "renamed twice"},
	})
	want := map[string][]string{"count": {"xadd", "xadd.again", "mutex"}, "record": {"locked", "value", "value.again"}}
	if got := implsOf(run); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("trials: got %v, want %v", got, want)
	}
	// The counter keeps its name, so the entry that it shared with the cell is there
	// twice.
	if got, want := namesOf(run.Info.Impls), []string{"xadd", "mutex", "locked", "value"}; !slices.Equal(got, want) {
		t.Errorf("table of implementations: got %q, want %q", got, want)
	}
	if got := run.Info.Works[0].Baseline; got != "xadd" {
		t.Errorf("baseline: got %s, want xadd", got)
	}
	if got, want := run.Info.Profiles[0].Cell, run.Trials[0].Name(); got != want {
		t.Errorf("cell of a profile: got %s, want %s", got, want)
	}
	for point, got := range run.Baselines() {
		if strings.Contains(point, "work=count") && got != "xadd" {
			t.Errorf("baseline of %s, which ran twice: got %s, want xadd", point, got)
		}
	}
}

// Renamed, an old run can be compared with a new one.
func TestARenamedRunMeetsNewOnes(t *testing.T) {
	old, err := Open("testdata/old")
	if err != nil {
		t.Fatal(err)
	}
	new, err := Open("testdata/old")
	if err != nil {
		t.Fatal(err)
	}
	aliases := []Alias{{Contract: "cas", Old: "fetch-and-add", New: "xadd"}}
	new.Rename(aliases)
	before, err := Across(old, new, Options{})
	if err != nil || len(before) != 5 || before[3].Outcome != New || before[4].Outcome != Gone {
		t.Fatalf("not renamed: got %+v and error %v, want 3 compared rows, a new one and one gone", before, err)
	}
	old.Rename(aliases)
	after, err := Across(old, new, Options{})
	if err != nil || len(after) != 4 || after[3].Alone() {
		t.Errorf("renamed: got %+v and error %v, want 4 compared rows", after, err)
	}
}

func TestRenameKeepsToItsSuite(t *testing.T) {
	run := &Run{Info: suites()}
	for _, c := range []Cell{
		{Contract: "cas", Work: "count", Impl: "mutex"},
		{Contract: "cas", Work: "record", Impl: "mutex"},
		{Contract: "txn", Work: "bank", Impl: "tl2"},
		{Contract: "txn", Work: "bank", Impl: "2pl"},
	} {
		run.Trials = append(run.Trials, Trial{Cell: c, Round: 1, Status: Ok})
	}
	run.Rename([]Alias{
		{Contract: "cas", Suite: "cell", Old: "mutex", New: "locked"},
		{Contract: "txn", Suite: "optimistic", Old: "2pl", New: "wrong"},
		{Contract: "cas", Suite: "counter", Old: "fetch-and-add", New: "xadd"}, // it did not run
	})
	want := map[string][]string{"count": {"mutex"}, "record": {"locked"}, "bank": {"tl2", "2pl"}}
	if got := implsOf(run); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("trials: got %v, want %v", got, want)
	}
	names := []string{"xadd", "mutex", "value", "locked", "tl2", "2pl"}
	if got := namesOf(run.Info.Impls); !slices.Equal(got, names) {
		t.Errorf("table of implementations: got %q, want %q", got, names)
	}
	if got := run.Info.Works[0].Baseline; got != "xadd" {
		t.Errorf("baseline: got %s, want xadd", got)
	}
}

func TestNamesCanBeSwapped(t *testing.T) {
	run := &Run{Trials: append(trials("a", 1), trials("b", 2)...)}
	run.Rename([]Alias{{Contract: "mutex", Old: "a", New: "b"}, {Contract: "mutex", Old: "b", New: "a"}})
	if got := implsOf(run)["counter"]; !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("got %q, want b and a", got)
	}
}
