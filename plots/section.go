package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/plotter"

	"github.com/contendbench/contend/results"
)

var plotWhite = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}

// section is all rows of one workload.
type section struct {
	contract, work string
	info           results.WorkInfo
	rows           []results.Row
	varies         map[string]bool // the dimensions that tell the section's points apart
	constant       []string        // the others, with their values
}

func sections(run *results.Run) []section {
	var out []section
	index := map[string]int{}
	for _, r := range run.Rows() {
		if _, again := r.Base(); again || r.Side == "head" {
			continue
		}
		key := r.Contract + " " + r.Work
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			s := section{contract: r.Contract, work: r.Work}
			for _, w := range run.Info.Works {
				if w.Contract == r.Contract && w.Name == r.Work {
					s.info = w
				}
			}
			out = append(out, s)
		}
		out[i].rows = append(out[i].rows, r)
	}
	for i := range out {
		out[i].varies, out[i].constant = varying(out[i].rows)
	}
	return out
}

func (s section) title() string { return results.Title(s.contract) + ", " + s.work }

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

// dimensions are a cell's parameters with GOMAXPROCS, as texts.
func dimensions(c results.Cell) (keys, values []string) {
	for _, p := range c.Params {
		keys, values = append(keys, p.Key), append(values, p.Value)
	}
	return append(keys, "GOMAXPROCS"), append(values, strconv.Itoa(c.Procs))
}

// varying returns the keys that have more than one value among rows, and the others with their values: what is
// the same everywhere is said once.
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

// where names a point by what varies in its section, but for one key.
func (s section) where(c results.Cell, key string) string {
	var parts []string
	keys, values := dimensions(c)
	for i, k := range keys {
		if s.varies[k] && k != key {
			parts = append(parts, k+"="+values[i])
		}
	}
	return strings.Join(parts, ", ")
}

// at is a place in a chart's title.
func at(where string) string {
	if where == "" {
		return ""
	}
	return " (" + where + ")"
}

// scaling draws throughput over the workload's own parameter, a chart for each setting of the others.
func (s section) scaling(run *results.Run, looks map[string]style) []Chart {
	key := s.info.Curve
	if key == "" {
		return nil
	}
	groups := map[string]map[string][]results.Row{}
	var order []string
	for _, r := range s.rows {
		g := s.where(r.Cell, key)
		if groups[g] == nil {
			groups[g] = map[string][]results.Row{}
			order = append(order, g)
		}
		groups[g][r.Impl] = append(groups[g][r.Impl], r)
	}
	var out []Chart
	for _, g := range order {
		c := Chart{
			Name: fileName(s.contract, s.work, "scaling", g), Section: s.contract + " " + s.work,
			Title: fmt.Sprintf("%s: throughput over %s%s", s.title(), key, at(g)),
			plot:  newPlot(key, s.info.Op+"s a second"), width: chartWidth, height: chartHeight,
		}
		c.grid()
		c.plot.X.Tick.Marker, c.plot.Y.Tick.Marker = ticksAt(powersOfTwo), decades(rate)
		points := 0
		for _, impl := range implsIn(run, groups[g]) {
			line := curve(groups[g][impl], key)
			line.name, line.style = impl, looks[impl]
			if len(line.points) > 1 { // one point is no curve; it stands in the chart of its point
				points = len(line.points)
				c.line(line)
			}
		}
		if points < 2 {
			continue
		}
		c.Caption = "The line joins medians; the band is their 95 % interval." + oversubscribed(run, key) + failed(s.rows)
		out = append(out, c)
	}
	return out
}

func oversubscribed(run *results.Run, key string) string {
	if key != "goroutines" || run.Info.Machine.Cores == 0 {
		return ""
	}
	return fmt.Sprintf(" Beyond %d goroutines the machine's cores are oversubscribed: that is no hardware scaling.", run.Info.Machine.Cores)
}

// implsIn returns the names in a group in the order of the run's tables.
func implsIn(run *results.Run, group map[string][]results.Row) []string {
	var names []string
	add := func(name string) {
		if _, ok := group[name]; ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, i := range run.Info.Impls {
		add(i.Name)
	}
	for _, t := range run.Trials {
		add(t.Impl)
	}
	return names
}

func curve(rows []results.Row, key string) (s series) {
	type at struct{ x, y, low, high float64 }
	var points []at
	for _, r := range rows {
		text, _ := r.Get(key)
		x, err := strconv.ParseFloat(text, 64)
		sample := r.Sample("ops/s")
		if err != nil || x <= 0 || sample.N == 0 || sample.Low <= 0 {
			continue
		}
		points = append(points, at{math.Log2(x), math.Log10(sample.Median), math.Log10(sample.Low), math.Log10(sample.High)})
	}
	slices.SortFunc(points, func(a, b at) int { return int(math.Copysign(1, a.x-b.x)) })
	for _, p := range points {
		s.points = append(s.points, plotter.XY{X: p.x, Y: p.y})
		s.low, s.high = append(s.low, p.low), append(s.high, p.high)
	}
	return s
}

// points draws, for each point of the workload: all implementations side by side, latency percentiles,
// and throughput against fairness; it stops when there is no room for more.
func (s section) points(run *results.Run, looks map[string]style, room int) []Chart {
	groups := map[string]map[string][]results.Row{}
	var order []string
	for _, r := range s.rows {
		g := r.Point()
		if groups[g] == nil {
			groups[g] = map[string][]results.Row{}
			order = append(order, g)
		}
		groups[g][r.Impl] = append(groups[g][r.Impl], r)
	}
	var out []Chart
	for _, g := range order {
		if len(out) >= room {
			return out
		}
		var rows []results.Row
		for _, impl := range implsIn(run, groups[g]) {
			rows = append(rows, groups[g][impl]...)
		}
		where := s.where(rows[0].Cell, "")
		for _, c := range []Chart{s.bars(rows, where, looks), s.latency(rows, where, looks), s.fairness(rows, where, looks)} {
			if c.plot != nil {
				c.Section = s.contract + " " + s.work
				out = append(out, c)
			}
		}
	}
	return out
}
