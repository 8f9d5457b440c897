package results

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Row is all trials of one cell, of one side in a duet.
type Row struct {
	Cell
	Side string
	Good []Trial // ok, by round
	Bad  []Trial // the others; a row that has any shows no number
}

// Rows groups trials by cell and side, in the order in which each first stands.
func Rows(trials []Trial) []Row {
	var rows []Row
	index := map[string]int{}
	for _, t := range trials {
		key := t.Side + " " + t.Name()
		i, ok := index[key]
		if !ok {
			i = len(rows)
			index[key] = i
			rows = append(rows, Row{Cell: t.Cell, Side: t.Side})
		}
		if t.Status == Ok {
			rows[i].Good = append(rows[i].Good, t)
		} else {
			rows[i].Bad = append(rows[i].Bad, t)
		}
	}
	for _, r := range rows {
		slices.SortStableFunc(r.Good, func(a, b Trial) int { return a.Round - b.Round })
	}
	return rows
}

// Passed reports whether the row may show numbers: it has trials, and all of them are ok.
func (r Row) Passed() bool { return len(r.Bad) == 0 && len(r.Good) > 0 }

// Values returns the values of a unit by round; nil if the row did not pass.
func (r Row) Values(unit string) []float64 {
	if !r.Passed() {
		return nil
	}
	var values []float64
	for _, t := range r.Good {
		if v, ok := t.Values[unit]; ok {
			values = append(values, v)
		}
	}
	return values
}

// Sample summarizes the values of a unit.
func (r Row) Sample(unit string) Sample { return Summarize(r.Values(unit)) }

// Rows returns the run's rows in the order of its tables: workloads, points by their parameters, implementations.
func (r *Run) Rows() []Row {
	work, impl := map[string]int{}, map[string]int{}
	for i, w := range r.Info.Works {
		work[w.Contract+" "+w.Name] = i
	}
	for i, m := range r.Info.Impls {
		impl[m.Contract+" "+m.Name] = i
	}
	rows := Rows(r.Trials)
	slices.SortStableFunc(rows, func(a, b Row) int {
		nameA, _ := a.Base()
		nameB, _ := b.Base()
		return cmp.Or(
			cmp.Compare(work[a.Contract+" "+a.Work], work[b.Contract+" "+b.Work]),
			compareParams(a.Cell, b.Cell),
			cmp.Compare(impl[a.Contract+" "+nameA], impl[b.Contract+" "+nameB]),
		)
	})
	return rows
}

// compareParams orders points by their parameters, numbers as numbers.
func compareParams(a, b Cell) int {
	for i := range min(len(a.Params), len(b.Params)) {
		x, errX := strconv.ParseFloat(a.Params[i].Value, 64)
		y, errY := strconv.ParseFloat(b.Params[i].Value, 64)
		d := strings.Compare(a.Params[i].Value, b.Params[i].Value)
		if errX == nil && errY == nil {
			d = cmp.Compare(x, y)
		}
		if d != 0 {
			return d
		}
	}
	return cmp.Or(len(a.Params)-len(b.Params), a.Procs-b.Procs)
}
