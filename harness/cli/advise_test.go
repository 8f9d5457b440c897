package cli

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Outside any repository, advise uses the run that is built in.
func TestAdviceSaysHowFarItsEvidenceIs(t *testing.T) {
	t.Chdir(t.TempDir())
	for args, wants := range map[string][]string{
		"goroutines=10": {
			"  nearest: goroutines 8 instead of 10\n", "as built into contend", "not measured of mutex: ",
		},
		"goroutines=8": {"  exactly the load asked for\n"},
		"hold-ns=7000": {"  nearest: hold-ns 0 instead of 7000\n"},
	} {
		status, out, errOut := contend(t, "advise", "mutex", "--where", args)
		for _, want := range wants {
			if status != fine || !strings.Contains(out, want) {
				t.Errorf("%s: got status %d, want 0 and %q in\n%s%s", args, status, want, out, errOut)
			}
		}
	}
}

func TestAdviceRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--where", "gorutines=8"}, `did you mean "goroutines"?`},
		{[]string{"--where", "goroutines=-1"}, "at least 0"},
		{[]string{"--where", "goroutines=NaN"}, "at least 0"},
		{[]string{"--where", "goroutines=8,goroutines=9"}, "goroutines is 8 already"},
		{[]string{"--filter", "/work:hog"}, "has the workloads counter"},
		{[]string{"--filter", "/goroutines:9"}, "selects no point"},
	} {
		status, out, errOut := contend(t, append([]string{"advise", "mutex"}, c.args...)...)
		if status != wrong || out != "" || !strings.Contains(errOut, c.want) {
			t.Errorf("%q: got status %d, output %q and %q, want 2 and %q", c.args, status, out, errOut, c.want)
		}
	}
}

// The output for machines says where it is from, in fields of one style.
func TestAdviceAsJSONSaysWhereItIsFrom(t *testing.T) {
	t.Chdir(t.TempDir())
	status, out, errOut := contend(t, "advise", "mutex", "--json", "--where", "goroutines=10")
	var advice jsonAdvice
	if err := json.Unmarshal([]byte(out), &advice); err != nil || status != fine {
		t.Fatalf("got status %d and error %v, want JSON\n%s", status, err, errOut)
	}
	named := advice.Machine.CPU != "" && advice.Go != "" && advice.Date != "" && advice.Revision != ""
	if !named || len(advice.Points) == 0 {
		t.Errorf("got %+v, want machine, Go, date, revision and points", advice)
	}
	p := advice.Points[0]
	if p.Exact || len(p.Differences) != 1 || p.Differences[0] != (difference{"goroutines", "8", "10"}) {
		t.Errorf("got %v with differences %v, want goroutines 8 instead of 10", p.Exact, p.Differences)
	}
	for _, key := range regexp.MustCompile(`"([^"]+)":`).FindAllStringSubmatch(out, -1) {
		if key[1] != strings.ToLower(key[1]) {
			t.Errorf("got field %q, want snake case", key[1])
		}
	}
}

// What the run lacks is measured, and only that.
func TestAdviceMeasuresWhatItLacks(t *testing.T) {
	t.Chdir(t.TempDir())
	args := []string{"advise", "mutex", "--filter", "/work:counter /impl:(sync OR mcs)", "--measure"}
	status, out, errOut := contend(t, append(args, "--where", "goroutines=3")...)
	if status != fine || !strings.Contains(out, "goroutines=3") || !strings.Contains(out, exactly) {
		t.Errorf("got status %d, want 0 and exactly that load in\n%s%s", status, out, errOut)
	}
	runs, err := filepath.Glob("results/runs/*/trials.jsonl")
	if err != nil || len(runs) != 1 {
		t.Fatalf("got runs %q and error %v, want one", runs, err)
	}
	status, out, errOut = contend(t, append(args, "--where", "goroutines=3", "--run", filepath.Dir(runs[0]))...)
	again, err := filepath.Glob("results/runs/*/trials.jsonl")
	if err != nil || status != fine || len(again) != 1 {
		t.Errorf("got status %d, runs %q and error %v, want the one run\n%s%s", status, again, err, out, errOut)
	}
}
