package plots

import (
	"fmt"
	"image/color"
	"iter"
	"slices"
	"strconv"
	"strings"

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
	lone           bool            // no point has two rows to show side by side
}

func sections(run *results.Run) []section {
	var out []section
	index := map[string]int{}
	for _, r := range run.Rows() {
		if _, again := r.Base(); again || r.Side == "head" {
			continue
		}
		s := section{contract: r.Contract, work: r.Work}
		i, ok := index[s.key()]
		if !ok {
			i = len(out)
			index[s.key()] = i
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
		out[i].lone = !slices.ContainsFunc(out[i].by(results.Row.Point), func(rows []results.Row) bool {
			return len(slices.DeleteFunc(rows, func(r results.Row) bool { return !r.Passed() })) > 1
		})
	}
	return out
}

// key names the section in all tables.
func (s section) key() string { return s.contract + " " + s.work }

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

// where names a point by what varies in its section, but for some keys.
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

// by groups the section's rows by a name, in the order in which each name first stands.
func (s section) by(name func(results.Row) string) [][]results.Row {
	var groups [][]results.Row
	index := map[string]int{}
	for _, r := range s.rows {
		i, ok := index[name(r)]
		if !ok {
			i = len(groups)
			index[name(r)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return groups
}

// implsOf are the implementations of rows, in their order.
func implsOf(rows []results.Row) []string {
	var names []string
	for _, r := range rows {
		if !slices.Contains(names, r.Impl) {
			names = append(names, r.Impl)
		}
	}
	return names
}

// at is a place in a chart's title.
func at(where string) string {
	if where == "" {
		return ""
	}
	return " (" + where + ")"
}

// points draws, for each point of the workload: all implementations side by side, latency percentiles,
// and throughput against fairness.
func (s section) points(m material) iter.Seq[Chart] {
	return func(yield func(Chart) bool) {
		kinds := []func([]results.Row, string, map[string]style) Chart{s.bars, s.latency, s.fairness}
		if s.lone { // the points stand side by side instead
			kinds = kinds[1:]
			if !yield(s.bars(s.rows, "", m.looks[s.contract])) {
				return
			}
		}
		for _, rows := range s.by(results.Row.Point) {
			for _, kind := range kinds {
				if !yield(kind(rows, s.where(rows[0].Cell), m.looks[s.contract])) {
					return
				}
			}
		}
	}
}
