package results

import (
	"slices"
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
