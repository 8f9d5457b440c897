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
func (r *Run) describe() {
	all := map[string]*bench{}
	var order []string
	for _, t := range r.Trials {
		if t.Own() {
			continue
		}
		b := all[t.Contract]
		if b == nil {
			b = &bench{number: map[string]map[string]bool{}, ruined: map[string]bool{}, units: map[string]bool{}}
			all[t.Contract] = b
			order = append(order, t.Contract)
		}
		b.add(t)
	}
	curves := map[string]string{}
	for _, name := range order {
		b := all[name]
		w := WorkInfo{Contract: name, Curve: b.curve(), Ranks: b.ranks(r)}
		curves[name] = w.Curve
		r.Info.Works = append(r.Info.Works, w)
	}
	for i := range r.Trials {
		if t := &r.Trials[i]; !t.Own() {
			t.Impl = t.lineOf(curves[t.Contract])
		}
	}
}

// procsKey is what Cell.Get calls GOMAXPROCS.
const procsKey = "procs"

func (b *bench) add(t Trial) {
	for _, p := range append(slices.Clone(t.Params), Param{procsKey, strconv.Itoa(t.Procs)}) {
		if b.number[p.Key] == nil {
			b.number[p.Key] = map[string]bool{}
			b.order = append(b.order, p.Key)
		}
		b.number[p.Key][p.Value] = true
		if _, err := strconv.ParseFloat(p.Value, 64); err != nil {
			b.ruined[p.Key] = true
		}
	}
	for unit := range t.Values {
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

// ranks returns the unit to show: a time if there is one, or else the first with a
// direction.
func (b *bench) ranks(r *Run) string {
	best := ""
	for _, unit := range r.units {
		m := r.Info.Metric("", "", unit)
		switch time, ok := MatchUnit(nsPerOp, []string{unit}); {
		case !b.units[unit]:
		case ok:
			return time
		case best == "", r.Info.Metric("", "", best).Better == Neither && m.Better != Neither:
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
