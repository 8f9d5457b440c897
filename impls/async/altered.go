package async

import "context"

// altered is an executor whose functions have another flow. The seeded bugs that are in a
// flow use it.
type altered[T any] struct {
	Executor[T]
	alter func(Flow[T]) Flow[T]
}

// Go starts a function with another flow.
func (e *altered[T]) Go(ctx context.Context, f Func[T]) Task[T] { return e.Executor.Go(ctx, e.with(f)) }

func (e *altered[T]) with(f Func[T]) Func[T] {
	return func(flow Flow[T]) (T, error) { return f(&alteredFlow[T]{e.alter(flow), e}) }
}

// alteredFlow starts other functions with such flows, too.
type alteredFlow[T any] struct {
	Flow[T]
	e *altered[T]
}

// Go starts another function.
func (f *alteredFlow[T]) Go(g Func[T]) Task[T] { return f.Flow.Go(f.e.with(g)) }
