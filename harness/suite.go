package harness

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// About describes a suite.
type About struct {
	Pattern  string // one of the 20: "optimistic concurrency control"
	Contract string // folder under impls and name of the benchmark: "txn", "lockfree/queue"
	Name     string // distinguishes the suites of a contract, and selects one: "counter"; "": the only one
	Baseline string // the implementation that others are compared with, unless a load names another

	MissingKinds map[impls.Kind]string // kinds that no implementation has, each with the reason
	QuickShare   time.Duration         // time that the quick preset may spend on it
	// Guide says when to take what, in Markdown. It is a text/template whose functions
	// write figures of a run: best "mix theta=0.6", times "silo" "mix theta=0.6", median
	// "silo" "abort-pct" "mix theta=0.6", processors "silo" "mix theta=0.6" and, from CPU
	// profiles, share "silo" "runtime.lock2" "mix theta=0.6".
	Guide string
}

// Suite is the implementations of one contract that are compared with each other, and
// their loads.
type Suite struct {
	About
	Impls  []impls.Card // without duplicates, in the order of the tables
	Loads  []Load
	bound  []map[string]binding // for each load, by name of the implementation
	asked  []asked
	faults []string            // of its tables: CheckSuites refuses them
	unused map[string][]string // methods that are not tested for lack of a promise, by implementation
}

// Case is an implementation under a load.
type Case struct {
	Suite Suite
	Load  Load
	Impl  impls.Card
	binding
}

// binding is a load's body and helpers, bound to an implementation's constructor.
type binding struct {
	run     func(*Trial) error
	lasting func(*subjects) func(*Trial) error // run, with subjects that outlive a window
	helpers map[string]func(*Helper, json.RawMessage) error
}

// Part is a part of a suite: a table of implementations, under loads that take their
// constructors.
type Part struct {
	cards  []impls.Card
	loads  []Load
	bound  []map[string]binding
	asked  []asked
	faults []string
	unused map[string][]string
}

// Under returns the part of a suite that runs a table of implementations under loads.
func Under[C any](table []impls.Impl[C], loads ...Workload[C]) Part {
	p := Part{unused: map[string][]string{}}
	seen := map[string]bool{}
	for _, i := range table {
		p.cards = append(p.cards, i.Card)
		if seen[i.Name] {
			p.faults = append(p.faults, fmt.Sprintf("two implementations of a table have the name %q", i.Name))
		}
		if seen[i.Name] = true; isNil(i.New) && i.Requires.Binary == "" {
			p.faults = append(p.faults, fmt.Sprintf("implementation %q has no constructor", i.Name))
		}
	}
	for _, w := range loads {
		if w.Run == nil {
			p.faults = append(p.faults, fmt.Sprintf("load %q has no Run", w.Name))
		}
		bound := map[string]binding{}
		for _, i := range table {
			if w.Method != nil && !isNil(i.New) && i.Role != impls.Noop {
				p.checkMethod(i.Card, w.Load, func() (string, bool) { return w.Method(i.New) })
			}
			if w.takes(i) {
				bound[i.Name] = w.bind(i.New)
			}
		}
		p.loads = append(p.loads, w.Load)
		p.bound = append(p.bound, bound)
	}
	return p
}

// checkMethod compares the promises that a load needs with the method that they ask for.
func (p *Part) checkMethod(c impls.Card, l Load, method func() (name string, has bool)) {
	makes := !slices.ContainsFunc(l.Needs, func(q impls.Promise) bool { return !c.Has(q) })
	fault := func(format string, args ...any) {
		p.faults = append(p.faults, fmt.Sprintf("implementation %q ", c.Name)+fmt.Sprintf(format, args...))
	}
	defer func() {
		if r := recover(); r != nil {
			fault("panics in its constructor: %v", r)
		}
	}()
	switch name, has := method(); {
	case makes && !has:
		fault("promises %s, and has no method %s", promiseNames(l.Needs), name)
	case has && !makes:
		text := fmt.Sprintf("%s, for lack of promise %s", name, promiseNames(l.Needs))
		if !slices.Contains(p.unused[c.Name], text) {
			p.unused[c.Name] = append(p.unused[c.Name], text)
		}
	}
}

