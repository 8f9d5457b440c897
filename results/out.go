package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The rule that keeps a row from winning. METHOD.md gives the reasons.
const (
	unfairRatio   = 0.5 // a Jain index below this share of the fairest one
	unfairShare   = 0.1 // a least share of a worker below this share of the fairest row's
	longTailRatio = 10  // a p99 of at least this many times that of the others
	longWaitRatio = 3   // a longest wait of at least this many times the shortest of its peers
	shortTail     = 1e6 // ns: a p99 below it keeps no row from winning
	shortWait     = 4e7 // ns: a longest wait below it, two time slices of Go, keeps no row from winning
	busyShare     = 0.75
	busyPeers     = 2 // a peer of a row that keeps all processors busy takes at most this many times as long
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
	impl                                         string
	ns, jain, least, starved, fairMs, wait, tail float64
	fair, shared, waited, tailed, busy, control  bool
	tailName                                     string
	windows, waits                               int // trials that fairness and the longest wait are from
	long                                         int // of waits: those that are not short
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

func waitsOf(r Row, unit string, processors int) (w waits) {
	jain, least, starved := r.Sample("jain"), r.Sample("min-share"), r.Sample("starved")
	w.impl, w.jain, w.least, w.starved = r.Impl, jain.Median, least.Median, starved.Median
	w.fairMs, w.ns = r.Sample("fair-ms").Median, r.Sample(nsPerOp).Median
	w.fair, w.shared = jain.N > 0 || starved.N > 0, least.N > 0
	w.wait, w.waited = r.Figure(unit)
	for _, v := range r.Values(unit) {
		w.waits++
		if v >= shortWait {
			w.long++
		}
	}
	if unit == "max-ns" && r.generatorWaited(w.wait) {
		w.waited = false
	}
	w.windows = max(jain.N, starved.N, least.N)
	w.tail, w.tailName, w.tailed = r.tail()
	w.busy = w.ns > 0 && r.Sample("cpu-ns/op").Median >= busyShare*float64(processors)*w.ns
	return w
}

// remark notes which rows cannot win and why, and which have a long tail.
func (v *Verdict) remark(p point, rows []Row, info *Info) {
	unit, name := waitUnit(rows)
	all := make([]waits, len(rows))
	var fairest, least float64
	work, _ := info.Work(v.Contract, v.Work)
	v.Measured.Alone = true
	for i, r := range rows {
		g := work.Goroutines(r)
		all[i] = waitsOf(r, unit, processors(g, r.Procs, info.Machine.Cores))
		all[i].control = v.Rows[i].Control
		v.Measured.Alone = v.Measured.Alone && g == 1
		if !v.Rows[i].Control {
			fairest, least = max(fairest, all[i].jain), max(least, all[i].least)
			v.Measured.count(all[i])
		}
	}
	tails := v.contenders(all, func(w waits) (float64, bool) { return w.tail, w.tailed })
	stall := p.stall(info, unit)
	for i, r := range rows {
		row, w := &v.Rows[i], all[i]
		row.Starves = w.unfair(fairest, least)
		queue := float64(work.Goroutines(r)) * w.ns
		reasons := []string{row.Starves, w.waitsLong(name, all, queue, stall)}
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
		if row.Value.N == 0 {
			reasons = append(reasons, row.Lacks)
		}
		row.Out = joined(reasons)
	}
}

// waitsLong says by how much the row's longest wait exceeds the shortest one of its peers;
// "" if it is not remarkable. Peers are all other contenders. If the row keeps all
// processors busy, its workers may have waited for one of them only, as those of equally
// fast rows did: its peers take at most twice as long.
// queue is what a turn of each worker takes, and stall what the machine adds, in ns.
func (w waits) waitsLong(name string, all []waits, queue, stall float64) string {
	var best *waits
	for i := range all {
		peer := &all[i]
		if !peer.waited || peer.control || peer.impl == w.impl || w.busy && peer.ns > busyPeers*w.ns {
			continue
		}
		if best == nil || peer.wait < best.wait {
			best = peer
		}
	}
	if !w.waited || best == nil || w.wait < longWaitRatio*max(best.wait, queue)+stall {
		return ""
	}
	if w.wait < shortWait || w.long == 1 && w.waits > 1 { // a single stall may be the machine's
		return ""
	}
	text := fmt.Sprintf("%s %s where that of %s is %s", name, nanoseconds(w.wait), best.impl, nanoseconds(best.wait))
	if w.waits > 1 {
		text += fmt.Sprintf(" (over %s in %d of %d trials)", nanoseconds(shortWait), w.long, w.waits)
	}
	return text + once(w.waits)
}

// stall returns by how much the longest waits of the same code differ at a point, in ns:
// those of the baseline's two names. It is 0 if the baseline has no second name.
func (p point) stall(info *Info, unit string) float64 {
	base, ok := p.baseline(info)
	if !ok {
		return 0
	}
	second, _ := p.second(base)
	one, once := base.Figure(unit)
	two, twice := second.Figure(unit)
	if !once || !twice {
		return 0
	}
	return math.Abs(one - two)
}

// processors returns how many processors a row's goroutines can keep busy. Unknown numbers
// of goroutines and cores are 0.
func processors(goroutines, procs, cores int) int {
	for _, n := range []int{goroutines, cores} {
		if n > 0 {
			procs = min(procs, n)
		}
	}
	return procs
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
func (w waits) unfair(fairest, least float64) string {
	switch {
	case w.starved > 0:
		return fmt.Sprintf("%.3g workers got no turn in %.0f ms", w.starved, w.fairMs) + once(w.windows)
	case w.fair && w.jain < unfairRatio*fairest:
		return fmt.Sprintf("Jain's index is %.2f where the fairest has %.2f", w.jain, fairest) + once(w.windows)
	case w.shared && w.least < unfairShare*least:
		return fmt.Sprintf("a worker had %.2g of an equal share where the fairest row gave each %.2g", w.least, least) +
			once(w.windows)
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
