package models

import (
	"fmt"
	"slices"

	"github.com/contendbench/contend/harness/history/linearizable"
)

// Put is a call to a queue or a stack: it puts a value in, or takes one out.
type Put struct {
	In    bool
	Value int // that it puts in
}

// Queue is first in, first out. It has room for capacity values; 0 is no bound.
func Queue(capacity int, strict bool) linearizable.Model[[]int, Put, Result] {
	return list(capacity, strict, "enqueue(%d)", "dequeue", 0)
}

// Stack is last in, first out. It has room for capacity values; 0 is no bound.
func Stack(capacity int, strict bool) linearizable.Model[[]int, Put, Result] {
	return list(capacity, strict, "push(%d)", "pop", -1)
}

// list is a list of values. New ones go to its end. They come out at its front if from is
// 0, and at its end if from is -1. in and out describe the calls.
func list(capacity int, strict bool, in, out string, from int) linearizable.Model[[]int, Put, Result] {
	return linearizable.Model[[]int, Put, Result]{
		Init: func() []int { return nil },
		Step: func(values []int, c Put, got *Result) (bool, []int) {
			if !strict && got != nil && !got.OK {
				return true, values
			}
			switch {
			case c.In && capacity > 0 && len(values) == capacity, !c.In && len(values) == 0:
				return fits(got, Result{}), values
			case c.In:
				return got == nil || got.OK, append(values[:len(values):len(values)], c.Value)
			}
			i := from
			if i < 0 {
				i += len(values)
			}
			return fits(got, Result{values[i], true}), slices.Delete(slices.Clone(values), i, i+1)
		},
		Equal: slices.Equal[[]int],
		Reads: func(_ Put, got *Result) bool { return got != nil && !got.OK },
		Describe: func(c Put, got *Result) string {
			if c.In {
				return arrow(fmt.Sprintf(in, c.Value), got)
			}
			return arrow(out, got)
		},
	}
}
