package harness

import (
	"encoding/json"
	"slices"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Workload is one load shape for a contract whose constructor has type C.
type Workload[C any] struct {
	Name   string // as it stands in /work=
	Op     string // what one turn of the first role is, so what ns/op divides by
	About  string // the load in a sentence, for the report
	Params []AnyParam
	Curve  AnyParam    // the parameter that its scaling chart runs over; nil: none
	Plane  [2]AnyParam // the parameters, x and y, of the map of who wins where; none: no map

	// Presets, curated. Standard stands in for an empty Full. Stress lists the points that a stress run draws from.
	Quick, Standard, Full, Stress []Grid

	Fair      bool                     // fairness is a question here: even quick gives it a window
	Allocates bool                     // the collector stays on and B/op is shown
	Accepts   func(impls.Impl[C]) bool // nil: every implementation
	Run       func(t *Trial, subject C) error
	Entries   map[string]Entry[C] // what trials of this workload run in processes of their own
}

// Pattern is a set of rows, each an implementation under a workload, with the constructor's type
// erased, so that one command and one test can hold all of them.
type Pattern struct {
	rows []Row
}

// Row is an implementation under a workload.
type Row struct {
	Pattern  string // one of the 20
	Contract string // folder under impls
	Baseline string // the implementation that others are compared with
	Without  map[impls.Kind]string
	Impl     impls.Impl[struct{}]
	Work     Work
	// Executable runs the row's trials where this one does not link it; see Attach.
	Executable string

	run     func(*Trial) error
	entries map[string]func(*Peer, json.RawMessage) error
}

// Work is the part of a workload that does not depend on the constructor's type.
type Work struct {
	Name, Op, About               string
	Params                        []AnyParam
	Curve                         string
	Plane                         [2]string // x and y; empty: none
	Quick, Standard, Full, Stress []Grid
	Fair, Allocates               bool
}

// About names a pattern and its contract.
type About struct {
	Pattern  string
	Contract string
	Baseline string
	Without  map[impls.Kind]string // kinds of which there is none, and why that makes sense
}

// NewPattern makes the rows of implementations under workloads.
func NewPattern[C any](about About, table []impls.Impl[C], works ...Workload[C]) Pattern {
	var p Pattern
	for _, w := range works {
		work := Work{
			Name: w.Name, Op: w.Op, About: w.About, Params: w.Params, Fair: w.Fair, Allocates: w.Allocates,
			Quick: w.Quick, Standard: w.Standard, Full: w.Full, Stress: w.Stress,
		}
		if w.Curve != nil {
			work.Curve = w.Curve.Name()
		}
		for i, p := range w.Plane {
			if p != nil {
				work.Plane[i] = p.Name()
			}
		}
		if len(work.Full) == 0 {
			work.Full = work.Standard
		}
		for _, i := range table {
			if w.Accepts != nil && !w.Accepts(i) {
				continue
			}
			entries := map[string]func(*Peer, json.RawMessage) error{}
			for name, f := range w.Entries {
				entries[name] = func(p *Peer, args json.RawMessage) error { return f(p, i.New, args) }
			}
			p.rows = append(p.rows, Row{
				Pattern: about.Pattern, Contract: about.Contract, Baseline: about.Baseline, Without: about.Without,
				Impl: impls.With(i, struct{}{}), Work: work,
				run: func(t *Trial) error { return w.Run(t, i.New) }, entries: entries,
			})
		}
	}
	return p
}

// And returns the rows of both: a contract with two levels is two patterns joined.
func (p Pattern) And(q Pattern) Pattern {
	return Pattern{rows: append(p.rows[:len(p.rows):len(p.rows)], q.rows...)}
}

// Rows returns the rows of all patterns, in the order of the tables.
func Rows(patterns ...Pattern) []Row {
	var rows []Row
	for _, p := range patterns {
		rows = append(rows, p.rows...)
	}
	return rows
}

// Find returns the row that runs cell.
func Find(rows []Row, cell results.Cell) (Row, bool) {
	impl, _ := cell.Base()
	for _, r := range rows {
		if r.Contract == cell.Contract && r.Work.Name == cell.Work && r.Impl.Name == impl {
			return r, true
		}
	}
	return Row{}, false
}

// Points returns the row's points in a list of grids, overridden by axes, without duplicates.
func (r Row) Points(grids []Grid, override map[string][]string) [][]results.Param {
	var points [][]results.Param
	seen := map[string]bool{}
	for _, g := range grids {
		if slices.Contains(g.without, r.Impl.Name) {
			continue
		}
		for _, point := range g.points(r.Work.Params, override) {
			name := results.Cell{Params: point}.Name()
			if !seen[name] {
				seen[name] = true
				points = append(points, point)
			}
		}
	}
	return points
}

// Check reports the first text in params that the row's workload does not take.
func (r Row) Check(params []results.Param) error {
	_, err := readParams(r.Work.Params, params)
	return err
}
