package stack

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// bounded fills a stack by many goroutines at once, and empties it.
var bounded = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "bounded", Turn: "round", About: "n goroutines fill the stack until it refuses, and empty it",
		Params: []harness.AnyParam{load.Goroutines, room},
		Needs:  []impls.Promise{impls.Bounded}, Probes: []impls.Promise{impls.Bounded}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 100), harness.Within(room, 1, 100_000)),
		}},
	},
	Run: func(t *harness.Trial, create stacks.New[uint64]) error {
		n, size := load.Goroutines.Of(t), room.Of(t)
		fresh := func() stacks.Stack[uint64] { return create(size) }
		return eachLife(t, fresh, size, func(l *life) { l.fill(n); l.fill(n) })
	},
}

// fill lets n goroutines push until the stack is full, and then pop until it is empty.
func (l *life) fill(n int) {
	if l.failed.Load() {
		return
	}
	var next, popped atomic.Int64
	clear(l.notes)
	push := func(int) {
		for {
			at := next.Add(1) - 1
			if at >= int64(len(l.notes)) {
				return
			}
			l.push(int(at))
		}
	}
	l.crowd(n, push)
	if l.stack.Push(0) {
		l.fail(fmt.Errorf("the stack took %d values with room for %d", len(l.notes)+1, len(l.notes)))
		return
	}
	l.crowd(n, func(int) {
		for at, ok := l.stack.Pop(); ok; at, ok = l.stack.Pop() {
			popped.Add(1)
			l.take(at)
		}
	})
	if got := popped.Load(); got != int64(len(l.notes)) && !l.failed.Load() {
		l.fail(fmt.Errorf("%d values were popped from a full stack of %d", got, len(l.notes)))
	}
}
