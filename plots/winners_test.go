package plots_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// plane is a recipe for a run of a workload with maps: shares by holds, at each setting
// of goroutines.
type plane struct {
	shares, holds, goroutines []int
	impls                     []string // the first is the baseline
	rounds                    int
	ns                        func(share, hold, impl int) float64 // 0: its check fails; negative: not measured
}

func (p plane) run() *results.Run {
	rng := rand.New(rand.NewPCG(1, 2))
	run := &results.Run{Info: results.Info{
		Works: []results.WorkInfo{{
			Contract: "rwlock", Name: "mix", Op: "section", Baseline: p.impls[0],
			Planes: [][2]string{{"read-pct", "hold-ns"}},
		}},
	}}
	for _, name := range p.impls {
		run.Info.Impls = append(run.Info.Impls, results.ImplInfo{Contract: "rwlock", Name: name, Kind: "mutex"})
	}
	each := func(share, hold, goroutines, i, round int) {
		ns := p.ns(share, hold, i)
		if ns < 0 {
			return
		}
		tr := results.Trial{Round: round, Status: results.Ok, Cell: results.Cell{
			Contract: "rwlock", Work: "mix", Impl: p.impls[i], Procs: 2, Params: []results.Param{
				{Key: "goroutines", Value: strconv.Itoa(goroutines)},
				{Key: "read-pct", Value: strconv.Itoa(share)},
				{Key: "hold-ns", Value: strconv.Itoa(hold)},
			},
		}}
		if ns == 0 {
			tr.Status, tr.Reason = results.Failed, "a writer was not alone"
		} else {
			ns *= math.Exp(0.02 * rng.NormFloat64())
			tr.Values = map[string]float64{"ns/op": ns, "ops/s": 1e9 / ns}
		}
		run.Trials = append(run.Trials, tr)
	}
	for _, n := range p.goroutines {
		for _, share := range p.shares {
			for _, hold := range p.holds {
				for i := range p.impls {
					for round := range p.rounds {
						each(share, hold, n, i, round+1)
					}
				}
			}
		}
	}
	return run
}

// maps returns the maps of a run, with the texts of their fields: from the bottom row up,
// from the left.
func maps(t *testing.T, run *results.Run, impls []string) (charts []plots.Chart, fields [][]string) {
	t.Helper()
	for _, c := range plots.Charts(run) {
		if !strings.Contains(c.Name, "winners") {
			continue
		}
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("CONTEND_TEST_CHARTS"); dir != "" { // to look at
			if _, err := c.Save(dir + "/" + t.Name()); err != nil {
				t.Fatal(err)
			}
		}
		var texts []string
		for _, m := range fieldText.FindAllStringSubmatch(string(svg), -1) {
			if slices.Contains(impls, m[1]) {
				texts = append(texts, m[1])
			} else {
				texts[len(texts)-1] += " " + m[1]
			}
		}
		charts, fields = append(charts, c), append(fields, texts)
	}
	return charts, fields
}

// fieldText matches a text of the size that only fields have.
var fieldText = regexp.MustCompile(`(?s)<text[^>]*font-size:8px[^>]*>([^<]*)</text>`)

var threeLocks = []string{"sync", "bravo", "spin"}

// square is a recipe for one map of the given times.
func square(ns func(share, hold, impl int) float64) plane {
	return plane{
		shares: []int{90, 50, 100}, holds: []int{1000, 0}, goroutines: []int{8}, impls: threeLocks, rounds: 12, ns: ns,
	}
}

func TestAMapNamesTheWinnerOfEveryPoint(t *testing.T) {
	p := square(func(share, hold, impl int) float64 { // distinguishable times with simple ratios
		switch {
		case hold == 0: // sync wins, and the next one takes three times as long
			return []float64{100, 400, 300}[impl]
		case share >= 90:
			return []float64{250, 100, 400}[impl]
		}
		return []float64{4000, 200, 100}[impl]
	})
	charts, fields := maps(t, p.run(), threeLocks)
	if len(fields) != 1 {
		t.Fatalf("maps: got %d, want 1", len(fields))
	}
	want := []string{ // in the order of numbers, not in that of the run
		`sync (2\.9|3\.0)\d× next`, `sync (2\.9|3\.0)\d× next`, `sync (2\.9|3\.0)\d× next`,
		`spin (39|40|41)×`, `bravo 2\.[45]\d×`, `bravo 2\.[45]\d×`,
	}
	if len(fields[0]) != len(want) {
		t.Fatalf("fields: got %q, want %d", fields[0], len(want))
	}
	for i, text := range fields[0] {
		if !regexp.MustCompile("^" + want[i] + "$").MatchString(text) {
			t.Errorf("field %d: got %q, want %s", i, text, want[i])
		}
	}
	if c := charts[0]; !strings.Contains(c.Title, "read-pct and hold-ns") || strings.Contains(c.Caption, "White") {
		t.Errorf("got title %q and caption %q, want both parameters and no white fields", c.Title, c.Caption)
	}
}

