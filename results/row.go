package results

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Row is all trials of one cell; in a duet, all trials of one side of it.
type Row struct {
	Cell
	Side string
	Good []*Trial // ok, by round
	Bad  []*Trial // all others; a row that has any shows no numbers

	packed *packedRow // instead of the trials, in a file that was not unpacked
}

// Rows groups trials by cell and side, in order of first appearance. The rows refer to
// the trials.
func Rows(trials []Trial) []Row {
	var rows []Row
	var key []byte
	index := map[string]int{}
	for n := range trials {
		t := &trials[n]
		key = t.appendName(append(append(key[:0], t.Side...), ' '))
		i, ok := index[string(key)]
		if !ok {
			i = len(rows)
			index[string(key)] = i
			rows = append(rows, Row{Cell: t.Cell, Side: t.Side})
		}
		if t.Status == Ok {
			rows[i].Good = append(rows[i].Good, t)
		} else {
			rows[i].Bad = append(rows[i].Bad, t)
		}
	}
	for _, r := range rows {
		slices.SortStableFunc(r.Good, func(a, b *Trial) int { return a.Round - b.Round })
	}
	return rows
}

// Passed reports whether the row may show numbers: it has trials, and all of them are ok.
func (r Row) Passed() bool { return len(r.Bad) == 0 && (len(r.Good) > 0 || r.packed != nil) }

// trials returns the number of trials that are ok.
func (r Row) trials() int {
	if r.packed != nil {
		return len(r.packed.places)
	}
	return len(r.Good)
}

// Values returns the values of a unit by round. It returns nil if the row did not pass.
func (r Row) Values(unit string) []float64 {
	if !r.Passed() {
		return nil
	}
	if r.packed != nil {
		return r.packed.values(unit)
	}
	var values []float64
	for _, t := range r.Good {
		if v, ok := t.Values[unit]; ok && !(unit == nsPerOp && t.noTurn()) {
			values = append(values, v)
		}
	}
	return values
}

// units returns the units that the row has, each once and in no particular order.
func (r Row) units() []string {
	if r.packed != nil {
		return slices.Collect(r.packed.units)
	}
	has := map[string]bool{}
	for _, t := range r.Good {
		for unit := range t.Values {
			has[unit] = true
		}
	}
	return slices.Collect(maps.Keys(has))
}

// Sample summarizes the values of a unit.
func (r Row) Sample(unit string) Sample { return Summarize(r.Values(unit)) }

// Rows returns the run's rows, sorted by workload, then by the parameters of their point,
// then by implementation. Workloads and implementations that the run's tables do not list
// come last.
func (r *Run) Rows() []Row {
	r.Unpack()
	type placed struct {
		Row
		work, impl int
	}
	var rows []placed
	for _, row := range Rows(r.Trials) {
		rows = append(rows, placed{
			Row:  row,
			work: r.Info.workPlace(row.Contract, row.Work),
			impl: r.Info.implPlace(row.Cell),
		})
	}
	slices.SortStableFunc(rows, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.work, b.work), compareParams(a.Cell, b.Cell), cmp.Compare(a.impl, b.impl),
			strings.Compare(a.Side, b.Side))
	})
	sorted := make([]Row, len(rows))
	for i, row := range rows {
		sorted[i] = row.Row
	}
	return sorted
}

// compareParams orders points by their parameters, comparing numbers as numbers.
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
