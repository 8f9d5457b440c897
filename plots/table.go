package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/contendbench/contend/results"
)

// column is one figure of a section's table.
type column struct {
	Head, About string
	unit        string // "" for the interval and for the number of trials
	show        func(float64) string
}

// heads shortens units for which the head and the values say enough.
var heads = map[string]string{
	"p50-ns": "p50", "p90-ns": "p90", "p99-ns": "p99", "p99.9-ns": "p99.9", "max-ns": "max", "jain": "Jain",
	"wait-max-ns": "longest wait", "cpu-ns/op": "cpu ns/op",
}

// maxColumns bounds the metrics of a table, some of which come from a file.
const maxColumns = 60

// columns returns the figures of the section's table. First comes the metric that ranks
// the rows, then the standard metrics that any row has, then those that the workload
// declares. Runs of older versions declare none, so all other units of the rows come
// last.
func (s section) columns(info *results.Info) []column {
	has := map[string]bool{}
	for _, r := range s.rows {
		if !r.Passed() {
			continue
		}
		for _, t := range r.Good {
			for unit := range t.Values {
				has[unit] = true
			}
		}
	}
	units := []string{s.rank.Unit}
	add := func(unit string) {
		if len(units) < maxColumns && !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	for _, m := range results.Standard {
		if has[m.Unit] {
			add(m.Unit)
		}
	}
	for _, m := range info.Metrics(s.contract, s.work) {
		add(m.Unit)
	}
	for _, unit := range slices.Sorted(maps.Keys(has)) {
		add(unit)
	}
	var out []column
	for i, unit := range units {
		m := info.Metric(s.contract, s.work, unit)
		if i > 0 && !s.shows(unit) && !slices.Contains(info.Metrics(s.contract, s.work), m) {
			continue
		}
		if i > 0 && m.Rare && s.zero(unit) {
			continue
		}
		c := column{Head: unit, About: about(m), unit: unit, show: figures(unit)}
		if head, ok := heads[unit]; ok {
			c.Head = head
		}
		if unit == nsPerOp {
			c.show = precise
		}
		if i > 0 {
			out = append(out, c)
			continue
		}
		interval := column{Head: "95 % interval", About: "of the median of " + unit, show: c.show}
		if slices.ContainsFunc(s.rows, func(r results.Row) bool { return r.MergedIn(unit) }) {
			interval.About = "of " + unit + ", from a bootstrap over the trials"
		} else if how := results.FigureAbout(unit); how != "" {
			c.About = strings.Replace(c.About, how, "the median of those of the trials", 1)
		}
		out = append(out, c, interval)
	}
	return append(out, column{Head: "trials", About: "number of trials that have a value of " + s.rank.Unit})
}

// shows reports whether any row has a figure of a unit. Without one, a column says
// nothing, unless the workload declares it.
func (s section) shows(unit string) bool {
	return slices.ContainsFunc(s.rows, func(r results.Row) bool {
		_, ok := r.Figure(unit)
		return ok && r.Passed()
	})
}

// zero reports whether no row has a figure of a unit but zero.
func (s section) zero(unit string) bool {
	return !slices.ContainsFunc(s.rows, func(r results.Row) bool {
		v, ok := r.Figure(unit)
		return ok && v != 0
	})
}

// about describes a metric for a column's tooltip.
func about(m results.Metric) string {
	var parts []string
	if m.About != "" {
		parts = append(parts, m.About)
	}
	if how := results.FigureAbout(m.Unit); how != "" {
		parts = append(parts, how)
	}
	if m.Better != results.Neither {
		parts = append(parts, string(m.Better)+" is better")
	}
	return strings.Join(parts, "; ")
}

func precise(v float64) string { return fmt.Sprintf("%.4g", v) }

// reportRow is a row of a section's table.
type reportRow struct {
	Impl, Kind, Promises, Where string
	Cells                       []number
	Notes                       []string
	Outcome                     string // a word, never only a colour
	Text                        string
	Control                     bool
}

// number is a cell of the table, with what it sorts by.
type number struct {
	Text string
	Sort float64 // NaN sorts last
}

// SortKey returns the number for the table's script.
func (n number) SortKey() string {
	if math.IsNaN(n.Sort) {
		return ""
	}
	return strconv.FormatFloat(n.Sort, 'g', -1, 64)
}

var blank = number{"", math.NaN()}

// row makes a row of the table; impl and v are empty if nothing is known of them.
func (s section) row(
	row results.Row, columns []column, impl results.ImplInfo, v results.RowVerdict, near func(results.Trial) bool,
) reportRow {
	said := func(note string) bool { return strings.Contains(v.Text, note) }
	return reportRow{
		Impl: row.Impl, Kind: impl.Kind, Promises: strings.Join(impl.Promises, ", "), Where: s.where(row.Cell),
		Cells: s.cells(row, columns), Notes: slices.DeleteFunc(s.notes(row, near), said),
		Outcome: string(v.Outcome), Text: v.Text, Control: v.Control,
	}
}

func (s section) cells(row results.Row, columns []column) []number {
	var cells []number
	rank, figure := row.Estimate(s.rank.Unit), row.Figures()
	for i, c := range columns {
		value, ok := figure(c.unit)
		switch {
		case i == len(columns)-1: // the number of trials
			cells = append(cells, number{strconv.Itoa(rank.N), float64(rank.N)})
		case i == 0 && rank.N > 0:
			cells = append(cells, number{c.show(rank.Median), rank.Median})
		case i == 1 && rank.Few:
			cells = append(cells, blank)
		case i == 1 && rank.N > 0: // the interval
			cells = append(cells, number{c.show(rank.Low) + " to " + c.show(rank.High), rank.Low})
		case !ok:
			cells = append(cells, blank)
		default:
			cells = append(cells, number{c.show(value), value})
		}
	}
	return cells
}
