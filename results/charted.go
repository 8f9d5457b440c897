package results

import (
	"slices"
	"strconv"
)

// A bench is what a chart needs to know of a foreign benchmark with its sub-benchmarks.
type bench struct {
	order  []string // keys of its names
	number map[string]map[string]bool
	ruined map[string]bool // keys with a value that is no number
	units  map[string]bool
}

// describe gives foreign benchmarks the tables that workloads of contend have: the number
// in the name that a chart can be drawn over, and the unit that it shows. The rest of the
// name says which line a row belongs to.
func (r *Run) describe(rows []*packedRow) {
	all := map[string]*bench{}
	var order []string
	for _, row := range rows {
		if row.cell.Own() {
			continue
		}
		b := all[row.cell.Contract]
		if b == nil {
			b = &bench{number: map[string]map[string]bool{}, ruined: map[string]bool{}, units: map[string]bool{}}
			all[row.cell.Contract] = b
			order = append(order, row.cell.Contract)
		}
		b.add(row)
	}
	ranking := r.ranking()
	r.Info.benches = map[string]benchInfo{}
	for i, name := range order {
		b := all[name]
		r.Info.benches[name] = benchInfo{WorkInfo{Contract: name, Curve: b.curve(), Ranks: b.ranks(ranking)}, i}
	}
	for _, row := range rows {
		if c := &row.cell; !c.Own() {
			c.Impl = c.lineOf(r.Info.benches[c.Contract].Curve)
		}
	}
}

// procsKey is what Cell.Get calls GOMAXPROCS.
const procsKey = "procs"

func (b *bench) add(row *packedRow) {
	for _, p := range append(slices.Clone(row.cell.Params), Param{procsKey, strconv.Itoa(row.cell.Procs)}) {
		if b.number[p.Key] == nil {
			b.number[p.Key] = map[string]bool{}
			b.order = append(b.order, p.Key)
		}
		b.number[p.Key][p.Value] = true
		if _, err := strconv.ParseFloat(p.Value, 64); err != nil {
			b.ruined[p.Key] = true
		}
	}
	for unit := range row.units {
		b.units[unit] = true
	}
}

// curve returns the first key with several values, all of them numbers.
func (b *bench) curve() string {
	for _, key := range b.order {
		if len(b.number[key]) > 1 && !b.ruined[key] {
			return key
		}
	}
	return ""
}

// ranking returns the place of each of the run's units among those that a benchmark is
// best shown by: a time, then units with a direction, then the others.
func (r *Run) ranking() map[string]int {
	class := func(unit string) int {
		if _, time := MatchUnit(nsPerOp, []string{unit}); time {
			return 0
		}
		if r.Info.Metric("", "", unit).Better != Neither {
			return 1
		}
		return 2
	}
	units := slices.Clone(r.units)
	slices.SortStableFunc(units, func(a, b string) int { return class(a) - class(b) })
	places := map[string]int{}
	for i, unit := range units {
		places[unit] = i
	}
	return places
}

// ranks returns the unit of the benchmark that comes first in a ranking.
func (b *bench) ranks(ranking map[string]int) (best string) {
	for unit := range b.units {
		if best == "" || ranking[unit] < ranking[best] {
			best = unit
		}
	}
	return best
}

// lineOf returns the cell's name without the number that a chart is drawn over.
func (c Cell) lineOf(curve string) string {
	switch curve {
	case "":
		return c.Name()
	case procsKey:
		return c.against("/gomaxprocs").point()
	}
	return c.against("/" + curve).point()
}
