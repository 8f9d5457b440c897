package results

import (
	"iter"
	"maps"
	"slices"
)

// packed is the results of a file in the Go benchmark format, by row. A value takes 8
// bytes in it, where a trial takes hundreds.
type packed struct {
	rows  []*packedRow // in the order of their first lines
	lines int
}

// packedRow is the results of one benchmark, in the order of the file.
type packedRow struct {
	cell    Cell
	side    string
	places  []int32  // of its lines among the results of the file
	turns   []uint64 // of its lines
	columns []column
	at      map[string]int // the columns by unit, if there are many
}

// A column is the values of a row in one unit.
type column struct {
	unit   string
	values []float64
	lines  []int32 // of the row, from 0, that the values are of; nil: of the first ones
}

// line returns the line of a value.
func (c *column) line(i int) int {
	if c.lines == nil {
		return i
	}
	return int(c.lines[i])
}

// fewColumns is how many columns are looked through in order.
const fewColumns = 8

// column returns the place of a unit's column; -1 without one.
func (r *packedRow) column(unit string) int {
	if r.at != nil {
		if i, ok := r.at[unit]; ok {
			return i
		}
		return -1
	}
	for i := range r.columns {
		if r.columns[i].unit == unit {
			return i
		}
	}
	return -1
}

// set gives the last line a value, unless it has one of the unit. Lines mostly have the
// same units in the same order, so the n-th value of a line is probably in the n-th column.
func (r *packedRow) set(n int, unit string, v float64) bool {
	at := n
	if n >= len(r.columns) || r.columns[n].unit != unit {
		if at = r.column(unit); at < 0 {
			at = r.add(unit)
		}
	}
	c := &r.columns[at]
	line, n := len(r.places)-1, len(c.values)
	switch {
	case n > 0 && c.line(n-1) == line:
		return false
	case c.lines == nil && line > n: // some line lacks the unit
		c.lines = make([]int32, n, n+1)
		for i := range c.lines {
			c.lines[i] = int32(i)
		}
		fallthrough
	case c.lines != nil:
		c.lines = append(c.lines, int32(line))
	}
	c.values = append(c.values, v)
	return true
}

// add makes a column for a unit, and returns its place.
func (r *packedRow) add(unit string) int {
	at := len(r.columns)
	r.columns = append(r.columns, column{unit: unit})
	switch {
	case r.at != nil:
		r.at[unit] = at
	case len(r.columns) > fewColumns:
		r.at = map[string]int{}
		for i, c := range r.columns {
			r.at[c.unit] = i
		}
	}
	return at
}

// numbers returns the numbers of a unit, in the order of the file.
func (r *packedRow) numbers(unit string) []float64 {
	if at := r.column(unit); at >= 0 {
		return r.columns[at].values
	}
	return nil
}

// values returns the values of a unit, in the order of the file. A line without a turn
// has no ns/op.
func (r *packedRow) values(unit string) []float64 {
	if unit != nsPerOp || r.column(emptyWindows) < 0 {
		return r.numbers(unit)
	}
	var values []float64
	for _, reading := range r.readings(unit) {
		if !reading.noTurn {
			values = append(values, reading.value)
		}
	}
	return values
}

// empty returns the lines in which no turn finished, with the ns that one took at least,
// as Trial.noTurn and Trial.leastNs tell it.
func (r *packedRow) empty() map[int]float64 {
	at := r.column(emptyWindows)
	if at < 0 {
		return nil
	}
	length := map[int]float64{} // of the empty windows of a line, in ms
	if at := r.column(emptyMs); at >= 0 {
		for i, v := range r.columns[at].values {
			length[r.columns[at].line(i)] = v
		}
	}
	least := map[int]float64{}
	for i, windows := range r.columns[at].values {
		if line := r.columns[at].line(i); windows > 0 && r.turns[line] == 0 {
			least[line] = length[line] * 1e6 / windows
		}
	}
	return least
}

// lacking returns how many lines had latency windows, but have no value of a percentile.
func (r *packedRow) lacking(unit string) int {
	lines := map[int]bool{}
	for _, timed := range []string{"max-ns", "samples"} {
		if at := r.column(timed); at >= 0 {
			for i, v := range r.columns[at].values {
				if timed == "max-ns" || v > 0 {
					lines[r.columns[at].line(i)] = true
				}
			}
		}
	}
	if at := r.column(unit); at >= 0 {
		for i := range r.columns[at].values {
			delete(lines, r.columns[at].line(i))
		}
	}
	return len(lines)
}

// readings returns the row's readings in a unit. The lines of a row are its rounds.
func (r *packedRow) readings(unit string) []reading {
	var all []reading
	empty := r.empty()
	if at := r.column(unit); at >= 0 {
		c := &r.columns[at]
		for i, v := range c.values {
			line := c.line(i)
			least, noTurn := empty[line]
			if noTurn && unit == nsPerOp {
				continue
			}
			all = append(all, reading{round: line + 1, value: v, noTurn: noTurn, least: least})
		}
	}
	if unit == nsPerOp {
		for line, least := range empty {
			all = append(all, reading{round: line + 1, noTurn: true, least: least})
		}
		slices.SortFunc(all, func(a, b reading) int { return a.round - b.round })
	}
	return all
}

// trials returns the row's results as trials of its rounds, in the given list of those of
// the file.
func (r *packedRow) trials(all []Trial) {
	for n, at := range r.places {
		all[at] = Trial{
			Cell: r.cell, Side: r.side, Round: n + 1, Status: Ok, Turns: r.turns[n], Values: map[string]float64{},
			line: int(at),
		}
	}
	for i := range r.columns {
		c := &r.columns[i]
		for n, v := range c.values {
			all[r.places[c.line(n)]].Values[c.unit] = v
		}
	}
}

// Unpack makes the trials of a results file that was opened packed.
func (r *Run) Unpack() {
	if r.file == nil {
		return
	}
	r.describe(r.file.rows)
	r.Trials = make([]Trial, r.file.lines)
	for _, row := range r.file.rows {
		row.trials(r.Trials)
	}
	r.file = nil
}

// groups returns the run's rows in order of first appearance, packed if the run is.
func (r *Run) groups() []Row {
	if r.file == nil {
		return Rows(r.Trials)
	}
	rows := make([]Row, len(r.file.rows))
	for i, p := range r.file.rows {
		rows[i] = Row{Cell: p.cell, Side: p.side, packed: p}
	}
	return rows
}

// Cells yields the cell of every trial, or of every row if the run is packed. They may be
// changed, but must not become equal.
func (r *Run) Cells() iter.Seq[*Cell] {
	return func(yield func(*Cell) bool) {
		for i := range r.Trials {
			if !yield(&r.Trials[i].Cell) {
				return
			}
		}
		if r.file == nil {
			return
		}
		for _, row := range r.file.rows {
			if !yield(&row.cell) {
				return
			}
		}
	}
}

// Uses yields the cell of every trial with its units, or of every row if the run is
// packed.
func (r *Run) Uses() iter.Seq2[Cell, iter.Seq[string]] {
	return func(yield func(Cell, iter.Seq[string]) bool) {
		for i := range r.Trials {
			if t := &r.Trials[i]; !yield(t.Cell, maps.Keys(t.Values)) {
				return
			}
		}
		if r.file == nil {
			return
		}
		for _, row := range r.file.rows {
			if !yield(row.cell, row.units) {
				return
			}
		}
	}
}

// units yields the units that the row has.
func (r *packedRow) units(yield func(string) bool) {
	for i := range r.columns {
		if !yield(r.columns[i].unit) {
			return
		}
	}
}
