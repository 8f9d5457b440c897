package harness

import (
	"encoding/json"
	"time"

	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Workload is a load with its body, for implementations whose constructor has type C.
type Workload[C any] struct {
	Load
	Accepts func(impls.Impl[C]) bool // in addition to Needs; nil: accepts every implementation
	Run     func(t *Trial, create C) error
	// Method names the method that the promises in Needs ask for, and reports whether what
	// create makes has it. nil: they ask for none beyond the contract.
	Method  func(create C) (name string, has bool)
	Helpers map[string]HelperFunc[C] // functions that its trials run in other processes
}

// HelperFunc is a function that a trial runs in another process, through impls.Host. An
// error goes to the log of the process and gives it a nonzero exit status.
type HelperFunc[C any] func(h *Helper, create C, args json.RawMessage) error

// Helper is what a HelperFunc sees of its process.
type Helper = process.Helper

// Metric is a quantity that a workload reports in addition to what the harness measures.
// A variable declares it, and Window.Set reports its value.
type Metric = results.Metric

// Lower and Higher say which values of a metric are better.
const (
	Lower  = results.Lower
	Higher = results.Higher
)

// Load is the declaration of a workload, which does not depend on the constructor's type.
type Load struct {
	Name    string // as in /work=
	Turn    string // what one turn of the first role is; ns/op is per turn
	About   string // the load in a sentence
	Params  []AnyParam
	Metrics []Metric // what it reports
	Ranks   Metric   // what verdicts, charts and advice compare; zero: ns/op
	// Baseline is the implementation that others are compared with; "": the suite's.
	Baseline string
	Points   Points
	// Needs are the promises that an implementation must make to run under the load.
	// Probes are the promises that the load's checks test, in every implementation that
	// makes them.
	Needs, Probes []impls.Promise

	CurveAxis AnyParam // x of its scaling chart; nil: no chart
	Maps      []Plane  // its maps of winners

	WantsFairness bool          // even the quick preset measures fairness
	Allocates     bool          // the collector stays on, and B/op is shown
	Lasting       bool          // a subject is as good as new after a window: a stress run continues with some
	Share         int           // of a stress run's time, relative to other loads: more for races of a few ns; 0: 1
	AtLeast       time.Duration // of a measured window: several collections of what it allocates, for example
	Takes         time.Duration // time of a trial in addition to its windows, for estimates
}

// Plane is the x and the y of a map.
type Plane [2]AnyParam

// Axes returns the parameters that the load's charts are over.
func (l Load) Axes() []AnyParam {
	var all []AnyParam
	if l.CurveAxis != nil {
		all = append(all, l.CurveAxis)
	}
	for _, p := range l.Maps {
		all = append(all, p[0], p[1])
	}
	return all
}

// Points says where each preset measures a load. An empty Full means the same as
// Standard. A stress run draws from Stress, or runs at the defaults if it is empty.
type Points struct{ Quick, Standard, Full, Stress []Grid }

// Measured reports whether a preset measures the load. One that none does serves stress
// runs alone.
func (l Load) Measured() bool {
	return len(l.Points.Quick)+len(l.Points.Standard)+len(l.Points.Full) > 0
}

// Crowd returns the number of goroutines at a point: the sum of the parameters that count
// goroutines, at least 1.
func (l Load) Crowd(point []results.Param) int {
	values, err := readParams(l.Params, point)
	if err != nil {
		return 1
	}
	n := 0
	for _, p := range l.Params {
		if v, ok := values[p.Name()].(int); ok && p.crowd() {
			n += v
		}
	}
	return max(n, 1)
}

// Check returns an error for the first value of a point that the load does not take.
func (l Load) Check(point []results.Param) error {
	_, err := readParams(l.Params, point)
	return err
}

// info returns what a report needs to know about the load.
func (l Load) info(s Suite) results.WorkInfo {
	i := results.WorkInfo{
		Contract: s.Contract, Suite: s.Name, Name: l.Name, Op: l.Turn, About: l.About,
		Baseline: l.Baseline, Ranks: l.Ranks.Unit, Metrics: l.Metrics,
	}
	for _, p := range l.Params {
		if p.crowd() {
			i.Crowd = append(i.Crowd, p.Name())
		}
	}
	if l.CurveAxis != nil {
		i.Curve = l.CurveAxis.Name()
	}
	for _, p := range l.Maps {
		i.Planes = append(i.Planes, [2]string{p[0].Name(), p[1].Name()})
	}
	return i
}

// Signature returns the load's parameters with their defaults, on which two executables
// must agree.
func (l Load) Signature() string {
	text := ""
	for _, p := range l.Params {
		text += " " + p.Name() + "=" + p.fallback()
	}
	return text
}