// Ties are counted. The gain over the baseline is shown only if it is certain.
func TestAMapSaysWhatCannotBeDistinguished(t *testing.T) {
	p := square(func(_, hold, impl int) float64 {
		if hold == 0 {
			return []float64{100, 100, 500}[impl]
		}
		return []float64{500, 100, 100}[impl]
	})
	charts, fields := maps(t, p.run(), threeLocks)
	if len(fields) != 1 || len(fields[0]) != 6 {
		t.Fatalf("fields: got %q, want one map with 6", fields)
	}
	for i, text := range fields[0] {
		want := `(sync|bravo) ≈2`
		if i >= 3 {
			want = `(bravo|spin) (4\.9|5\.0|5\.1)\d× ≈2`
		}
		if !regexp.MustCompile("^" + want + "$").MatchString(text) {
			t.Errorf("field %d: got %q, want %s", i, text, want)
		}
	}
	svg, err := charts[0].SVG()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(svg), ">not distinguished<") || !strings.Contains(charts[0].Caption, "≈n") {
		t.Errorf("got caption %q, want it and the legend to explain ties", charts[0].Caption)
	}
}

// A few rounds distinguish nothing, but there is a map.
func TestAMapOfFewRounds(t *testing.T) {
	p := square(func(share, hold, impl int) float64 { return float64(100*(1+impl) + share + hold) })
	p.rounds = 2
	_, fields := maps(t, p.run(), threeLocks)
	if len(fields) != 1 {
		t.Fatalf("maps: got %d, want 1", len(fields))
	}
	for _, text := range fields[0] {
		if !strings.HasSuffix(text, " ≈3") || strings.Contains(text, "×") {
			t.Errorf("field: got %q, want three that are tied", text)
		}
	}
}

func TestAFailedRowWinsNoField(t *testing.T) {
	p := square(func(share, hold, impl int) float64 {
		switch {
		case share == 50 && hold == 0: // all fail
			return 0
		case share == 90 && hold == 0: // none ran
			return -1
		case impl == 1 && hold == 1000:
			return 0
		}
		return []float64{200, 100, 400}[impl]
	})
	charts, fields := maps(t, p.run(), threeLocks)
	if len(fields) != 1 || len(fields[0]) != 4 {
		t.Fatalf("fields: got %q, want 4 of 6", fields)
	}
	for i, text := range fields[0] {
		if want := []string{"bravo", "sync", "sync", "sync"}[i]; !strings.HasPrefix(text, want+" ") {
			t.Errorf("field %d: got %q, want %s", i, text, want)
		}
	}
	for _, want := range []string{"White fields: 1 where no row has numbers, 1 not measured.", "6 rows failed"} {
		if !strings.Contains(charts[0].Caption, want) {
			t.Errorf("got caption %q, want %q in it", charts[0].Caption, want)
		}
	}
}

// Each setting of the other parameters has its map, up to a bound.
func TestMapsAreBounded(t *testing.T) {
	p := square(func(_, _, impl int) float64 { return float64(100 * (1 + impl)) })
	p.rounds, p.goroutines = 1, []int{1, 2, 3, 4, 5, 6, 7, 8}
	charts, _ := maps(t, p.run(), threeLocks)
	if len(charts) != 6 {
		t.Fatalf("maps: got %d, want 6", len(charts))
	}
	for i, c := range charts {
		if !strings.Contains(c.Title, fmt.Sprintf("goroutines=%d", i+1)) || !strings.Contains(c.Caption, "8 settings") {
			t.Errorf("map %d: got title %q and caption %q, want goroutines=%d of 8 settings",
				i, c.Title, c.Caption, i+1)
		}
	}
	p.goroutines, p.holds = []int{8}, []int{0}
	for i := range 40 {
		p.shares = append(p.shares, 200+i)
	}
	if charts, _ := maps(t, p.run(), threeLocks); len(charts) != 0 {
		t.Errorf("maps of one line of fields: got %d, want none", len(charts))
	}
	p.holds = []int{0, 1}
	charts, fields := maps(t, p.run(), threeLocks)
	const cut = "Of 43 by 2 fields, the first 12 by 2"
	if len(charts) != 1 || len(fields[0]) != 24 || !strings.Contains(charts[0].Caption, cut) {
		t.Errorf("got caption %q and fields %q, want 24 fields of 43 by 2", charts[0].Caption, fields)
	}
}
