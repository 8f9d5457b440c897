package results

import (
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"
)

// A unitInfo is what a results file says of a unit.
type unitInfo struct {
	better Better
	exact  bool // its values have no noise
}

// unit returns the entry of a tidy unit, and makes it first if there is none.
func (i *Info) unit(tidy string) *unitInfo {
	if i.units == nil {
		i.units = map[string]*unitInfo{}
	}
	if i.units[tidy] == nil {
		i.units[tidy] = &unitInfo{}
	}
	return i.units[tidy]
}

// said returns what the file says of a unit.
func (i *Info) said(unit string) unitInfo {
	_, tidy := benchunit.Tidy(1, unit)
	if u, ok := i.units[tidy]; ok {
		return *u
	}
	return unitInfo{}
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

// A spellings finds units by name, as MatchUnit does.
type spellings struct {
	place map[string]int    // by unit
	kinds map[string]string // the first unit of each kind, by tidy unit
}

func newSpellings(units []string) spellings {
	s := spellings{place: map[string]int{}, kinds: map[string]string{}}
	for i, unit := range units {
		if _, ok := s.place[unit]; !ok {
			s.place[unit] = i
		}
		_, tidy := benchunit.Tidy(1, unit)
		if _, ok := s.kinds[tidy]; !ok {
			s.kinds[tidy] = unit
		}
	}
	return s
}

func (s spellings) find(name string) (string, bool) {
	if _, ok := s.place[name]; ok {
		return name, true
	}
	_, tidy := benchunit.Tidy(1, name)
	unit, ok := s.kinds[tidy]
	return unit, ok
}

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
