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

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// testTime is how long Test stresses one row; a quarter of it under -short.
const testTime = 200 * time.Millisecond

// undecided is how long Test goes on where no window could decide, as on a machine that is too busy for a fault's timing.
const undecided = 20 * time.Second

// testGrace is how long a window under test may stand still before it counts as hung.
const testGrace = 5 * time.Second

// Test stresses and checks every implementation of the patterns under every workload, a subtest each.
// Seeded bugs and implementations that are known to be broken are left out: they are there to fail. So is what a workload's stress grids leave out.
func Test(t *testing.T, patterns ...Pattern) {
	t.Helper()
	rows := Rows(patterns...)
	for _, row := range rows {
		if row.Impl.Role != impls.Contender || len(row.stressPoints()) == 0 {
			continue
		}
		t.Run("work="+row.Work.Name+"/impl="+row.Impl.Name, func(t *testing.T) {
			if err := row.Impl.Unavailable(); err != nil {
				t.Skip(err)
			}
			spec := DefaultSpec(results.Cell{Contract: row.Contract, Work: row.Work.Name, Impl: row.Impl.Name, Procs: runtime.GOMAXPROCS(0)})
			spec.Seed, spec.Stress, spec.Grace = rand.Uint64(), testTime, testGrace
			if testing.Short() {
				spec.Stress = testTime / 4
			}
			out, err := Stress(t.Context(), rows, spec)
			for begin := time.Now(); errors.Is(err, ErrUnknown) && time.Since(begin) < undecided; {
				spec.Seed = rand.Uint64()
				out, err = Stress(t.Context(), rows, spec)
			}
			if err != nil {
				t.Fatalf("seed %d: %s", spec.Seed, fullText(err))
			}
			if out.Turns == 0 {
				t.Fatalf("seed %d: %d windows made no turn", spec.Seed, out.Count)
			}
		})
	}
}

// Bench runs the quick cells of the patterns under go test -bench: an iteration is a window, whose checks
// void the benchmark when they fail, and ns/op is overridden by the median over the windows. With
// -benchtime=20x a line has 20 windows; -count gives benchstat its samples.
func Bench(b *testing.B, patterns ...Pattern) {
	b.Helper()
	rows := Rows(patterns...)
	spins := CalibrateSpin()
	for _, row := range rows {
		if row.Impl.Role == impls.Bug || row.Impl.Unavailable() != nil {
			continue
		}
		for _, point := range row.Points(row.Work.Quick, nil) {
			cell := results.Cell{Contract: row.Contract, Work: row.Work.Name, Impl: row.Impl.Name, Params: point}
			b.Run(subName(cell), func(b *testing.B) {
				spec := DefaultSpec(cell)
				spec.SpinsPerNs = spins
				benchRow(b, row, spec)
			})
		}
	}
}

// subName is the cell's name without the contract and without GOMAXPROCS, which testing adds.
func subName(cell results.Cell) string {
	cell.Procs = 1
	_, name, _ := strings.Cut(cell.Name(), "/")
	return strings.TrimSuffix(name, "-1")
}

func benchRow(b *testing.B, row Row, spec Spec) {
	values, err := readParams(row.Work.Params, spec.Cell.Params)
	if err != nil {
		b.Fatal(err)
	}
	if !row.Work.Allocates {
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
	}
	t := &Trial{Context: context.Background(), spec: spec, row: row, values: values, length: spec.Length, rng: rand.New(rand.NewPCG(rand.Uint64(), 1))}
	t.plan = spec.measured()[:1]
	for b.Loop() {
		if err := t.run(); err != nil {
			b.Fatal(fullText(err))
		}
	}
	trial := results.Trial{Cell: spec.Cell}
	t.spec.Windows = 1 // every window counts: testing has its own discarded first iteration
	if err := t.summarize(&trial); err != nil {
		b.Fatal(err)
	}
	for unit, v := range trial.Values {
		b.ReportMetric(v, unit)
	}
}
