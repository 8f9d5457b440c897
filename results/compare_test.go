package results

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cell returns the cell of an implementation at the point of most tests.
func cell(impl string) Cell {
	return Cell{
		Contract: "mutex", Work: "counter", Impl: impl, Params: []Param{{"goroutines", "8"}}, Procs: 2,
	}
}

// trials makes the trials of one cell from values of ns/op, with a round for each.
func trials(impl string, values ...float64) []Trial {
	var out []Trial
	for i, v := range values {
		out = append(out, Trial{
			Cell: cell(impl), Round: i + 1, Status: Ok, Turns: 100,
			Values: map[string]float64{"ns/op": v, "ops/s": 1e9 / v, "p99-ns": 10 * v},
		})
	}
	return out
}

// around makes n values near centre.
func around(rng *rand.Rand, n int, centre, spread float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = centre * math.Exp(spread*rng.NormFloat64())
	}
	return values
}

func TestOutcomes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	base := around(rng, 12, 100, 0.02)
	for _, c := range []struct {
		name    string
		compare func(string, []Trial, []Trial, Options) Comparison
		old     []float64
		new     []float64
		want    Outcome
	}{
		{"slower", Paired, base, around(rng, 12, 150, 0.02), Different},
		{"level", Paired, base, base, Equivalent},
		{"noisy", Paired, base, around(rng, 12, 100, 0.5), Inconclusive},
		{"few", Paired, base[:6], around(rng, 6, 300, 0.01), Inconclusive},
		{"unpaired", Unpaired, base, around(rng, 12, 150, 0.02), Different},
	} {
		rows := []Comparison{c.compare("", trials("a", c.old...), trials("b", c.new...), Options{})}
		Adjust(rows, Options{})
		if rows[0].Outcome != c.want || rows[0].Reason == "" {
			t.Errorf("%s: got %s with reason %q, want %s with a reason",
				c.name, rows[0].Outcome, rows[0].Reason, c.want)
		}
	}
	below := Paired("", trials("a", base...), trials("b", around(rng, 12, 108, 0.01)...), Options{})
	below.Floor = 0.2
	rows := []Comparison{below}
	Adjust(rows, Options{})
	if rows[0].Outcome != Inconclusive || !strings.Contains(rows[0].Reason, "against itself") {
		t.Errorf("difference below the floor: got %s (%s), want inconclusive", rows[0].Outcome, rows[0].Reason)
	}
}

// The example of Benjamini and Hochberg 1995, §3.2: of 15 p-values, four are significant
// at 0.05.
func TestBenjaminiHochberg(t *testing.T) {
	p := []float64{
		0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459,
		0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
	}
	var rows []Comparison
	for _, v := range slices.Backward(p) {
		rows = append(rows, Comparison{P: v, N: 20, Ratio: 2, Low: 1.5, High: 3})
	}
	Adjust(rows, Options{Alpha: 0.05})
	different := 0
	for _, r := range rows {
		if r.Outcome == Different {
			different++
		}
	}
	if different != 4 {
		t.Errorf("different rows: got %d, want 4", different)
	}
	if last := rows[len(rows)-1]; math.Abs(last.PAdjusted-0.0015) > 1e-9 {
		t.Errorf("the smallest p after adjustment: got %v, want 0.0015", last.PAdjusted)
	}
}

func TestPairedProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "n")
		value := rapid.Float64Range(1, 1e6)
		a := rapid.SliceOfN(value, n, n).Draw(t, "a")
		b := rapid.SliceOfN(value, n, n).Draw(t, "b")
		forth := Paired("", trials("a", a...), trials("b", b...), Options{})
		back := Paired("", trials("b", b...), trials("a", a...), Options{})
		inverse := math.Abs(forth.Ratio*back.Ratio-1) <= 1e-9 && math.Abs(forth.Low*back.High-1) <= 1e-9
		if !inverse || math.Abs(forth.P-back.P) > 1e-12 {
			t.Fatalf("with the sides swapped: got %+v, want the inverse of %+v", back, forth)
		}
		shuffled := trials("b", b...)
		slices.Reverse(shuffled)
		again := Paired("", trials("a", a...), shuffled, Options{})
		if again.Ratio != forth.Ratio || again.P != forth.P {
			t.Fatalf("with the trials in another order: got %+v, want %+v", again, forth)
		}
	})
}

