package barrier

import (
	"fmt"
	"slices"

	"github.com/contendbench/contend/harness"
	barriers "github.com/contendbench/contend/impls/barrier"
)

// A plate is a square of temperatures with a hot edge; a step sets each inner cell to the mean of its neighbours, from one
// copy of the square into the other.
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

// step computes the rows from low up to but not including high of a step, counted from 0.
func (p *plate) step(step, low, high int) {
	from, to := p.cells[step%2], p.cells[(step+1)%2]
	for y := max(low, 1); y < min(high, p.side-1); y++ {
		for i := y*p.side + 1; i < (y+1)*p.side-1; i++ {
			to[i] = (from[i-1] + from[i+1] + from[i-p.side] + from[i+p.side]) / 4
		}
	}
}

// stencil divides the plate's rows among the parties, and compares the end with what one goroutine computes.
func stencil(t *harness.Trial, create barriers.New) error {
	n, side := parties.Of(t), side.Of(t)
	return t.Window(func(w *harness.Window) error {
		b, shared := create(n), newPlate(side)
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
				return fmt.Errorf("after %d steps the plate differs from one that was computed alone", steps)
			}
			return nil
		})
		return nil
	})
}