func promiseNames(promises []impls.Promise) string {
	var names []string
	for _, p := range promises {
		names = append(names, p.Name)
	}
	return strings.Join(names, " and ")
}

// Untested returns the methods of an implementation that are not tested, each with the
// promise that it lacks, and the promises that no load tests under which it runs.
func (s Suite) Untested(impl string) []string {
	untested := slices.Clone(s.unused[impl])
	card, _ := s.Card(impl)
	loads := s.LoadsOf(impl)
	for _, p := range card.Promises {
		probes := func(l Load) bool { return slices.Contains(l.Probes, p) }
		if !slices.ContainsFunc(loads, probes) {
			untested = append(untested, fmt.Sprintf("promise %s, which no workload checks", p.Name))
		}
	}
	return untested
}

// unclaimed returns the workloads that an implementation is not under because it does not
// make the promises that they need.
func (s Suite) unclaimed(impl string) (texts []string) {
	card, _ := s.Card(impl)
	for _, l := range s.Loads {
		var lacks []string
		for _, p := range l.Needs {
			if !slices.Contains(card.Promises, p) {
				lacks = append(lacks, p.Name)
			}
		}
		if len(lacks) > 0 {
			texts = append(texts, fmt.Sprintf("workload %s, for lack of promise %s", l.Name, strings.Join(lacks, " and ")))
		}
	}
	return texts
}

func (w Workload[C]) takes(i impls.Impl[C]) bool {
	for _, p := range w.Needs {
		if !i.Has(p) {
			return false
		}
	}
	return w.Accepts == nil || w.Accepts(i)
}

func (w Workload[C]) bind(create C) binding {
	b := binding{
		run: func(t *Trial) error { return w.Run(t, create) },
		lasting: func(s *subjects) func(*Trial) error {
			return func(t *Trial) error { return w.Run(t, lasting(create, s)) }
		},
		helpers: map[string]func(*Helper, json.RawMessage) error{},
	}
	for name, f := range w.Helpers {
		b.helpers[name] = func(h *Helper, args json.RawMessage) error { return f(h, create, args) }
	}
	return b
}

// NewSuite makes a suite of parts. An implementation that is in several parts, with
// different constructors, counts once.
func NewSuite(about About, parts ...Part) Suite {
	s := Suite{About: about, unused: map[string][]string{}}
	for _, p := range parts {
		for _, f := range p.faults { // several loads may find the same one
			if !slices.Contains(s.faults, f) {
				s.faults = append(s.faults, f)
			}
		}
		for name, methods := range p.unused {
			s.unused[name] = append(s.unused[name], methods...)
		}
		for _, c := range p.cards {
			if _, ok := s.Card(c.Name); !ok {
				s.Impls = append(s.Impls, c)
			}
		}
		s.Loads = append(s.Loads, p.loads...)
		s.bound = append(s.bound, p.bound...)
		s.asked = append(s.asked, p.asked...)
	}
	for i, l := range s.Loads {
		s.Loads[i].Baseline = s.baseline(i, cmp.Or(l.Baseline, about.Baseline))
	}
	return s
}

// baseline returns the wanted baseline of load number i or, if that does not run under
// the load, its first contender. A user's own table need not have this project's
// baseline.
func (s Suite) baseline(i int, wanted string) string {
	first := ""
	for _, c := range s.under(i) {
		if c.Name == wanted {
			return wanted
		}
		if first == "" && c.Role == impls.Contender {
			first = c.Name
		}
	}
	return cmp.Or(first, wanted)
}

// Title returns the suite's full name: its contract, followed by its own name if the
// contract has several suites.
func (s Suite) Title() string {
	if s.Name == "" {
		return s.Contract
	}
	return s.Contract + "/" + s.Name
}

