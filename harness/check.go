package harness

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

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
	titles := map[string]bool{}
	for _, s := range suites {
		if titles[s.Title()] {
			errs = append(errs, fmt.Errorf("%s: two suites have this contract and name", s.Title()))
		}
		titles[s.Title()] = true
		errs = append(errs, s.checkAbout()...)
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
			for _, c := range s.under(i) {
				key := s.Contract + " " + l.Name + " " + c.Name
				if owner[key] != "" {
					errs = append(errs, fmt.Errorf("load %s of %s: %q already runs under it, in suite %s",
						l.Name, s.Title(), c.Name, owner[key]))
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
		names := fmt.Sprint(l.CurveAxis == nil)
		for _, a := range l.Axes() {
			if a != nil {
				names += "," + a.Name()
			}
		}
		return names
	}
	kinds := func(l Load) (all string) {
		for _, p := range l.Params {
			all += fmt.Sprintf("%T %v,", p, p.crowd())
		}
		return all
	}
	switch {
	case l.Signature() != other.Signature() || kinds(l) != kinds(other):
		return "parameters"
	case l.WantsFairness != other.WantsFairness || l.Allocates != other.Allocates,
		l.AtLeast != other.AtLeast:
		return "windows"
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

// name is what can stand in a benchmark's name, which has slashes, spaces and equals signs
// of its own.
var name = regexp.MustCompile(`^[\pL\pN][\pL\pN._+-]*$`)

// checkName returns an error for what cannot stand in a benchmark's name.
func checkName(what, text string) error {
	switch {
	case !name.MatchString(text):
		return fmt.Errorf("%s %q: want letters, digits, dots, dashes, underscores and plus signs", what, text)
	case strings.HasSuffix(text, results.AliasSuffix):
		return fmt.Errorf("%s %q: names that end in %s are those of second copies", what, text, results.AliasSuffix)
	}
	return nil
}

// checkAbout checks what describes the suite as a whole.
func (s Suite) checkAbout() []error {
	var errs []error
	add := func(err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("suite %q: %w", s.Title(), err))
		}
	}
	for part := range strings.SplitSeq(s.Contract, "/") {
		add(checkName("contract", part))
	}
	if s.Name != "" {
		add(checkName("name", s.Name))
	}
	if s.Pattern == "" {
		add(errors.New("it has no pattern"))
	}
	if len(s.Impls) == 0 || len(s.Loads) == 0 {
		add(errors.New("it has no implementation or no load"))
	}
	for _, fault := range s.faults {
		add(errors.New(fault))
	}
	meanings := map[string]string{}
	check := func(p impls.Promise) {
		if p.Name == "" || p.Meaning == "" {
			add(fmt.Errorf("promise %q: it lacks a name or a meaning; use the variable that declares it", p.Name))
		}
		if m, ok := meanings[p.Name]; ok && m != p.Meaning {
			add(fmt.Errorf("promise %q has two meanings: use one variable", p.Name))
		}
		meanings[p.Name] = p.Meaning
	}
	for _, c := range s.Impls {
		for _, p := range c.Promises {
			check(p)
		}
	}
	for _, l := range s.Loads {
		for _, p := range slices.Concat(l.Needs, l.Probes) {
			check(p)
		}
	}
	return errs
}

func (s Suite) checkImpls() []error {
	var errs []error
	for _, c := range s.Impls {
		if err := checkName("implementation", c.Name); c.Name != "" && err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.Title(), err))
		}
		if c.Name == "" || c.Kind == "" || c.Source == "" {
			errs = append(errs, fmt.Errorf("%s/%s: it lacks a name, a kind or a source", s.Title(), c.Name))
		}
		if c.Kind != "" && !c.Kind.Valid() {
			errs = append(errs, fmt.Errorf("%s/%s: kind %q: want a constant of package impls", s.Title(), c.Name, c.Kind))
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
	if err := checkName("load", l.Name); err != nil {
		return err
	}
	if l.Turn == "" {
		return errors.New("it does not say what a turn is")
	}
	if slices.ContainsFunc(l.Params, func(p AnyParam) bool { return p == nil || isNil(p) }) {
		return errors.New("one of its parameters is nil")
	}
	names := paramNames(l.Params)
	for i, n := range names {
		if err := checkName("parameter", n); err != nil {
			return err
		}
		if slices.Contains(reserved, n) {
			return fmt.Errorf("parameter %q: the name is reserved", n)
		}
		if slices.Contains(names[:i], n) {
			return fmt.Errorf("parameter %q: it is listed twice", n)
		}
	}
	for _, axis := range l.Axes() {
		if axis == nil || isNil(axis) {
			return errors.New("the parameter of a chart's axis is nil")
		}
		if !slices.Contains(names, axis.Name()) {
			return fmt.Errorf("a chart is over %q, which is none of its parameters", axis.Name())
		}
	}
	if err := l.checkGrids(names); err != nil {
		return err
	}
	return l.checkMetrics()
}

// checkGrids checks the axes of a load's grids; names are those of its parameters.
func (l Load) checkGrids(names []string) error {
	for at, grids := range [][]Grid{l.Points.Stress, l.Points.Quick, l.Points.Standard, l.Points.Full} {
		for _, g := range grids {
			for _, a := range g.axes {
				switch {
				case !slices.Contains(names, a.key):
					return fmt.Errorf("a grid is over %q, which is none of its parameters", a.key)
				case len(a.values) == 0:
					return fmt.Errorf("a grid is over %q without a value", a.key)
				case a.drawn && at > 0:
					return fmt.Errorf("a preset draws %q, which only a stress run can do", a.key)
				case a.drawn && (a.low < 1 || a.low > a.high):
					return fmt.Errorf("a grid draws %q from %d to %d: want 1 ≤ low ≤ high", a.key, a.low, a.high)
				}
			}
		}
	}
	return nil
}

// isNil reports whether a value that has a type is a nil pointer or function.
func isNil(v any) bool {
	r := reflect.ValueOf(v)
	return (r.Kind() == reflect.Pointer || r.Kind() == reflect.Func) && r.IsNil()
}

func (l Load) checkMetrics() error {
	units := map[string]bool{}
	for _, m := range results.Standard {
		units[m.Unit] = true
	}
	for _, m := range l.Metrics {
		switch {
		case m.Unit == "" || strings.ContainsAny(m.Unit, " \t\n"):
			return fmt.Errorf("metric %q: want a unit without spaces", m.Unit)
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
