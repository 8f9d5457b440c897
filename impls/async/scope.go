package async

import (
	"context"
	"sync"
)

// Scope starts a goroutine for each function, and ends a function only after those that it
// has started. If it fails, their contexts end.
//
// Source: Smith, Notes on Structured Concurrency, 2018; JEP 505, StructuredTaskScope.
// Progress: that of goroutines. A function that has returned waits for its children.
// Space: a goroutine with its stack, a channel and a context for each function.
// Ordering: the close of a task's channel synchronizes before a receive from it. What the
// children wrote happens before the end of their parent.
// Wins where no function may outlive its caller, such as one that works on the caller's
// data. Loses to Goroutine by a context for each function.
// Make one with NewScope. It must not be copied.
type Scope[T any] struct{ running sync.WaitGroup }

// NewScope makes an executor that does not limit its functions.
func NewScope[T any]() *Scope[T] { return new(Scope[T]) }

// Go starts a function without a parent.
func (e *Scope[T]) Go(ctx context.Context, f Func[T]) Task[T] { return start(ctx, f, &e.running) }

// Close waits for the functions without a parent, which wait for all others.
func (e *Scope[T]) Close() { e.running.Wait() }

// start starts a function as one of family.
func start[T any](ctx context.Context, f Func[T], family *sync.WaitGroup) Task[T] {
	task := newCell[T]()
	family.Go(func() {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		flow := &scoped[T]{blocking: blocking[T]{ctx: ctx}}
		r := call(f, flow)
		if r.err != nil {
			cancel()
		}
		flow.children.Wait()
		task.finish(r)
	})
	return task
}

// scoped is the flow of a function that has children.
type scoped[T any] struct {
	blocking[T]
	children sync.WaitGroup
}

// Go starts a child.
func (f *scoped[T]) Go(g Func[T]) Task[T] { return start(f.ctx, g, &f.children) }
