package plots_test

import (
	"bytes"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

const script = `<script>alert(1)</script>`

// setAll gives every trial that has values the same values for some units.
func setAll(values map[string]float64) func(*results.Trial) {
	return func(t *results.Trial) {
		for unit, v := range values {
			if t.Values != nil {
				t.Values[unit] = v
			}
		}
	}
}

// hostile are runs whose charts must be drawn all the same, and whether there is anything to draw.
var hostile = []struct {
	name  string
	empty bool
	run   func(*testing.T) *results.Run
}{
	{"usual", false, func(t *testing.T) *results.Run { return usual.run(t) }},
	{"empty run", true, func(*testing.T) *results.Run { return &results.Run{} }},
	{"one row", false, func(t *testing.T) *results.Run {
		return recipe{seed: 2, impls: 1, goroutines: []int{8}, rounds: 5, hist: true}.run(t)
	}},
	{"one trial", false, func(t *testing.T) *results.Run {
		return recipe{seed: 2, impls: 2, goroutines: []int{8}, rounds: 1, hist: true}.run(t)
	}},
	{"all failed", true, func(t *testing.T) *results.Run {
		return changed(t, usual, func(t *results.Trial) { t.Status, t.Reason = results.Crashed, "it crashed" })
	}},
	{"no values", false, func(t *testing.T) *results.Run {
		return changed(t, usual, func(t *results.Trial) { clear(t.Values) })
	}},
	{"zero values", false, func(t *testing.T) *results.Run {
		return changed(t, usual, setAll(map[string]float64{"ns/op": 0, "ops/s": 0, "jain": 0, "samples": 0}))
	}},
	{"negative values", false, func(t *testing.T) *results.Run {
		return changed(t, usual, setAll(map[string]float64{"ns/op": -5, "ops/s": -5, "jain": -1, "samples": -3}))
	}},
	{"huge values", false, func(t *testing.T) *results.Run {
		return changed(t, usual, setAll(map[string]float64{"ns/op": 9e29, "ops/s": 9e29, "jain": 9e29, "samples": 9e29}))
	}},
	{"tiny values", false, func(t *testing.T) *results.Run {
		return changed(t, usual, setAll(map[string]float64{"ns/op": 5e-324, "ops/s": 5e-324, "jain": 5e-324}))
	}},
	{"no numbers", false, func(t *testing.T) *results.Run {
		return changed(t, usual, setAll(map[string]float64{"ns/op": math.NaN(), "ops/s": math.NaN(), "jain": math.NaN()}))
	}},
	{"zero beside huge", false, func(t *testing.T) *results.Run {
		return changed(t, usual, func(t *results.Trial) {
			if t.Impl == shortName(2) {
				setAll(map[string]float64{"ns/op": 1e29, "ops/s": 1e-20})(t)
			} else {
				setAll(map[string]float64{"ns/op": 1e-20, "ops/s": 1e29})(t)
			}
		})
	}},
	{"a ratio beyond any float", false, func(t *testing.T) *results.Run {
		return changed(t, usual, func(t *results.Trial) {
			if t.Impl == shortName(2) {
				setAll(map[string]float64{"ns/op": 1e29})(t)
			} else {
				setAll(map[string]float64{"ns/op": 5e-324})(t)
			}
		})
	}},
	{"names", false, func(t *testing.T) *results.Run {
		return changed(t, usual, func(t *results.Trial) {
			t.Impl = "a b/../c " + script + " " + t.Impl
			t.Work = "w/x y " + script
			t.Contract = "deep/../er/" + "mutex " + script
			t.Params[1].Value = "../../" + script + "\x00\n"
		})
	}},
	{"a map of odd names", false, func(*testing.T) *results.Run {
		p := square(func(share, _, impl int) float64 { return float64(100 + share + impl) })
		p.impls = []string{"a\nb" + script, "c\x00" + script, strings.Repeat("long ", 500)}
		p.rounds = 2
		run := p.run()
		for i := range run.Trials {
			tr := &run.Trials[i]
			tr.Params[1].Value += script + "\n\x00"
			tr.Values["ns/op"] *= map[string]float64{"0": 1e-20, "1000": 1e29}[tr.Params[2].Value]
		}
		return run
	}},
	{"damaged histograms", false, func(t *testing.T) *results.Run {
		return changed(t, usual, func(t *results.Trial) { t.Hist = "AAAA" })
	}},
}

func TestEveryChartOfAHostileRunIsDrawn(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			run := h.run(t)
			if h.empty && len(plots.Charts(run)) != 0 {
				t.Errorf("%d charts of nothing", len(plots.Charts(run)))
			}
			if n := len(plots.Charts(run)); h.name == "usual" && n < 13 { // a curve, and three for each of four points
				t.Errorf("%d charts, want 13 at least", n)
			}
			dir := t.TempDir()
			for _, c := range allCharts(run) {
				files, err := c.Save(dir)
				if err != nil {
					t.Fatalf("%q: %v", c.Name, err)
				}
				checkPictures(t, dir, c, files)
			}
		})
	}
}

