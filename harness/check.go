package harness

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"slices"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// CheckSuites reports contradictions in the declarations of suites, which would otherwise
// show as wrong or missing results. The command, Test and Bench refuse such suites.
func CheckSuites(suites []Suite) error {
	var errs []error
	owner := map[string]string{}
	first := map[string]declared{}
	folder := map[string]string{}
	for _, s := range suites {
		base := path.Base(s.Contract) // benchmark names hold only that
		if other, ok := folder[base]; ok && other != s.Contract {
			errs = append(errs, fmt.Errorf("contracts %s and %s: they have the same benchmark name", other, s.Contract))
		}
		folder[base] = s.Contract
		errs = append(errs, s.checkImpls()...)
		for i, l := range s.Loads {
			if slices.ContainsFunc(s.Loads[:i], func(o Load) bool { return o.Name == l.Name }) {
				errs = append(errs, fmt.Errorf("%s: two of its loads are called %q", s.Title(), l.Name))
				continue
			}
			if err := l.check(); err != nil {
				errs = append(errs, fmt.Errorf("load %s of %s: %w", l.Name, s.Title(), err))
				continue
			}
			shared := s.Contract + " " + l.Name
			if other, ok := first[shared]; !ok {
				first[shared] = declared{s, l}
			} else if what := l.differs(other.load); what != "" {
				errs = append(errs, fmt.Errorf("load %s of %s: it has other %s than in suite %s, so they cannot share its points",
					l.Name, s.Title(), what, other.suite.Title()))
			}
			for _, c := range s.Cases(i) {
				key := s.Contract + " " + l.Name + " " + c.Impl.Name
				if owner[key] != "" {
					errs = append(errs, fmt.Errorf("load %s of %s: %q already runs under it, in suite %s",
						l.Name, s.Title(), c.Impl.Name, owner[key]))
				}
				owner[key] = s.Title()
			}
		}
	}
	return errors.Join(errs...)
}

// declared is the suite that a load is first found in.
type declared struct {
	suite Suite
	load  Load
}

// differs returns what two loads of one name declare differently, or "". Only what is
// equal can be measured at one point and stand in one table.
func (l Load) differs(other Load) string {
	axes := func(l Load) string {
		names := ""
		for _, a := range []AnyParam{l.CurveAxis, l.MapAxes[0], l.MapAxes[1]} {
			if a != nil {
				names += a.Name()
			}
			names += ","
		}
		return names
	}
	switch {
	case l.Signature() != other.Signature():
		return "parameters"
	case l.Turn != other.Turn:
		return "turns"
	case l.Ranks != other.Ranks:
		return "ranking"
	case !slices.Equal(l.Metrics, other.Metrics):
		return "metrics"
	case axes(l) != axes(other):
		return "chart axes"
	}
	return ""
}

func (s Suite) checkImpls() []error {
	var errs []error
	for _, name := range s.twice {
		errs = append(errs, fmt.Errorf("%s/%s: two implementations of a table have this name", s.Title(), name))
	}
	for _, c := range s.Impls {
		if c.Name == "" || c.Kind == "" || c.Source == "" {
			errs = append(errs, fmt.Errorf("%s/%s: it lacks a name, a kind or a source", s.Title(), c.Name))
		}
		if _, ok := s.Card(c.Flaw.Twin); c.Role == impls.Seeded && !ok {
			errs = append(errs, fmt.Errorf("%s/%s: its twin %q is not an implementation", s.Title(), c.Name, c.Flaw.Twin))
		}
		for key := range c.Limits.Param {
			has := func(l Load) bool { return slices.Contains(paramNames(l.Params), key) }
			if !slices.ContainsFunc(s.Loads, has) {
				err := fmt.Errorf("%s/%s: it has a limit on %q, a parameter that no load has", s.Title(), c.Name, key)
				errs = append(errs, err)
			}
		}
	}
	return errs
}

// reserved are the keys of a benchmark's name that no parameter may have.
var reserved = []string{"work", "impl", "procs", RateKey}

// check reports the first contradiction in a load's declaration.
func (l Load) check() error {
	for _, p := range l.Params {
		if p == nil || reflect.ValueOf(p).Kind() == reflect.Pointer && reflect.ValueOf(p).IsNil() {
			return errors.New("one of its parameters is nil")
		}
	}
	names := paramNames(l.Params)
	for i, n := range names {
		if slices.Contains(reserved, n) {
			return fmt.Errorf("parameter %q: the name is reserved", n)
		}
		if slices.Contains(names[:i], n) {
			return fmt.Errorf("parameter %q: it is listed twice", n)
		}
	}
	for _, axis := range []AnyParam{l.CurveAxis, l.MapAxes[0], l.MapAxes[1]} {
		if axis != nil && !slices.Contains(names, axis.Name()) {
			return fmt.Errorf("a chart is over %q, which is none of its parameters", axis.Name())
		}
	}
	for _, grids := range [][]Grid{l.Points.Quick, l.Points.Standard, l.Points.Full, l.Points.Stress} {
		for _, g := range grids {
			for _, a := range g.axes {
				if !slices.Contains(names, a.key) {
					return fmt.Errorf("a grid is over %q, which is none of its parameters", a.key)
				}
			}
		}
	}
	return l.checkMetrics()
}

func (l Load) checkMetrics() error {
	units := map[string]bool{}
	for _, m := range results.Standard {
		units[m.Unit] = true
	}
	for _, m := range l.Metrics {
		switch {
		case m.Unit == "":
			return errors.New("a metric has no unit")
		case units[m.Unit]:
			return fmt.Errorf("metric %s: the unit is taken", m.Unit)
		case m.Better != results.Lower && m.Better != results.Higher && m.Better != results.Neither:
			return fmt.Errorf("metric %s: better %q is none of lower, higher and empty", m.Unit, m.Better)
		}
		units[m.Unit] = true
	}
	if l.Ranks.Unit != "" && (l.Ranks.Better == results.Neither || !slices.Contains(l.Metrics, l.Ranks)) {
		return fmt.Errorf("it ranks by %s, which is none of its metrics or has no direction", l.Ranks.Unit)
	}
	return nil
}
