package plots_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// outage is a run in which a server is unavailable for some time.
func outage(t *testing.T, change func(*results.Timeline)) *results.Run {
	t.Helper()
	small := recipe{seed: 5, impls: 2, goroutines: []int{8}, rounds: 2}
	return changed(t, small, func(tr *results.Trial) {
		marks := []results.Mark{{Name: "kill", AtMs: 52}, {Name: "restart <b>", AtMs: 81}}
		l := &results.Timeline{BinMs: 10, Marks: marks}
		for i := range 20 {
			n := 40
			if i > 5 && i < 9 {
				n = 0
			}
			l.Ops, l.Median, l.Max = append(l.Ops, n), append(l.Median, 0.1), append(l.Max, float64(n)*0.01)
		}
		change(l)
		tr.Timeline = l
	})
}

func timelines(run *results.Run) (charts []plots.Chart) {
	for _, c := range plots.Charts(run) {
		if strings.Contains(c.Title, "over time") {
			charts = append(charts, c)
		}
	}
	return charts
}

func TestTimelines(t *testing.T) {
	charts := timelines(outage(t, func(*results.Timeline) {}))
	if len(charts) != 2 {
		t.Fatalf("charts: got %d, want turns and waits", len(charts))
	}
	dir := t.TempDir()
	for _, c := range charts {
		files, err := c.Save(dir)
		if err != nil {
			t.Fatal(err)
		}
		checkPictures(t, dir, c, files)
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"kill", "restart &lt;b&gt;", shortName(0), shortName(1)} {
			if !bytes.Contains(svg, []byte(">"+text+"<")) {
				t.Errorf("%q: got no %s, want it shown", c.Title, text)
			}
		}
	}
}

// A timeline that makes no sense is drawn in part or not at all.
func TestHostileTimelines(t *testing.T) {
	long := strings.Repeat("x", 1e4)
	for name, change := range map[string]func(*results.Timeline){
		"no bins":           func(l *results.Timeline) { l.Ops = nil },
		"bins of no width":  func(l *results.Timeline) { l.BinMs = 0 },
		"negative":          func(l *results.Timeline) { l.BinMs = -1 },
		"nothing ever":      func(l *results.Timeline) { clear(l.Ops); clear(l.Max) },
		"negative counts":   func(l *results.Timeline) { l.Ops[3], l.Max[4] = -7, -7 },
		"fewer waits":       func(l *results.Timeline) { l.Max = l.Max[:2] },
		"more waits":        func(l *results.Timeline) { l.Ops = l.Ops[:2] },
		"marks far away":    func(l *results.Timeline) { l.Marks[0].AtMs, l.Marks[1].AtMs = -5, 1e300 },
		"a mark's name":     func(l *results.Timeline) { l.Marks[0].Name = script + long + "\x00ß" },
		"too many marks":    func(l *results.Timeline) { l.Marks = make([]results.Mark, 1e4) },
		"too many bins":     func(l *results.Timeline) { l.Ops = make([]int, 1e5) },
		"huge":              func(l *results.Timeline) { l.BinMs, l.Ops[0], l.Max[0] = 1e8, 1<<62, 1e300 },
		"one turn in a bin": func(l *results.Timeline) { clear(l.Ops); l.Ops[0] = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, c := range timelines(outage(t, change)) {
				files, err := c.Save(dir)
				if err != nil {
					t.Fatal(err)
				}
				checkPictures(t, dir, c, files)
			}
		})
	}
}