func checkPictures(t *testing.T, dir string, c plots.Chart, files []string) {
	t.Helper()
	if len(files) != 2 {
		t.Fatalf("%q: files %q, want an SVG and a PNG", c.Name, files)
	}
	for _, f := range files {
		if filepath.Dir(f) != dir {
			t.Errorf("%q lies outside the folder", f)
		}
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, ".png") {
			if _, err := png.Decode(bytes.NewReader(content)); err != nil {
				t.Errorf("%q: %v", f, err)
			}
			continue
		}
		if !bytes.Contains(content, []byte("</svg>")) || bytes.Contains(content, []byte("<script")) {
			t.Errorf("%q is no picture, or holds a script", f)
		}
		for _, word := range []string{"NaN", "Inf"} {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%q holds %s", f, word)
			}
		}
	}
}

// A ratio may have no bounds where there are few pairs; what cannot be drawn is left out.
func TestForestLeavesOutWhatHasNoBounds(t *testing.T) {
	c := plots.Forest("a/b "+script, []results.Comparison{
		{Name: "sound", Old: "a", New: script, Ratio: 1.2, Low: 1.1, High: 1.3, Outcome: results.Different},
		{Name: "absent", Ratio: math.NaN(), Low: math.NaN(), High: math.NaN()},
		{Name: "unbounded", Ratio: 1, Low: 0, High: math.Inf(1)},
		{Name: "endless", Ratio: math.Inf(1), Low: 1, High: 2},
	})
	dir := t.TempDir()
	files, err := c.Save(dir)
	if err != nil {
		t.Fatal(err)
	}
	checkPictures(t, dir, c, files)
	svg, err := c.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for name, drawn := range map[string]bool{"sound": true, "absent": false, "unbounded": false} {
		if bytes.Contains(svg, []byte(">"+name+":")) != drawn {
			t.Errorf("%s: drawn is not %t", name, drawn)
		}
	}
}

func TestChartsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range allCharts(usual.run(t)) {
		if seen[c.Name] {
			t.Errorf("two charts are called %q: one file overwrites the other", c.Name)
		}
		seen[c.Name] = true
	}
}

// Values that differ only in what a file name cannot hold must not share a file.
func TestChartsOfOddParametersHaveNamesOfTheirOwn(t *testing.T) {
	run := changed(t, recipe{seed: 3, impls: 2, goroutines: []int{1, 2}, rounds: 3}, func(t *results.Trial) {
		t.Params[1].Value = map[string]string{"1": "a/b", "2": "a b"}[t.Params[0].Value]
		t.Params = t.Params[1:]
	})
	seen := map[string]string{}
	for _, c := range plots.Charts(run) {
		if other, ok := seen[c.Name]; ok {
			t.Errorf("%q and %q are both called %q: one file overwrites the other", other, c.Title, c.Name)
		}
		seen[c.Name] = c.Title
	}
}

func TestAFailedRowIsNotDrawn(t *testing.T) {
	for _, c := range plots.Charts(usual.run(t)) {
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(svg, []byte(shortName(1))) {
			t.Errorf("%q draws %s, which failed", c.Name, shortName(1))
		}
		if strings.Contains(c.Name, "ratio") { // it names pairs, and knows of no row that failed
			continue
		}
		if !bytes.Contains(svg, []byte(">"+shortName(0)+"<")) {
			t.Errorf("%q does not draw %s", c.Name, shortName(0))
		}
		if !strings.Contains(c.Caption, "failed") {
			t.Errorf("%q does not say that a row failed: %q", c.Name, c.Caption)
		}
	}
}

func TestSaveLeavesNoTemporaryFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "charts")
	files, err := plots.Charts(usual.run(t))[0].Save(dir)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(files) || len(files) != 2 {
		t.Errorf("the folder holds %v, want %q", entries, files)
	}
}

func TestSaveIntoAFileLeavesItWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "charts")
	if err := os.WriteFile(file, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := plots.Charts(usual.run(t))[0].Save(file)
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("the error does not name %s: %v", file, err)
	}
	if content, err := os.ReadFile(file); err != nil || string(content) != "kept" {
		t.Errorf("the file holds %q, %v", content, err)
	}
}

// A folder in the place of the PNG makes the second of the two files fail.
func TestSaveThatFailsLeavesWhatWasThere(t *testing.T) {
	dir, c := t.TempDir(), plots.Charts(usual.run(t))[0]
	blocked := filepath.Join(dir, c.Name+".png")
	inside := filepath.Join(blocked, "inside")
	if err := os.Mkdir(blocked, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(inside, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := c.Save(dir)
	if err == nil || !strings.Contains(err.Error(), blocked) {
		t.Errorf("the error does not name %s: %v", blocked, err)
	}
	if content, err := os.ReadFile(inside); err != nil || string(content) != "kept" {
		t.Errorf("what was there holds %q, %v", content, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %q, %v", left, err)
	}
}

// A row that promises less than the baseline is drawn otherwise, and the chart says so.
func TestRowsThatPromiseLessAreDrawnOtherwise(t *testing.T) {
	dotted := func(run *results.Run) (n int) {
		for _, c := range plots.Charts(run) {
			if strings.Contains(c.Caption, "Dotted") {
				n++
			}
		}
		return n
	}
	run := usual.run(t)
	if n := dotted(run); n != 0 {
		t.Errorf("%d charts say that a row promises less, and none does", n)
	}
	run.Info.Impls[3].Promises = nil
	if dotted(run) == 0 {
		t.Error("no chart says that a row promises less")
	}
}
