package plots

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/contendbench/contend/results"
)

// section is all rows of one workload, with what their charts and their table need to
// know.
type section struct {
	contract, work string
	info           results.WorkInfo
	rank           results.Metric   // what its rows are ranked by
	baseline       string           // what the others are compared with at most of its points
	cores          int              // of the machine; 0: unknown
	looks          map[string]style // by implementation
	rows           []results.Row
	varies         map[string]bool // the dimensions in which the section's points differ
	constant       []string        // the other dimensions, with their values
	lone           bool            // no point has two rows to show side by side
	around         ambient         // what else the machine did during the run
	allCount       bool            // the turns of all goroutines are counted, not only those of one role
}

func sections(run *results.Run, o results.Options) []section {
	var out []section
	index := map[string]int{}
	rows, baselines := run.Rows(), run.Baselines()
	for _, r := range rows {
		if _, again := r.Unalias(); again {
			continue
		}
		s := section{contract: r.Contract, work: r.Work, cores: run.Info.Machine.Cores}
		i, ok := index[s.key()]
		if !ok {
			i = len(out)
			index[s.key()] = i
			s.info, _ = run.Info.Work(r.Contract, r.Work)
			s.rank = run.Info.Ranking(r.Cell, o.Unit)
			if !r.Own() { // it is shown in its unit, and no row is judged by it
				s.rank = run.Info.Metric(r.Contract, r.Work, s.info.Ranks)
			}
			out = append(out, s)
		}
		out[i].rows = append(out[i].rows, r)
	}
	all, around := styles(run, rows), newAmbient(each(run))
	for i := range out {
		s := &out[i]
		s.baseline, s.around = s.commonest(baselines), around
		s.looks = s.looksIn(run, all)
		s.varies, s.constant = varying(s.rows)
		s.allCount = countsAll(s.info, s.rows)
		s.lone = !slices.ContainsFunc(s.by(results.Row.Point), func(rows []results.Row) bool {
			return len(slices.DeleteFunc(rows, func(r results.Row) bool { return !r.Passed() })) > 1
		})
	}
	return out
}

// commonest returns the baseline of most of the section's points; of equals, the first.
func (s section) commonest(baselines map[string]string) string {
	points := map[string]int{}
	best := ""
	for _, rows := range s.by(results.Row.Point) {
		if base := baselines[rows[0].Point()]; base != "" {
			points[base]++
		}
	}
	for _, rows := range s.by(results.Row.Point) {
		if base := baselines[rows[0].Point()]; points[base] > points[best] {
			best = base
		}
	}
	return best
}

// key identifies the section in all tables.
func (s section) key() string { return s.contract + " " + s.work }

// title names the workload. Benchmarks of other tools have only their own name.
func (s section) title() string {
	if s.foreign() {
		return s.contract
	}
	return results.Title(s.contract) + ", " + s.work
}

// foreign reports whether another tool measured the section's rows.
func (s section) foreign() bool { return len(s.rows) > 0 && !s.rows[0].Own() }

// figureOf says what stands for a row in a unit.
func figureOf(rows []results.Row, unit string) string {
	if slices.ContainsFunc(rows, func(r results.Row) bool { return r.MergedIn(unit) }) {
		return "Of all trials merged"
	}
	return "Median over trials"
}

// few says which intervals are only ranges, because a row has too few trials for one.
func few(rows []results.Row, unit string) string {
	for _, r := range rows {
		if r.Estimate(unit).Few {
			return " Rows of fewer than 6 trials have no interval; their whole range is drawn."
		}
	}
	return ""
}

// byTime reports whether the rows are ranked by the time of a turn.
func (s section) byTime() bool { return s.rank.Unit == nsPerOp }

// turns is the plural of what a turn is. A name without a simple plural appears in the
// caption instead.
func (s section) turns() string {
	op := s.info.Op
	if op == "" || strings.Contains(op, " ") || strings.HasSuffix(op, "y") {
		return "turns"
	}
	return op + "s"
}

// turn says what a turn is if turns does not.
func (s section) turn() string {
	if s.info.Op == "" || s.turns() != "turns" {
		return ""
	}
	return " A turn is one " + s.info.Op + "."
}

// failed says how many rows are not drawn.
func failed(rows []results.Row) string {
	n := 0
	for _, r := range rows {
		if !r.Passed() {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return " One row failed its checks and is not drawn."
	}
	return fmt.Sprintf(" %d rows failed their checks and are not drawn.", n)
}

// dimensions returns a cell's parameters, with GOMAXPROCS, as texts.
func dimensions(c results.Cell) (keys, values []string) {
	for _, p := range c.Params {
		keys, values = append(keys, p.Key), append(values, p.Value)
	}
	return append(keys, "GOMAXPROCS"), append(values, strconv.Itoa(c.Procs))
}

// varying returns the keys that have more than one value among rows. It also returns the
// other keys with their values, since those need to be said only once.
func varying(rows []results.Row) (varies map[string]bool, constant []string) {
	seen := map[string]map[string]bool{}
	var order []string
	for _, r := range rows {
		keys, values := dimensions(r.Cell)
		for i, k := range keys {
			if seen[k] == nil {
				seen[k] = map[string]bool{}
				order = append(order, k)
			}
			seen[k][values[i]] = true
		}
	}
	varies = map[string]bool{}
	for _, k := range order {
		varies[k] = len(seen[k]) > 1
		for v := range seen[k] {
			if !varies[k] {
				constant = append(constant, k+"="+v)
			}
		}
	}
	return varies, constant
}

// where names a point by what varies in its section, except the keys in but.
func (s section) where(c results.Cell, but ...string) string {
	var parts []string
	keys, values := dimensions(c)
	for i, k := range keys {
		if s.varies[k] && !slices.Contains(but, k) {
			parts = append(parts, k+"="+values[i])
		}
	}
	return strings.Join(parts, ", ")
}

// by groups the section's rows by a name, in order of first appearance.
func (s section) by(name func(results.Row) string) [][]results.Row {
	var groups [][]results.Row
	index := map[string]int{}
	for _, r := range s.rows {
		key := name(r)
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

// implsOf returns the implementations of rows, in order of first appearance.
func implsOf(rows []results.Row) []string {
	var names []string
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[r.Impl] {
			seen[r.Impl] = true
			names = append(names, r.Impl)
		}
	}
	return names
}

// at puts a place in brackets, for the end of a chart's title.
func at(where string) string {
	if where == "" {
		return ""
	}
	return " (" + where + ")"
}

// points draws, for each point of the workload, all implementations side by side, latency
// percentiles, and throughput against fairness.
func (s section) points() iter.Seq[Chart] {
	return func(yield func(Chart) bool) {
		kinds := []func([]results.Row, string) Chart{s.bars, s.latency, s.fairness}
		if s.lone { // one chart shows the points side by side
			kinds = kinds[1:]
			if !yield(s.bars(s.rows, "")) {
				return
			}
		}
		for _, rows := range s.by(results.Row.Point) {
			for _, kind := range kinds {
				if !yield(kind(rows, s.where(rows[0].Cell))) {
					return
				}
			}
		}
	}
}