// Card returns the card of the implementation called name.
func (s Suite) Card(name string) (impls.Card, bool) {
	for _, c := range s.Impls {
		if c.Name == name {
			return c, true
		}
	}
	return impls.Card{}, false
}

// Cases returns the suite's implementations that run under Loads[i].
func (s Suite) Cases(i int) []Case {
	var cases []Case
	for _, c := range s.under(i) {
		cases = append(cases, Case{s, s.Loads[i], *c, s.bound[i][c.Name]})
	}
	return cases
}

// under returns the cards of Cases. Every process of a run walks over them at its start,
// and a Case is large.
func (s Suite) under(i int) []*impls.Card {
	var cards []*impls.Card
	for n, c := range s.Impls {
		if _, ok := s.bound[i][c.Name]; ok {
			cards = append(cards, &s.Impls[n])
		}
	}
	return cards
}

// LoadsOf returns the loads under which an implementation runs.
func (s Suite) LoadsOf(impl string) []Load {
	var loads []Load
	for i, l := range s.Loads {
		if _, ok := s.bound[i][impl]; ok {
			loads = append(loads, l)
		}
	}
	return loads
}

// With returns a copy of the suite with change applied to every card.
func (s Suite) With(change func(impls.Card) impls.Card) Suite {
	s.Impls = slices.Clone(s.Impls)
	for i, c := range s.Impls {
		s.Impls[i] = change(c)
	}
	return s
}

// Info returns what a report needs to know about the suite: its names, its
// implementations and its loads.
func (s Suite) Info() (results.SuiteInfo, []results.ImplInfo, []results.WorkInfo) {
	var cards []results.ImplInfo
	for _, c := range s.Impls {
		i := results.ImplInfo{
			Contract: s.Contract, Suite: s.Name, Name: c.Name, Kind: string(c.Kind), Source: c.Source,
			Role: string(c.Role), Flaw: c.Flaw.Text,
		}
		for _, p := range c.Promises {
			i.Promises = append(i.Promises, p.Name)
		}
		if err := c.Unavailable(); err != nil {
			i.Skipped = err.Error()
		}
		cards = append(cards, i)
	}
	var loads []results.WorkInfo
	for _, l := range s.Loads {
		loads = append(loads, l.info(s))
	}
	return results.SuiteInfo{Pattern: s.Pattern, Contract: s.Contract, Name: s.Name}, cards, loads
}

// Find returns the case that a cell names.
func Find(suites []Suite, cell results.Cell) (Case, bool) {
	impl, _ := cell.Unalias()
	for _, s := range suites {
		if s.Contract != cell.Contract {
			continue
		}
		for i, l := range s.Loads {
			b, ok := s.bound[i][impl]
			if card, known := s.Card(impl); ok && known && l.Name == cell.Work {
				return Case{s, l, card, b}, true
			}
		}
	}
	return Case{}, false
}

// Points returns the points of grids at which the case runs, without duplicates. Values
// in override replace those of the grids, and the implementation's limits do not apply to
// them.
func (c Case) Points(grids []Grid, override map[string][]string) [][]results.Param {
	var points [][]results.Param
	seen := map[string]bool{}
	for _, g := range grids {
		for _, point := range g.points(c.Load.Params, override) {
			name := results.Cell{Params: point}.Name()
			if !seen[name] && c.within(point, override) {
				seen[name] = true
				points = append(points, point)
			}
		}
	}
	return points
}

// within reports whether a point is within the implementation's limits.
func (c Case) within(point []results.Param, override map[string][]string) bool {
	values, err := readParams(c.Load.Params, point)
	if err != nil {
		return true // the caller rejects the point, with the reason
	}
	for key, limit := range c.Impl.Limits.Param {
		if v, ok := values[key].(int); ok && override[key] == nil && v > limit {
			return false
		}
	}
	return true
}
