package forkjoin

import (
	"errors"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// matrices multiplies two matrices by quarters. A task joins its first four products
// before it forks the second four, which are added to the same quarters.
var matrices = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "matmul", Turn: "program",
		About:  "a product of square matrices by quarters, in two phases of four forks each",
		Params: []harness.AnyParam{matrixSide, blockSide, workers}, Metrics: programMetrics, Ranks: runNs, Allocates: true,
		Takes: time.Second,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(matrixSide.In(512), blockSide.In(16, 64))},
			Stress:   []harness.Grid{harness.Over(matrixSide.In(1, 2, 4, 8, 16, 32), blockSide.In(1, 2, 4), few)},
		},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		side, block := matrixSide.Of(t), blockSide.Of(t)
		a, b, want := newMatrix(side), newMatrix(side), newMatrix(side)
		for i := range side * side {
			a.cells[i], b.cells[i] = float64(i%7), float64(i%11)
		}
		multiply(want, a, b, side, block)
		return measure(t, newPool, func() program {
			c := newMatrix(side)
			return program{
				alone:  func() { multiply(c, a, b, side, block) },
				forked: func(s forks.Scope) { forkMultiply(s, c, a, b, side, block) },
				check: func() error {
					if !slices.Equal(c.cells, want.cells) {
						return errProduct
					}
					return nil
				},
			}
		})
	},
}

var (
	matrixSide = harness.Param[int]{
		Key: "side", About: "side of the matrices, a power of two up to 8192", Default: 512,
		Valid: func(n int) bool { return n >= 1 && n <= 8192 && n&(n-1) == 0 },
	}
	blockSide = harness.Param[int]{
		Key: "block", About: "side of the blocks that are multiplied without a fork, 1 to 8192", Default: 64,
		Valid: harness.Between(1, 8192),
	}

	errProduct = errors.New("the product differs from that of the sequential program")
)

// matrix is a square part of a larger one, row by row. Its cells are small whole numbers,
// so that sums are exact in any order.
type matrix struct {
	cells  []float64
	stride int
}

func newMatrix(side int) matrix { return matrix{make([]float64, side*side), side} }

// quarter returns a quarter of a matrix whose quarters have that side.
func (m matrix) quarter(row, column, side int) matrix {
	return matrix{m.cells[row*side*m.stride+column*side:], m.stride}
}

// multiply adds the product of a and b to c.
func multiply(c, a, b matrix, side, block int) {
	if side <= block {
		multiplyBlock(c, a, b, side)
		return
	}
	half := side / 2
	for k := range 2 {
		for i := range 4 {
			multiply(c.quarter(i/2, i%2, half), a.quarter(i/2, k, half), b.quarter(k, i%2, half), half, block)
		}
	}
}

func multiplyBlock(c, a, b matrix, side int) {
	for i := range side {
		to := c.cells[i*c.stride : i*c.stride+side]
		for k := range side {
			factor, from := a.cells[i*a.stride+k], b.cells[k*b.stride:k*b.stride+side]
			for j, v := range from {
				to[j] += factor * v
			}
		}
	}
}

func forkMultiply(s forks.Scope, c, a, b matrix, side, block int) {
	if side <= block {
		multiplyBlock(c, a, b, side)
		return
	}
	half := side / 2
	for k := range 2 {
		for i := range 4 {
			s.Fork(func(s forks.Scope) {
				to, left, right := c.quarter(i/2, i%2, half), a.quarter(i/2, k, half), b.quarter(k, i%2, half)
				forkMultiply(s, to, left, right, half, block)
			})
		}
		s.Join()
	}
}
