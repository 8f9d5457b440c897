package stack

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// bounded fills a stack by many goroutines at once, and empties it. Each life has room of
// its own, up to that of the load.
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
		n, most := load.Goroutines.Of(t), room.Of(t)
		fresh := func(rng *rand.Rand) (stacks.Stack[uint64], int) {
			size := load.Size(rng, most)
			return create(size), size + n
		}
		return eachLife(t, fresh, func(l *life) {
			for range fills {
				l.fill(n)
			}
		})
	},
}

// fills is how often a life fills its stack. Room that is lost in one shows in the next.
const fills = 3

// fill lets n goroutines push until the stack is full, and then pop until it is empty. A
// push of each is refused, which also has a note.
func (l *life) fill(n int) {
	if l.failed.Load() {
		return
	}
	var here, next, pushed, popped atomic.Int64
	room := int64(len(l.notes) - n)
	clear(l.notes)
	l.crowd(n, func(int) {
		for here.Add(1); here.Load() < int64(n); { // together, so that they meet at the last room
			runtime.Gosched()
		}
		for at := next.Add(1) - 1; at < int64(len(l.notes)); at = next.Add(1) - 1 {
			l.notes[at].value = uint64(at)
			if !l.stack.Push(uint64(at)) {
				return
			}
			pushed.Add(1)
		}
	})
	if got := pushed.Load(); got != room && !l.failed.Load() {
		l.fail(fmt.Errorf("the stack took %d values with room for %d", got, room))
		return
	}
	l.crowd(n, func(int) {
		for at, ok := l.stack.Pop(); ok; at, ok = l.stack.Pop() {
			popped.Add(1)
			l.take(at)
		}
	})
	if got := popped.Load(); got != room && !l.failed.Load() {
		l.fail(fmt.Errorf("%d values were popped from a full stack of %d", got, room))
	}
}
