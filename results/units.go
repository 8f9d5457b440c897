package results

import (
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"
)

// UnitInfo is what a results file says of a unit.
type UnitInfo struct {
	Unit   string // tidy, as benchstat prints it: sec/op
	Better Better
	Exact  bool // its values have no noise
}

// unit returns the entry of a tidy unit, and makes it first if there is none.
func (i *Info) unit(tidy string) *UnitInfo {
	at := slices.IndexFunc(i.Units, func(u UnitInfo) bool { return u.Unit == tidy })
	if at < 0 {
		at = len(i.Units)
		i.Units = append(i.Units, UnitInfo{Unit: tidy})
	}
	return &i.Units[at]
}

// said returns what the file says of a unit.
func (i *Info) said(unit string) UnitInfo {
	_, tidy := benchunit.Tidy(1, unit)
	for _, u := range i.Units {
		if u.Unit == tidy {
			return u
		}
	}
	return UnitInfo{}
}

// directions are the units whose direction is known without a declaration, when tidy.
var directions = map[string]Better{
	"sec/op": Lower, "B/op": Lower, "allocs/op": Lower,
	"B/s": Higher, "ops/s": Higher, "op/s": Higher, "req/s": Higher,
	"sec": Lower, "ms": Lower, "us": Lower, "µs": Lower, "ms/op": Lower, "us/op": Lower, "µs/op": Lower,
}

// usual returns the direction of a unit that nothing declares.
func usual(unit string) Better {
	_, tidy := benchunit.Tidy(1, unit)
	if b, ok := directions[tidy]; ok {
		return b
	}
	if strings.HasSuffix(tidy, "-sec") || strings.HasSuffix(tidy, "-sec/op") {
		return Lower
	}
	return Neither
}

// Units returns the units of the run's trials: in the order of a results file, and
// otherwise in that of Standard.
func (r *Run) Units() []string {
	if r.units != nil {
		return r.units
	}
	has := map[string]bool{}
	for _, t := range r.Trials {
		for unit := range t.Values {
			has[unit] = true
		}
	}
	return ordered(has)
}

// Unit returns the run's unit of a name, as it is or as benchstat prints it: sec/op finds
// ns/op.
func (r *Run) Unit(name string) (string, bool) { return MatchUnit(name, r.Units()) }

// MatchUnit returns the one of units that has a name, or else the first of the same kind:
// sec/op finds ns/op.
func MatchUnit(name string, units []string) (string, bool) {
	if slices.Contains(units, name) {
		return name, true
	}
	_, tidy := benchunit.Tidy(1, name)
	for _, unit := range units {
		if _, t := benchunit.Tidy(1, unit); t == tidy {
			return unit, true
		}
	}
	return "", false
}
