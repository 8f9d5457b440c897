package harness

import (
	"context"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Bench runs the quick cells of the suites under go test -bench. An iteration is a
// window, and a failed check fails the benchmark. ns/op is the median over the windows.
// With -benchtime=20x, a line of output has 20 windows. With -count, benchstat gets its
// samples.
func Bench(b *testing.B, suites ...Suite) {
	b.Helper()
	if err := CheckSuites(suites); err != nil {
		b.Fatal(err)
	}
	spins := machine.CalibrateSpin()
	for _, s := range suites {
		for i, l := range s.Loads {
			for _, c := range s.Cases(i) {
				if c.Impl.Role == impls.Seeded || c.Impl.Unavailable() != nil {
					continue
				}
				for _, point := range c.Points(l.Points.Quick, nil) {
					cell := results.Cell{Contract: s.Contract, Work: l.Name, Impl: c.Impl.Name, Params: point}
					b.Run(subName(cell), func(b *testing.B) {
						spec := DefaultSpec(cell)
						spec.SpinsPerNs = spins
						benchCase(b, c, spec)
					})
				}
			}
		}
	}
}

// subName returns the cell's name without the contract, and without GOMAXPROCS, which
// package testing adds.
func subName(cell results.Cell) string {
	cell.Procs = 1
	_, name, _ := strings.Cut(cell.Name(), "/")
	return strings.TrimSuffix(name, "-1")
}

func benchCase(b *testing.B, c Case, spec Spec) {
	values, err := readParams(c.Load.Params, spec.Cell.Params)
	if err != nil {
		b.Fatalf("reading the parameters: %v", err)
	}
	if !c.Load.Allocates {
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
	}
	t := &Trial{
		Context: context.Background(), spec: spec, c: c, values: values, length: spec.Length,
		rng: rand.New(rand.NewPCG(rand.Uint64(), 1)),
	}
	t.plan = spec.measured()[:1]
	for b.Loop() {
		if err := t.run(); err != nil {
			b.Fatalf("got a failure, want none: %s", Detail(err))
		}
	}
	if t.turns() == 0 {
		b.Fatalf("got no turn in %d windows, want at least 1", len(t.results))
	}
	trial := results.Trial{Cell: spec.Cell}
	t.spec.Windows = 1 // keep every window: testing discards a first iteration itself
	if err := t.summarize(&trial); err != nil {
		b.Fatalf("summarizing the windows: %v", err)
	}
	if _, ok := trial.Values["ns/op"]; !ok { // testing's own ns/op is the time of a window
		b.ReportMetric(0, "ns/op")
	}
	for unit, v := range trial.Values {
		b.ReportMetric(v, unit)
	}
}
