package future

import (
	"context"
	"runtime"

	"github.com/contendbench/contend/impls/cpu"
)

// Spin is an atomic word at which waiters look again and again.
//
// Source: Baker and Hewitt, The Incremental Garbage Collection of Processes, 1977:
// futures, here with busy waiting; the word of Atomic.
// Progress: waiters yield every cpu.YieldEvery looks, and then look at their contexts.
// Callbacks run in order, in the deciding goroutine or in the caller of Then.
// Space: one word; a link for each callback.
// Ordering: the compare-and-swap of the decision synchronizes before each load of it.
// Wins where the decision comes within a microsecond and each waiter has a processor.
// Loses by the processor time of its waiters.
// The zero value is not decided. A Spin must not be copied.
type Spin[T any] struct{ word[T] }

// Resolve decides on a value.
func (p *Spin[T]) Resolve(value T) bool { return p.decide(outcome[T]{value: value}, func() {}) }

// Reject decides on an error.
func (p *Spin[T]) Reject(err error) bool { return p.decide(outcome[T]{err: err}, func() {}) }

// Get spins until the decision.
func (p *Spin[T]) Get(ctx context.Context) (T, error) {
	for turn := 1; ; turn++ {
		var err error
		if turn%cpu.YieldEvery == 0 {
			runtime.Gosched()
			err = ctx.Err()
		}
		if d := p.load(); d != nil {
			return d.value, d.err
		}
		if err != nil {
			var none T
			return none, err
		}
	}
}
