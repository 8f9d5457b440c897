package results

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// encoded is a histogram of samples: n of short, and one in a hundred of long, in ns.
func encoded(t *testing.T, n int, short, long int64) string {
	t.Helper()
	h := hdrhistogram.New(minLatency, maxLatency, latencyDigits)
	for i := range n {
		v := short
		if i%100 == 0 {
			v = long
		}
		if err := h.RecordValue(v); err != nil {
			t.Fatal(err)
		}
	}
	text, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// timedRow is a row of fast trials, which have enough samples for p99.9, and slow ones,
// which do not.
func timedRow(t *testing.T) Row {
	t.Helper()
	row := Row{Cell: cell("sync")}
	for i := range 12 {
		tr := Trial{Cell: row.Cell, Round: i + 1, Status: Ok, Turns: 1000}
		if i%3 == 0 {
			tr.Values = map[string]float64{
				"p50-ns": 30, "p90-ns": 30, "p99-ns": 40, "p99.9-ns": 40, "max-ns": 41, "samples": 20_000,
			}
			tr.Hist = encoded(t, 20_000, 30, 40)
		} else {
			tr.Values = map[string]float64{
				"p50-ns": 5000, "p90-ns": 5000, "p99-ns": 90_000, "max-ns": 90_001, "samples": 2000,
			}
			tr.Hist = encoded(t, 2000, 5000, 90_000)
		}
		row.Good = append(row.Good, &tr)
	}
	return row
}

// A percentile is of all trials. A median over the trials that have one would be that of
// the fast trials.
func TestPercentilesComeFromAllTrials(t *testing.T) {
	row := timedRow(t)
	last := 0.0
	for _, unit := range []string{"p50-ns", "p90-ns", "p99-ns", "p99.9-ns", "max-ns"} {
		v, ok := row.Figure(unit)
		if !ok || v < last {
			t.Errorf("%s: got %v, %v, want at least %v", unit, v, ok, last)
		}
		last = v
	}
	if v, _ := row.Figure("p99.9-ns"); v < 80_000 {
		t.Errorf("got p99.9 = %v ns, want about 90,000: one turn in 600 takes that", v)
	}
	if last != 90_001 {
		t.Errorf("got max = %v ns, want 90001, the longest of any trial", last)
	}
}

func TestAPercentileNeedsTenSamplesBeyondIt(t *testing.T) {
	for samples, want := range map[int]bool{9_999: false, 10_000: true} {
		row := Row{Cell: cell("sync"), Good: []*Trial{{
			Status: Ok, Hist: encoded(t, samples, 30, 40),
			Values: map[string]float64{"samples": float64(samples), "max-ns": 40},
		}}}
		if _, ok := row.Figure("p99.9-ns"); ok != want {
			t.Errorf("%d samples: got p99.9 %v, want %v", samples, ok, want)
		}
	}
}

// Without the histograms of all trials, a row has no percentile; its longest latency is
// sound.
func TestRowsWithoutHistogramsHaveNoPercentiles(t *testing.T) {
	lost := timedRow(t)
	lost.Good[1].Hist = ""
	old := timedRow(t)
	for i := range old.Good {
		old.Good[i].Hist = ""
	}
	for name, row := range map[string]Row{"one lost": lost, "none kept": old} {
		for unit := range percentiles {
			if v, ok := row.Figure(unit); ok {
				t.Errorf("%s: got %s = %v, want none", name, unit, v)
			}
		}
		if v, ok := row.Figure("max-ns"); !ok || v != 90_001 {
			t.Errorf("%s: got max %v, %v, want 90001", name, v, ok)
		}
	}
}

func TestTrialsWithoutATurnAreSaidToBe(t *testing.T) {
	row := func(turns ...uint64) Row {
		r := Row{Cell: cell("etcd")}
		for i, n := range turns {
			tr := Trial{Cell: r.Cell, Round: i + 1, Status: Ok, Turns: n, Values: map[string]float64{}}
			if n == 0 {
				tr.Values[emptyWindows], tr.Values[emptyMs] = 2, 200
			} else {
				tr.Values["ns/op"] = 1e8 / float64(n)
			}
			r.Good = append(r.Good, &tr)
		}
		return r
	}
	for _, c := range []struct {
		row  Row
		want string
	}{
		{row(0, 0, 0), "no turn finished in 6 windows of 100 ms"},
		{row(0, 50, 60), "no turn finished in 2 windows of 100 ms (1 of 3 trials)"},
		{row(3, 4, 5), "only 4 turns in a trial"},
		{row(3, 40, 50), "fewer than 10 turns in 1 of 3 trials"},
		{row(30, 40, 50), ""},
	} {
		if got := c.row.FewTurns(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	none := row(0, 0)
	if v := none.Values("ns/op"); len(v) != 0 {
		t.Errorf("got ns/op %v, want none", v)
	}
	old := Row{Cell: cell("etcd"), Good: []*Trial{{
		Cell: cell("etcd"), Status: Ok, Windows: []float64{7e6}, Values: map[string]float64{"ns/op": 7e6},
	}}}
	if v := old.Values("ns/op"); len(v) != 0 || old.FewTurns() != "no turn finished (1 of 1 trials)" {
		t.Errorf("an older journal: got ns/op %v and %q, want none and no turn", v, old.FewTurns())
	}
}

// A line of bench.txt has the number of turns that were made, and can be read again.
func TestALineHasTheRealNumberOfTurns(t *testing.T) {
	run := &Run{Trials: []Trial{{
		Cell: cell("etcd"), Round: 1, Status: Ok, Values: map[string]float64{emptyWindows: 2, emptyMs: 200, "ops/s": 0},
	}}}
	var b bytes.Buffer
	if err := run.WriteBench(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	again, err := Open(file)
	if err != nil || len(again.Trials) != 1 || again.Trials[0].Turns != 0 || again.Trials[0].Values["ns/op"] != 0 {
		t.Errorf("got %+v and error %v of %q, want a trial of no turn and no ns/op", again, err, b.String())
	}
}

// A row whose turns outlast the windows is in the verdict, and does not win.
func TestARowWithoutATurnIsListed(t *testing.T) {
	run := duel(12, func(t *Trial) {
		if fair(t); t.Impl == "slow" {
			delete(t.Values, "ns/op")
			t.Turns, t.Values[emptyWindows], t.Values[emptyMs] = 0, 2, 14
		}
	})
	v := oneVerdict(t, run)
	const want = "no turn finished in 24 windows of 7 ms"
	if text := textOf(v, "slow"); !slices.Equal(v.Best, []string{"quick"}) || !strings.Contains(text, want) {
		t.Errorf("got best %q and %q, want quick, and slow without a turn", v.Best, text)
	}
}
