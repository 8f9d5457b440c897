package models

import (
	"fmt"
	"slices"

	"github.com/contendbench/contend/harness/history"
)

// Put is a call to a queue or stack: in, or out.
type Put struct {
	In    bool
	Value int // of a call in
}

// Queue is first in, first out, with room for capacity values; 0 is room for all.
func Queue(capacity int, strict bool) history.Model[[]int, Put, Result] {
	return list(capacity, strict, "enqueue(%d)", "dequeue", 0)
}

// Stack is last in, first out, with room for capacity values; 0 is room for all.
func Stack(capacity int, strict bool) history.Model[[]int, Put, Result] {
	return list(capacity, strict, "push(%d)", "pop", -1)
}

// list is a list of values that takes new ones at its end and gives them from its front (from 0) or its end (from -1).
func list(capacity int, strict bool, in, out string, from int) history.Model[[]int, Put, Result] {
	return history.Model[[]int, Put, Result]{
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
