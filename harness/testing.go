package harness

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Test spends suiteTime on a suite, in equal shares for its cases. A share has bounds, so
// that a single type is tested for longer, and a large table still in earnest. Under
// -short, it is a quarter of that.
const (
	suiteTime = 8 * time.Second
	leastTime = 100 * time.Millisecond
	mostTime  = 500 * time.Millisecond
)

// undecided is how long Test retries a case that no window could decide. A machine can be
// too busy for a fault's timing.
const undecided = 20 * time.Second

// testGrace is how long a window under test may make no progress before it counts as
// hung.
const testGrace = 5 * time.Second

// Test stresses and checks every implementation of the suites under every load, in a
// subtest each. It skips seeded bugs and implementations that are known to be broken,
// because they must fail.
func Test(t *testing.T, suites ...Suite) {
	t.Helper()
	if err := CheckSuites(suites); err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		cases := s.tested()
		each := min(max(suiteTime/time.Duration(max(len(cases), 1)), leastTime), mostTime)
		for _, c := range cases {
			t.Run("work="+c.Load.Name+"/impl="+c.Impl.Name, func(t *testing.T) { testCase(t, suites, c, each) })
		}
	}
}

// tested returns the cases that Test runs.
func (s Suite) tested() []Case {
	var cases []Case
	for i := range s.Loads {
		for _, c := range s.Cases(i) {
			if c.Impl.Role == impls.Contender && len(c.stressPoints()) > 0 {
				cases = append(cases, c)
			}
		}
	}
	return cases
}

// testCase stresses one case for a while.
func testCase(t *testing.T, suites []Suite, c Case, each time.Duration) {
	if err := c.Impl.Unavailable(); err != nil {
		t.Skip(err)
	}
	spec := DefaultSpec(results.Cell{
		Contract: c.Suite.Contract, Work: c.Load.Name, Impl: c.Impl.Name, Procs: runtime.GOMAXPROCS(0),
	})
	spec.Seed, spec.Stress, spec.Grace = rand.Uint64(), each, testGrace
	if testing.Short() {
		spec.Stress = each / 4
	}
	out, err := Stress(t.Context(), suites, spec)
	for start := time.Now(); errors.Is(err, ErrUnknown) && time.Since(start) < undecided; {
		spec.Seed = rand.Uint64()
		out, err = Stress(t.Context(), suites, spec)
	}
	if err != nil {
		t.Fatalf("seed %d: got a failure, want none: %s", spec.Seed, Detail(err))
	}
	if out.Turns == 0 {
		t.Fatalf("seed %d: got no turn in %d windows, want at least 1", spec.Seed, out.Count)
	}
}

const (
	// findTime is how long Finds stresses one implementation.
	findTime = 2 * time.Second
	// findGrace is how long a window may make no progress. On a busy machine, starvation
	// takes long to show.
	findGrace = 10 * time.Second
)

// Finds fails the test unless the load's checks report an error with the text complaint
// for every implementation of the suite. It shows that a check works: pass it
// implementations that break what the check tests.
func Finds(t *testing.T, s Suite, load, complaint string) {
	t.Helper()
	for _, i := range s.Impls {
		spec := DefaultSpec(results.Cell{Contract: s.Contract, Work: load, Impl: i.Name, Procs: 2})
		if _, ok := Find([]Suite{s}, spec.Cell); !ok {
			t.Errorf("%s of %s: got no such case, want one", load, i.Name)
			continue
		}
		spec.Seed, spec.Stress, spec.Grace = 1, findTime, findGrace
		if _, err := Stress(t.Context(), []Suite{s}, spec); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s of %s: got %v, want an error with %q", load, i.Name, err, complaint)
		}
	}
}

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
