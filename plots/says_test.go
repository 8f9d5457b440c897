package plots_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// The machine's state is in every report: load, stolen time and the probe.
func TestReportsSayWhatElseTheMachineDid(t *testing.T) {
	run := changed(t, usual, func(tr *results.Trial) {
		tr.Probe.Load, tr.Probe.StolenPct = 0.5, 1
		if tr.Impl == shortName(2) {
			tr.Probe.Load, tr.Probe.StolenPct, tr.Probe.ArithNs = 7, 12, 0.9
		}
	})
	got := page(t, run)
	for _, want := range []string{
		"Load of other processes when a trial began: median 0.5 runnable tasks, at most 7.",
		"stolen time): median 1 %, at most 12 %.",
		"Probe, a cache line between two cores: median 55",
		"Probe, one step of arithmetic: median 0.5 ns, from 0.5 ns to 0.9 ns.",
		"measured under more load: 7 tasks, in the run 0.5",
		"the host took 12 % of its time, in the run 1 %",
		"the processor was 1.80 times slower than in the run",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got a page without %q, want it shown", want)
		}
	}
	for _, bad := range []string{"measured under more load: 0.5", "does not say"} {
		if strings.Contains(got, bad) {
			t.Errorf("got a page with %q, want none", bad)
		}
	}
}

// The command that repeats a run can be pasted into a shell.
func TestTheCommandToRepeatCanBePasted(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"run", "mutex"}, "contend run mutex --seed 1"},
		{[]string{"run", "--seed=7"}, "contend run --seed=7"},
		{[]string{"run", "--seed", "7", "--out", "x y", "mutex"}, "contend run --seed 7 mutex"},
		{[]string{"run", "--out=x", "--filter", "/impl:(a OR b)"}, "contend run --filter '/impl:(a OR b)' --seed 1"},
		{[]string{"run", "--set", "it's; $HOME"}, `contend run --set 'it'\''s; $HOME' --seed 1`},
	} {
		run := usual.run(t)
		run.Info.Args = c.args
		got := page(t, run)
		if want := "<pre><code>" + escaped(c.want) + "</code></pre>"; !strings.Contains(got, want) {
			t.Errorf("%q: got a page without %q, want it shown", c.args, want)
		}
		if out, err := exec.Command("sh", "-n", "-c", c.want).CombinedOutput(); err != nil {
			t.Errorf("%s: got %s from a shell, want a command", c.want, out)
		}
	}
	run := usual.run(t)
	run.Info.Args = nil
	if strings.Contains(page(t, run), "To repeat it") {
		t.Error("without arguments: got a command, want none")
	}
}

func escaped(s string) string {
	return strings.NewReplacer("'", "&#39;", "+", "&#43;", "&", "&amp;", "<", "&lt;").Replace(s)
}

// duet is a run of two sides in which the head side takes twice as long.
func duet(t *testing.T) *results.Run {
	run := usual
	run.fails = false
	both := &results.Run{}
	for side, factor := range map[string]float64{"base": 1, "head": 2} {
		one := changed(t, run, func(tr *results.Trial) {
			tr.Side = side
			tr.Values["ns/op"] *= factor
			tr.Values["ops/s"] /= factor
		})
		both.Path, both.Info = one.Path, one.Info
		both.Trials = append(both.Trials, one.Trials...)
	}
	return both
}

// A report of a duet has both sides of each row, and the ratio between them.
func TestADuetShowsBothSidesAndTheRatio(t *testing.T) {
	got := page(t, duet(t))
	for _, want := range []string{
		"<h2>Base and head</h2>", "Head over base", `<td class="n">2.00× (2.00× to 2.00×)</td>`,
		"side=base", "side=head",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got a page without %q, want it shown", want)
		}
	}
	sides := map[string]bool{}
	for _, c := range plots.Charts(duet(t)) {
		for _, side := range []string{"base", "head"} {
			sides[side] = sides[side] || strings.Contains(c.Title, "side="+side)
		}
	}
	if !sides["base"] || !sides["head"] {
		t.Errorf("charts: got sides %v, want both", sides)
	}
	if got := page(t, usual.run(t)); strings.Contains(got, "Base and head") {
		t.Error("a usual run: got a table of sides, want none")
	}
}

// What a row of a duet does not have stays blank, and a failure names its side.
func TestADuetWithoutNumbersShowsNone(t *testing.T) {
	run := duet(t)
	for i := range run.Trials {
		tr := &run.Trials[i]
		switch {
		case tr.Impl == shortName(1) && tr.Side == "head":
			tr.Status, tr.Values, tr.Hist, tr.Reason = results.Failed, nil, "", "two were inside"
		case tr.Impl == shortName(2) && tr.Side == "head":
			tr.Impl = "other"
		}
		if tr.Impl == shortName(0) && tr.Side == "base" {
			again := *tr
			again.Side = results.BaseAgain
			run.Trials = append(run.Trials, again)
		}
	}
	got := page(t, run)
	_, table, _ := strings.Cut(got, "<h2>Base and head</h2>")
	table, _, _ = strings.Cut(table, "</section>")
	for _, bad := range []string{">0<", ">0 ns<", "0.00×"} {
		if strings.Contains(table, bad) {
			t.Errorf("got %q in the table of the duet, want blanks", bad)
		}
	}
	for _, want := range []string{">different, worse<", ">failed<", ">gone<", "floor</th>", " %</td>"} {
		if !strings.Contains(table, want) {
			t.Errorf("got a table without %q, want it", want)
		}
	}
	if want := ", side head<br>two were inside"; !strings.Contains(got, want) {
		t.Errorf("got failures without %q, want it", want)
	}
	for i := range run.Trials {
		run.Trials[i].Status = results.Failed
	}
	if got := page(t, run); strings.Contains(got, "Head over base") {
		t.Error("all failed: got a chart of ratios, want none")
	}
}

