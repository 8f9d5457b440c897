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

// setAll gives some units the same values in every trial that has values.
func setAll(values map[string]float64) func(*results.Trial) {
	return func(t *results.Trial) {
		for unit, v := range values {
			if t.Values != nil {
				t.Values[unit] = v
			}
		}
	}
}

// hostile are runs whose charts must not break.
var hostile = []struct {
	name  string
	empty bool // there is nothing to draw
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
		huge := map[string]float64{"ns/op": 9e29, "ops/s": 9e29, "jain": 9e29, "samples": 9e29}
		return changed(t, usual, setAll(huge))
	}},
	{"tiny values", false, func(t *testing.T) *results.Run {
		return changed(t, usual, setAll(map[string]float64{"ns/op": 5e-324, "ops/s": 5e-324, "jain": 5e-324}))
	}},
	{"no numbers", false, func(t *testing.T) *results.Run {
		nan := math.NaN()
		return changed(t, usual, setAll(map[string]float64{"ns/op": nan, "ops/s": nan, "jain": nan}))
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
	{"odd metrics", false, func(t *testing.T) *results.Run {
		run := changed(t, usual, func(t *results.Trial) {
			if t.Values != nil {
				t.Values["rank\x00"+script], t.Values["other\n"+script] = 5/t.Values["ns/op"], 1e29
			}
		})
		w := &run.Info.Works[0]
		w.Ranks = "rank\x00" + script
		w.Metrics = []results.Metric{{Unit: w.Ranks, Better: results.Higher, About: strings.Repeat(script, 100)}}
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
				t.Errorf("charts of nothing: got %d, want none", len(plots.Charts(run)))
			}
			if n := len(plots.Charts(run)); h.name == "usual" && n < 13 { // a curve, and three for each of four points
				t.Errorf("charts: got %d, want at least 13", n)
			}
			dir := t.TempDir()
			for _, c := range allCharts(run) {
				files, err := c.Save(dir)
				if err != nil {
					t.Fatalf("%q: got error %v, want none", c.Name, err)
				}
				checkPictures(t, dir, c, files)
			}
		})
	}
}

func checkPictures(t *testing.T, dir string, c plots.Chart, files []string) {
	t.Helper()
	if len(files) != 2 {
		t.Fatalf("%q: got files %q, want an SVG and a PNG", c.Name, files)
	}
	for _, f := range files {
		if filepath.Dir(f) != dir {
			t.Errorf("got file %q, want one in %s", f, dir)
		}
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, ".png") {
			if _, err := png.Decode(bytes.NewReader(content)); err != nil {
				t.Errorf("%q: got error %v, want a PNG", f, err)
			}
			continue
		}
		if !bytes.Contains(content, []byte("</svg>")) || bytes.Contains(content, []byte("<script")) {
			t.Errorf("%q: got a file with a script or without an end, want an SVG", f)
		}
		for _, word := range []string{"NaN", "Inf"} {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%q: got %s in it, want only numbers", f, word)
			}
		}
	}
}

// With few pairs, a ratio may have no bounds. The chart marks what it has no place for.
func TestForestMarksWhatHasNoBounds(t *testing.T) {
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
	for _, want := range []string{">sound:", ">absent:", "(no ratio)<", ">unbounded:", ">endless:"} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Errorf("got a picture without %q, want it shown", want)
		}
	}
}

func TestChartsHaveDifferentNames(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range allCharts(usual.run(t)) {
		if seen[c.Name] {
			t.Errorf("got two charts called %q, want different files", c.Name)
		}
		seen[c.Name] = true
	}
}

// Values that differ only in characters that a file name cannot have must not share a
// file.
func TestChartsOfOddParametersHaveDifferentNames(t *testing.T) {
	run := changed(t, recipe{seed: 3, impls: 2, goroutines: []int{1, 2}, rounds: 3}, func(t *results.Trial) {
		t.Params[1].Value = map[string]string{"1": "a/b", "2": "a b"}[t.Params[0].Value]
		t.Params = t.Params[1:]
	})
	seen := map[string]string{}
	for _, c := range plots.Charts(run) {
		if other, ok := seen[c.Name]; ok {
			t.Errorf("%q and %q: got the same name %q, want different files", other, c.Title, c.Name)
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
			t.Errorf("%q: got %s, which failed; want it left out", c.Name, shortName(1))
		}
		if strings.Contains(c.Name, "ratio") { // it names pairs, and no row that failed
			continue
		}
		if !bytes.Contains(svg, []byte(">"+shortName(0)+"<")) {
			t.Errorf("%q: got no %s, want it drawn", c.Name, shortName(0))
		}
		if !strings.Contains(c.Caption, "failed") {
			t.Errorf("%q: got caption %q, want it to mention the failed rows", c.Name, c.Caption)
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
		t.Errorf("files in the folder: got %v, want %q", entries, files)
	}
}

func TestSaveIntoAFileLeavesItWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "charts")
	if err := os.WriteFile(file, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := plots.Charts(usual.run(t))[0].Save(file)
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got error %v, want one that names %s", err, file)
	}
	if content, err := os.ReadFile(file); err != nil || string(content) != "kept" {
		t.Errorf("the file: got %q and error %v, want it unchanged", content, err)
	}
}

// A folder with the name of the PNG makes the second of the two files fail.
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
		t.Errorf("got error %v, want one that names %s", err, blocked)
	}
	if content, err := os.ReadFile(inside); err != nil || string(content) != "kept" {
		t.Errorf("the old file: got %q and error %v, want it unchanged", content, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("temporary files: got %q and error %v, want none", left, err)
	}
}

// A row that promises less than the baseline looks different, and the chart says so.
func TestRowsThatPromiseLessLookDifferent(t *testing.T) {
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
		t.Errorf("charts with dotted rows: got %d, want none", n)
	}
	run.Info.Impls[3].Promises = nil
	if dotted(run) == 0 {
		t.Error("charts with dotted rows: got none, want some")
	}
}
