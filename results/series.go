package results

import (
	"math"
	"slices"
)

// A series is the values of a row in one unit.
type series struct {
	row  Row
	unit string // as the row has it
	as   string // in which it is compared
}

// in returns the row's values in a unit.
func (r Row) in(unit string) series { return series{r, unit, unit} }

// seriesOf returns the values of trials that are no row of a run.
func seriesOf(trials []Trial, unit string) series {
	var r Row
	if len(trials) > 0 {
		r.Cell = trials[0].Cell
	}
	for i := range trials {
		r.Good = append(r.Good, &trials[i])
	}
	return r.in(unit)
}

// late says why the values are not those of the row; "" if they are.
func (s series) late() string { return s.row.lateIn(s.as) }

// lacks says why the trials that have a value are a selection; "" if all have one. Those
// that have a percentile are the fast ones.
func (s series) lacks() string { return s.row.Lacks(s.unit) }

// withoutTurn counts the trials in which no turn finished.
func (s series) withoutTurn() (n int) {
	if s.row.packed != nil {
		return len(s.row.packed.empty())
	}
	for _, t := range s.row.Good {
		if t.noTurn() {
			n++
		}
	}
	return n
}

// A reading is what a pair needs of a trial that has a value.
type reading struct {
	round  int
	layout uint64
	value  float64 // 0 if no turn finished
	noTurn bool
	least  float64 // if no turn finished: the ns that one took at least
}

// readings returns the readings of the trials that have a value.
func (s series) readings() []reading {
	var all []reading
	if s.row.packed != nil {
		all = s.row.packed.readings(s.unit)
	}
	for _, t := range s.row.Good {
		r := reading{round: t.Round, layout: t.Layout, noTurn: t.noTurn()}
		if r.noTurn {
			r.least = t.leastNs()
		}
		var ok bool
		if r.value, ok = t.value(s.unit); ok {
			all = append(all, r)
		}
	}
	if s.unit != s.as {
		for i := range all {
			all[i].value = convert(all[i].value, s.unit, s.as)
		}
	}
	return all
}

// numbers returns the numbers of the unit, which the caller must not change. Trials that
// no file has checked may hold other values.
func (s series) numbers() []float64 {
	var numbers []float64
	if s.row.packed != nil {
		numbers = s.row.packed.numbers(s.unit)
	}
	for _, t := range s.row.Good {
		if v, ok := t.Values[s.unit]; ok && sensible(v) {
			numbers = append(numbers, v)
		}
	}
	return s.converted(numbers)
}

func (s series) converted(values []float64) []float64 {
	if s.unit == s.as {
		return values
	}
	values = slices.Clone(values)
	for i, v := range values {
		values[i] = convert(v, s.unit, s.as)
	}
	return values
}

// any reports whether there is a number.
func (s series) any() bool {
	if s.row.packed != nil && len(s.row.packed.numbers(s.unit)) > 0 {
		return true
	}
	return slices.ContainsFunc(s.row.Good, func(t *Trial) bool {
		v, ok := t.Values[s.unit]
		return ok && sensible(v)
	})
}

// positive returns the values that have a logarithm, and the number of those that have
// none. The caller must not change them.
func (s series) positive() (values []float64, void int) {
	all := s.values()
	bad := func(v float64) bool { return !(v > 0) || math.IsInf(v, 1) }
	if !slices.ContainsFunc(all, bad) {
		return all, 0
	}
	for _, v := range all {
		if bad(v) {
			void++
			continue
		}
		values = append(values, v)
	}
	return values, void
}

// values returns the values of all trials: 0 for the time of one in which no turn
// finished.
func (s series) values() []float64 {
	if s.row.packed != nil && (s.unit != nsPerOp || s.row.packed.column(emptyWindows) < 0) {
		return s.converted(s.row.packed.numbers(s.unit))
	}
	readings := s.readings()
	values := make([]float64, len(readings))
	for i, r := range readings {
		values[i] = r.value
	}
	return values
}

// differences returns how far the new numbers lie above the old ones, by round.
func differences(old, new series) []float64 {
	byRound := map[int]float64{}
	for _, r := range old.readings() {
		if sensible(r.value) {
			byRound[r.round] = r.value
		}
	}
	var all []float64
	for _, r := range new.readings() {
		if before, both := byRound[r.round]; both && sensible(r.value) {
			all = append(all, r.value-before)
		}
	}
	return all
}