// The caption of a fairness chart names the windows of all its rows, and claims nothing of
// others.
func TestAFairnessChartNamesTheWindowsOfAllRows(t *testing.T) {
	run := changed(t, usual, func(tr *results.Trial) {
		if tr.Impl == shortName(3) && tr.Values != nil {
			tr.Values["fair-ms"] = 2000
		}
	})
	found := false
	for _, c := range plots.Charts(run) {
		if strings.Contains(c.Title, "fairness") {
			found = true
			if !strings.Contains(c.Caption, "window of 200 to 2000 ms.") || strings.Contains(c.Caption, "less fair") {
				t.Errorf("got %q, want the range of the windows, and no more", c.Caption)
			}
		}
	}
	if !found {
		t.Error("got no chart of fairness, want one")
	}
}

// The header adds up the trials: a run that was resumed had a pause.
func TestTheHeaderLeavesOutPauses(t *testing.T) {
	run := usual.run(t)
	run.Trials = run.Trials[:3]
	run.Info.End = run.Info.Start.Add(5 * time.Hour)
	if got := page(t, run); !strings.Contains(got, "3 trials, 3s in total.") || strings.Contains(got, "5h") {
		t.Error("got a header without the 3 s of the trials, or with the 5 h between start and end")
	}
}

// A file of another tool says little, and so does its report.
func TestAReportStatesOnlyWhatItKnows(t *testing.T) {
	run := &results.Run{Path: "bench.txt", Trials: []results.Trial{{
		Cell: results.Cell{Contract: "sort", Procs: 2}, Round: 1, Status: results.Ok, Turns: 100,
		Values: map[string]float64{"ns/op": 5},
	}}}
	got := page(t, run)
	for _, bad := range []string{
		"passed its checks", "State:", "had one speed", "0 cores", "To repeat it", "starve", "fastest", "kernel",
	} {
		if strings.Contains(got, bad) {
			t.Errorf("got a page with %q, want none", bad)
		}
	}
	if want := "These results do not say what else the machine did"; !strings.Contains(got, want) {
		t.Errorf("got a page without %q, want it shown", want)
	}
}

// The table's percentiles are those of all trials, as in the chart.
func TestPercentilesOfTheTableAreInOrder(t *testing.T) {
	run := changed(t, usual, func(tr *results.Trial) {
		if tr.Round%2 == 0 {
			delete(tr.Values, "p99.9-ns") // it is slow
		} else if tr.Values != nil {
			tr.Values["p99.9-ns"] = 1
		}
	})
	for _, row := range run.Rows() {
		last := 0.0
		for _, unit := range []string{"p50-ns", "p90-ns", "p99-ns", "p99.9-ns", "max-ns"} {
			v, ok := row.Figure(unit)
			if ok && v < last {
				t.Errorf("%s: got %s = %v, want at least %v", row.Name(), unit, v, last)
			}
			last = max(last, v)
		}
	}
	if got := page(t, run); strings.Contains(got, ">1 ns</td>") {
		t.Error("got a p99.9 of 1 ns, want that of all trials or none")
	}
}

// A row of an open loop whose load came late says so beside its figures.
func TestARowSaysThatItsLoadCameLate(t *testing.T) {
	for late, want := range map[float64]bool{1e3: false, 5e4: true} {
		run := &results.Run{Path: t.TempDir(), Info: results.Info{State: "complete"}}
		for round := range 10 {
			for i, impl := range []string{"sync", "mcs"} {
				run.Trials = append(run.Trials, results.Trial{
					Cell: results.Cell{
						Contract: "mutex", Work: "counter", Impl: impl, Procs: 2,
						Params: []results.Param{{Key: results.RateKey, Value: "20000"}},
					},
					Round: round + 1, Status: results.Ok, Turns: 1000,
					Values: map[string]float64{"p99-ns": 1e5 * float64(i+1), "generator-late-p99-ns": late},
				})
			}
		}
		html := page(t, run)
		if got := strings.Contains(html, "no latency verdict: the load generator began"); got != want {
			t.Errorf("late by %g ns: got it said = %t, want %t", late, got, want)
		}
		if !strings.Contains(html, "p99") {
			t.Errorf("late by %g ns: got no p99, want it", late)
		}
	}
}
