package plots_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// A picture stands alone: it has its title, and each axis of a magnitude its unit and
// whether it is logarithmic.
func TestAPictureCarriesItsTitleAndAxes(t *testing.T) {
	for _, c := range plots.Charts(usual.run(t)) {
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		text := string(svg)
		first, _, _ := strings.Cut(c.Title, " ")
		if !strings.Contains(text, ">"+first) {
			t.Errorf("%s: got a picture without %q, want the title", c.Name, c.Title)
		}
		if !strings.Contains(text, ", logarithmic)") {
			t.Errorf("%s: got no unit of a logarithmic axis, want one", c.Name)
		}
	}
	for word, want := range map[string]string{
		"scaling":  "goroutines (logarithmic)",
		"latency":  "latency (time, logarithmic)",
		"fairness": "fairness index (1 means equal shares, linear)",
		"ratio":    "ratio (times, logarithmic)",
	} {
		if _, svg := chartOf(t, usual.run(t), word); !strings.Contains(svg, want) {
			t.Errorf("%s: got a picture without %q, want it as an axis", word, want)
		}
	}
}

// A long title is broken into lines, and stays within the picture.
func TestALongTitleIsBroken(t *testing.T) {
	c := plots.Forest(strings.Repeat("a long title ", 30), []results.Comparison{
		{Name: "row", Old: "a", New: "b", Ratio: 1.2, Low: 1.1, High: 1.3},
	})
	svg, err := c.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(regexp.MustCompile(">[^<]*long title[^<]*<").FindAll(svg, -1)); n < 2 {
		t.Errorf("got %d lines of the title, want at least 2", n)
	}
}

// A curve marks the points at which it reaches 0.
func TestACurveMarksZeros(t *testing.T) {
	run := changed(t, usual, func(tr *results.Trial) {
		if n, _ := tr.Get("goroutines"); tr.Impl == shortName(2) && n == "64" {
			tr.Values["ops/s"] = 0
		}
	})
	c, _ := chartOf(t, run, "scaling")
	if want := "1 points that reach it have a triangle"; !strings.Contains(c.Caption, want) {
		t.Errorf("got caption %q, want %q in it", c.Caption, want)
	}
	if c, _ = chartOf(t, usual.run(t), "scaling"); strings.Contains(c.Caption, "triangle") {
		t.Errorf("without zeros: got caption %q, want no mark", c.Caption)
	}
}

// Of two promises that stand in for each other, a row with one does not lack the other.
func TestACoveredPromiseIsNotLacking(t *testing.T) {
	run := usual.run(t)
	run.Info.Promises = []results.PromiseInfo{
		{Name: "fatal-on-misuse", Covers: "panics-on-misuse"}, {Name: "panics-on-misuse", Covers: "fatal-on-misuse"},
	}
	for i := range run.Info.Impls {
		run.Info.Impls[i].Promises = []string{"panics-on-misuse"}
		if run.Info.Impls[i].Name == shortName(0) { // the baseline
			run.Info.Impls[i].Promises = []string{"fatal-on-misuse"}
		}
	}
	c, svg := chartOf(t, run, "counter-time")
	if strings.Contains(c.Caption, "Dotted") || strings.Contains(svg, ", not ") {
		t.Errorf("got caption %q, want no row that lacks a promise", c.Caption)
	}
	if got := page(t, run); !strings.Contains(got, "<td>see panics-on-misuse</td>") {
		t.Error("got a table of promises without the other one, want it named")
	}
}

// A row of few turns is marked in its chart, and one without a turn is not left out.
func TestFewTurnsAreMarkedInAChart(t *testing.T) {
	run := changed(t, usual, func(tr *results.Trial) {
		switch tr.Impl {
		case shortName(2):
			tr.Turns = 4
		case shortName(3):
			tr.Turns = 0
			delete(tr.Values, "ns/op")
			tr.Values["empty-windows"], tr.Values["empty-ms"] = 2, 14
		}
	})
	_, svg := chartOf(t, run, "counter-time")
	for _, want := range []string{
		">" + shortName(2) + " (only 4 turns in a trial)<",
		">" + shortName(3) + " (no turn finished in 18 windows of 7 ms)<",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("got a picture without %q, want it shown", want)
		}
	}
	if got := page(t, run); !strings.Contains(got, "only 4 turns in a trial</span>") {
		t.Error("got a table without the note on few turns, want it")
	}
}

// Where no value has a logarithm, the axis has equal steps, so that 0 does not look like 1.
func TestAnAxisOfZerosIsLinear(t *testing.T) {
	for _, value := range []float64{0, -5} {
		run := changed(t, usual, setAll(map[string]float64{"ns/op": value, "ops/s": value}))
		for _, kind := range []string{"counter-time", "scaling"} {
			c, svg := chartOf(t, run, kind)
			if !strings.Contains(svg, "linear)") || strings.Contains(c.Caption, "triangle") {
				t.Errorf("%s of %v: got caption %q, want a linear axis without marks", kind, value, c.Caption)
			}
		}
	}
}
