package barrier

import (
	"fmt"
	"math"
	"slices"

	"github.com/contendbench/contend/harness"
	barriers "github.com/contendbench/contend/impls/barrier"
)

// stencil divides the rows of a plate among the parties, and compares the result with
// that of one goroutine.
var stencil = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "stencil", Turn: "step of a party",
		About:     "a Jacobi iteration on a square grid whose rows the parties share",
		Params:    []harness.AnyParam{parties, side},
		Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(parties.In(2, 8), side.In(64, 512))},
			Stress: []harness.Grid{
				harness.Over(parties.In(2, 3, 8), side.In(16, 33)),
				harness.Over(harness.Within(parties, 2, 40), harness.Within(side, 3, 100)),
			},
		},
	},
	Run: runStencil,
}

var side = harness.Param[int]{
	Key: "side", About: "cells along a side of the grid, 3 to 10000", Default: 64, Valid: harness.Between(3, 10_000),
}

func runStencil(t *harness.Trial, newBarrier barriers.New) error {
	n, side := parties.Of(t), side.Of(t)
	return t.Window(func(w *harness.Window) error {
		b, shared := newBarrier(n), newPlate(side)
		var steps int // written by party 0
		w.Go("worker", n, func(w *harness.Worker) {
			step, low, high := 0, w.ID*side/n, (w.ID+1)*side/n
			for w.Next() {
				shared.step(step, low, high)
				step++
				b.Wait(w.ID)
			}
			if w.ID == 0 {
				steps = step
			}
		}, harness.Lockstep())
		w.Check(func() error {
			alone := newPlate(side)
			for step := range steps {
				alone.step(step, 0, side)
			}
			if !slices.Equal(shared.cells[steps%2], alone.cells[steps%2]) {
				return fmt.Errorf("after %d steps, the plate differs from one that a single goroutine computed", steps)
			}
			return nil
		})
		return nil
	})
}

// A plate is a square of temperatures with a hot edge. A step sets each inner cell to the
// sum of its neighbours times a factor. It reads one copy of the square and writes the
// other.
type plate struct {
	side  int
	cells [2][]float64
}

func newPlate(side int) *plate {
	p := &plate{side: side}
	for i := range p.cells {
		p.cells[i] = make([]float64, side*side)
		for x := range side {
			p.cells[i][x] = 1
		}
	}
	return p
}

// step computes the rows from low to high, without high, in a step counted from 0.
func (p *plate) step(step, low, high int) {
	from, to, factor := p.cells[step%2], p.cells[(step+1)%2], p.factor(step)
	for y := max(low, 1); y < min(high, p.side-1); y++ {
		for i := y*p.side + 1; i < (y+1)*p.side-1; i++ {
			to[i] = (from[i-1] + from[i+1] + from[i-p.side] + from[i+p.side]) * factor
		}
	}
}

// factor is about a quarter. With a quarter, all plates would come to rest at the same
// temperatures, and damage from a step without a barrier would heal. So the factor
// differs from step to step, and is such that the slowest mode of the plate keeps its
// amplitude: without damping, damage stays.
func (p *plate) factor(step int) float64 {
	damping := max(math.Cos(math.Pi/float64(p.side-1)), 0.5) // 0.5: a plate of 3 has no such mode
	return swing(step+1) / swing(step) / (4 * damping)
}

// swing is a number from 1 to 1.1 that never comes back.
func swing(step int) float64 {
	_, fraction := math.Modf(float64(step) * math.Phi)
	return 1 + fraction/10
}