// example is a run of four locks at one point: a fast one, one that is fast but starves
// waiters, a slow one, and a control. The baseline runs under both of its names.
func example() *Run {
	rng := rand.New(rand.NewPCG(9, 9))
	run := &Run{Path: "run", Info: Info{
		Works: []WorkInfo{{Contract: "mutex", Name: "counter", Baseline: "sync"}},
		Impls: []ImplInfo{
			{Contract: "mutex", Name: "sync"},
			{Contract: "mutex", Name: "hog"},
			{Contract: "mutex", Name: "slow"},
			{Contract: "mutex", Name: "none", Role: "noop"},
		},
		Machine: Machine{GOOS: "linux", GOARCH: "amd64", CPU: "x", Cores: 2, Go: "go1.26"},
	}}
	for _, i := range []struct {
		name   string
		centre float64
		jain   float64
	}{{"sync", 100, 0.9}, {"sync" + AliasSuffix, 100, 0.9}, {"hog", 60, 0.1}, {"slow", 300, 0.99}, {"none", 10, 1}} {
		for _, t := range trials(i.name, around(rng, 12, i.centre, 0.02)...) {
			t.Values["jain"] = i.jain
			run.Trials = append(run.Trials, t)
		}
	}
	broken := trials("broken", 1, 1)
	broken[1].Status, broken[1].Values = Failed, nil
	run.Trials = append(run.Trials, broken...)
	return run
}

func TestWithinRun(t *testing.T) {
	outcomes := map[string]Outcome{}
	for _, c := range WithinRun(example(), Options{}) {
		outcomes[c.New] = c.Outcome
		if c.Outcome == Broken {
			continue
		}
		if c.Old != "sync" || c.Floor <= 0 || c.Floor > 0.1 {
			t.Errorf("%s: got baseline %s and floor %v, want sync and a floor up to 0.1", c.New, c.Old, c.Floor)
		}
	}
	if len(outcomes) != 4 || outcomes["slow"] != Different || outcomes["broken"] != Broken {
		t.Errorf("got outcomes %v, want four, with slow different and broken failed", outcomes)
	}
}

func TestVerdicts(t *testing.T) {
	v := Verdicts(example(), Options{})
	if len(v) != 1 || !slices.Equal(v[0].Best, []string{"sync"}) {
		t.Fatalf("got %+v, want sync alone to win: hog starves waiters, and none is a control", v)
	}
	texts := map[string]string{}
	for _, r := range v[0].Rows {
		texts[r.Impl] = r.Text
	}
	for impl, want := range map[string]string{
		"hog": "cannot win", "slow": "times as long as sync", "none": "control", "sync": "starve no worker",
	} {
		if !strings.Contains(texts[impl], want) {
			t.Errorf("%s: got %q, want %q in it", impl, texts[impl], want)
		}
	}
	if text, ok := texts["broken"]; ok {
		t.Errorf("got verdict %q on a row that failed, want none", text)
	}
}

func TestCertificates(t *testing.T) {
	c := Certificates(example(), Options{})
	if len(c) != 1 || c[0].Baseline != "sync" || c[0].Trials != 12 || math.Abs(c[0].Ratio-1) > 0.05 || c[0].Floor <= 0 {
		t.Errorf("got %+v, want one of sync with 12 trials, a ratio near 1 and a floor", c)
	}
	// More trials lower the floor.
	rng := rand.New(rand.NewPCG(1, 2))
	few := FloorOf(around(rng, 12, 100, 0.1), around(rng, 12, 100, 0.1), 12, 1)
	many := FloorOf(around(rng, 96, 100, 0.1), around(rng, 96, 100, 0.1), 96, 1)
	if few <= many || many <= 0 {
		t.Errorf("got floor %v with 12 trials and %v with 96, want it to fall", few, many)
	}
}

func TestAcrossRefusesOtherMachines(t *testing.T) {
	old, new := example(), example()
	if rows, err := Across(old, new, Options{}); err != nil || len(rows) == 0 || rows[0].Outcome != Equivalent {
		t.Errorf("a run with itself: got %v and %v, want equivalent rows", rows, err)
	}
	new.Info.Machine.Go = "go1.27"
	rows, err := Across(old, new, Options{})
	if !errors.Is(err, ErrMachines) || !strings.Contains(err.Error(), "go1.27") || len(rows) == 0 {
		t.Errorf("got %d rows and error %v, want rows and an error that names go1.27", len(rows), err)
	}
}

func TestDuet(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	run := &Run{}
	for side, centre := range map[string]float64{"base": 100, "head": 120} {
		for _, t := range trials("sync", around(rng, 12, centre, 0.01)...) {
			t.Side = side
			run.Trials = append(run.Trials, t)
		}
	}
	rows := DuetOf(run, Options{})
	if len(rows) != 1 || math.Abs(rows[0].Ratio-1.2) > 0.02 || !rows[0].Regression() {
		t.Errorf("got %+v, want one regression by 1.2", rows)
	}
}

func TestFilter(t *testing.T) {
	for query, want := range map[string]bool{
		"": true, "*": true, "/impl:mcs": true, "/impl:(sync OR mcs) /goroutines:8": true, "-/impl:mcs": false,
		".name:Mutex": true, "/gomaxprocs:2": true, "/impl:sync": false, "/goroutines:80": false,
	} {
		f, err := Filter(query)
		if err != nil {
			t.Errorf("%q: got error %v, want none", query, err)
			continue
		}
		if got := f(cell("mcs")); got != want {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{"/impl:(mcs", "impl:mcs", "/work:counter goroutines:8"} {
		if _, err := Filter(query); err == nil {
			t.Errorf("%q: got no error, want one", query)
		}
	}
}
