package results

import "testing"

func TestBaselineOfAPoint(t *testing.T) {
	build := func(declared string, impls ...string) *Run {
		run := &Run{Info: Info{Works: []WorkInfo{{Contract: "mutex", Name: "counter", Baseline: declared}}}}
		for _, impl := range impls {
			bad := false
			if impl[0] == '!' { // it fails
				impl, bad = impl[1:], true
			}
			for _, tr := range trials(impl, 1, 2, 3) {
				if bad {
					tr.Status, tr.Values = Failed, nil
				}
				run.Trials = append(run.Trials, tr)
			}
		}
		return run
	}
	for _, c := range []struct {
		name string
		run  *Run
		want string
	}{
		{"measured twice", build("a", "a", "b", "b.again"), "b"},
		{"declared", build("b", "a", "b"), "b"},
		{"second name failed", build("a", "b", "!b.again", "a"), "a"},
		{"first name failed", build("a", "!b", "b.again", "a"), "a"},
		{"declared one failed", build("b", "!b", "c", "a"), "c"},
		{"none declared", build("", "a", "b"), "a"},
		{"only a second name passed", build("", "!a", "a.again"), ""},
	} {
		p := points(c.run)
		if len(p) != 1 {
			t.Fatalf("%s: got %d points, want 1", c.name, len(p))
		}
		if got, _ := p[0].baseline(&c.run.Info); got.Impl != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got.Impl, c.want)
		}
	}
}

// In a run of several suites of one contract, each workload has its own baseline.
func TestBaselinesOfSuites(t *testing.T) {
	run := &Run{Info: suites()}
	for work, impls := range map[string][]string{"count": {"mutex", "fetch-and-add"}, "record": {"mutex", "value"}} {
		for _, impl := range impls {
			for _, tr := range trials(impl, 1, 2, 3) {
				tr.Contract, tr.Work = "cas", work
				run.Trials = append(run.Trials, tr)
			}
		}
	}
	got := map[string]string{}
	for _, c := range WithinRun(run, Options{}) {
		cell, err := ParseName(c.Name)
		if err != nil {
			t.Fatal(err)
		}
		got[cell.Work] = c.Old
	}
	if got["count"] != "fetch-and-add" || got["record"] != "value" {
		t.Errorf("got baselines %v, want fetch-and-add for count and value for record", got)
	}
}
