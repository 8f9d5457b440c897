package results

import (
	"fmt"
	"slices"
	"strings"
)

// The rule that keeps a row from winning. METHOD.md gives the reasons.
const (
	unfairRatio   = 0.5 // a Jain index below this share of the fairest one
	longTailRatio = 10  // a p99 of at least this many times that of the others
	longWaitRatio = 3   // a longest wait of at least this many times that of the others
	shortTail     = 1e6 // ns: a p99 below it keeps no row from winning
	shortWait     = 1e7 // ns: a longest wait below it keeps no row from winning
	sliceWait     = 2e7 // ns: what Go lets a goroutine run before the next one has its processor
)

// A Measured says what was measured at a point besides what ranks its rows.
type Measured struct {
	Rows     int  `json:"rows"`     // that compete
	Fairness int  `json:"fairness"` // of them, those with a fairness window
	Wait     int  `json:"longest_wait"`
	Tail     int  `json:"tail"`
	Alone    bool `json:"alone"` // one goroutine, so fairness is no question
}

// Missing names what was not measured, for the end of a sentence; "" if all was.
func (m Measured) Missing() string {
	var none, some []string
	for _, f := range []struct {
		name string
		rows int
		ask  bool
	}{{"fairness", m.Fairness, !m.Alone}, {"longest wait", m.Wait, !m.Alone}, {"tail", m.Tail, true}} {
		switch {
		case !f.ask || f.rows == m.Rows:
		case f.rows == 0:
			none = append(none, f.name)
		default:
			some = append(some, fmt.Sprintf("%s measured for %d of %d rows here", f.name, f.rows, m.Rows))
		}
	}
	if len(none) > 0 {
		some = append([]string{and(none) + " not measured here"}, some...)
	}
	return strings.Join(some, ", ")
}

// and joins names as a sentence does.
func and(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// waits are what a row's verdict looks at besides its main figure.
type waits struct {
	ns, jain, starved, fairMs, wait, tail float64
	fair, waited, tailed                  bool
	tailName                              string
	windows, waits                        int // trials that fairness and the longest wait are from
}

// waitUnit returns the unit of the longest wait at a point. Without a fairness window, it
// is the longest sampled latency.
func waitUnit(rows []Row) (unit, name string) {
	for _, r := range rows {
		if len(r.Values("wait-max-ns")) > 0 {
			return "wait-max-ns", "longest wait"
		}
	}
	return "max-ns", "longest sampled latency"
}

func waitsOf(r Row, unit string) (w waits) {
	jain, starved, longest := r.Sample("jain"), r.Sample("starved"), r.Sample(unit)
	w.jain, w.starved, w.fairMs, w.wait = jain.Median, starved.Median, r.Sample("fair-ms").Median, longest.Median
	w.ns = r.Sample(nsPerOp).Median
	w.fair, w.waited = jain.N > 0 || starved.N > 0, longest.N > 0
	if unit == "max-ns" && r.generatorWaited(w.wait) {
		w.waited = false
	}
	w.windows, w.waits = max(jain.N, starved.N), longest.N
	w.tail, w.tailName, w.tailed = r.tail()
	return w
}

// remark notes which rows cannot win and why, and which have a long tail.
func (v *Verdict) remark(rows []Row, info *Info) {
	unit, name := waitUnit(rows)
	all := make([]waits, len(rows))
	var fairest float64
	work, _ := info.Work(v.Contract, v.Work)
	v.Measured.Alone = true
	for i, r := range rows {
		all[i] = waitsOf(r, unit)
		v.Measured.Alone = v.Measured.Alone && work.Goroutines(r) == 1
		if !v.Rows[i].Control {
			fairest = max(fairest, all[i].jain)
			v.Measured.count(all[i])
		}
	}
	longest := v.contenders(all, func(w waits) (float64, bool) { return w.wait, w.waited })
	tails := v.contenders(all, func(w waits) (float64, bool) { return w.tail, w.tailed })
	for i, r := range rows {
		row, w := &v.Rows[i], all[i]
		row.Starves = w.unfair(fairest)
		reasons := []string{row.Starves}
		if other, n := others(longest, w.wait, w.waited && !row.Control); w.waited && n > 0 {
			g := work.Goroutines(r)
			if w.wait >= longWaitRatio*max(other, float64(g)*w.ns) && w.wait >= queueWait(g, r.Procs) {
				reasons = append(reasons, beyond(name, w.wait, other)+once(w.waits))
			}
		}
		if other, n := others(tails, w.tail, w.tailed && !row.Control); w.tailed && n > 0 {
			if w.tail >= longTailRatio*other {
				row.Tail = beyond(w.tailName, w.tail, other)
			}
			if row.Tail != "" && w.tail >= shortTail {
				reasons = append(reasons, row.Tail)
				row.Tail = ""
			}
		}
		if v.Unit == nsPerOp || v.Unit == "ops/s" {
			row.Turns = r.FewTurns()
			if r.turnsOf().tooFew() {
				reasons = append(reasons, row.Turns)
			}
		}
		row.Late = r.lateIn(v.Unit)
		if row.Late != "" {
			reasons = []string{row.Late} // the others may follow from it
		}
		row.Out = joined(reasons)
	}
}

func joined(reasons []string) string {
	var given []string
	for _, r := range reasons {
		if r != "" {
			given = append(given, r)
		}
	}
	return strings.Join(given, ", ")
}

func (m *Measured) count(w waits) {
	m.Rows++
	if w.fair {
		m.Fairness++
	}
	if w.waited {
		m.Wait++
	}
	if w.tailed {
		m.Tail++
	}
}

// unfair says how unfair a row is; "" if it is not remarkable.
func (w waits) unfair(fairest float64) string {
	switch {
	case w.starved > 0:
		return fmt.Sprintf("%.3g workers got no turn in %.0f ms", w.starved, w.fairMs) + once(w.windows)
	case w.fair && w.jain < unfairRatio*fairest:
		return fmt.Sprintf("Jain's index is %.2f where the fairest has %.2f", w.jain, fairest) + once(w.windows)
	}
	return ""
}

// contenders returns a figure of the rows that compete, in ascending order.
func (v *Verdict) contenders(all []waits, figure func(waits) (float64, bool)) (values []float64) {
	for i, w := range all {
		if f, ok := figure(w); ok && !v.Rows[i].Control {
			values = append(values, f)
		}
	}
	slices.Sort(values)
	return values
}

// others returns the median of sorted figures and their number. One of them is left out if
// it is the row's own.
func others(sorted []float64, own float64, is bool) (median float64, n int) {
	n = len(sorted)
	at, found := slices.BinarySearch(sorted, own)
	if !is || !found {
		return Median(sorted), n
	}
	if n--; n == 0 {
		return 0, 0
	}
	value := func(i int) float64 {
		if i >= at {
			i++
		}
		return sorted[i]
	}
	return (value((n-1)/2) + value(n/2)) / 2, n
}

// queueWait returns how long a goroutine waits for its processor alone, if all others on
// it run until they are preempted, in ns.
func queueWait(goroutines, procs int) float64 {
	before := 0
	if procs > 0 && goroutines > procs {
		before = (goroutines+procs-1)/procs - 1
	}
	return max(shortWait, sliceWait*float64(before))
}

// once says that a reason is from one trial only, which a busy machine may have disturbed.
func once(trials int) string {
	if trials == 1 {
		return " (in its only trial with that window)"
	}
	return ""
}

func beyond(what string, ns, others float64) string {
	return fmt.Sprintf("%s %s where the median of the others is %s", what, nanoseconds(ns), nanoseconds(others))
}
