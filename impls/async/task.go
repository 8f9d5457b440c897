package async

import (
	"context"
	"runtime/debug"
	"time"
)

// result is what a function returned.
type result[T any] struct {
	value T
	err   error
}

// call runs a function. A panic becomes its error.
func call[T any](f Func[T], flow Flow[T]) (r result[T]) {
	defer func() {
		if p := recover(); p != nil {
			r = result[T]{err: &Panic{Value: p, Stack: debug.Stack()}}
		}
	}()
	r.value, r.err = f(flow)
	return r
}

// cell is a task with a channel that is closed when the result is there.
type cell[T any] struct {
	done   chan struct{}
	result result[T]
}

func newCell[T any]() *cell[T] { return &cell[T]{done: make(chan struct{})} }

func (c *cell[T]) finish(r result[T]) {
	c.result = r
	close(c.done)
}

// ended reports whether the result is there.
func (c *cell[T]) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// Await waits for the channel.
func (c *cell[T]) Await(ctx context.Context) (value T, err error) {
	if !c.ended() {
		select {
		case <-c.done:
		case <-ctx.Done():
			if !c.ended() {
				return value, ctx.Err()
			}
		}
	}
	return c.result.value, c.result.err
}

// sleep waits for a time or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ctx.Done() == nil {
		time.Sleep(d)
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gather awaits tasks one after the other.
func gather[T any](tasks []Task[T], await func(Task[T]) (T, error)) (values []T, err error) {
	values = make([]T, len(tasks))
	for i, task := range tasks {
		value, taskErr := await(task)
		values[i] = value
		if err == nil {
			err = taskErr
		}
	}
	return values, err
}

// blocking is the flow of a function that has a goroutine of its own and blocks it.
type blocking[T any] struct {
	executor Executor[T]
	ctx      context.Context
}

// Context returns the context that was given to Go.
func (f *blocking[T]) Context() context.Context { return f.ctx }

// Go starts another function with the same context.
func (f *blocking[T]) Go(g Func[T]) Task[T] { return f.executor.Go(f.ctx, g) }

// Await blocks until the task has ended.
func (f *blocking[T]) Await(task Task[T]) (value T, err error) {
	if err := f.ctx.Err(); err != nil {
		return value, err
	}
	return task.Await(f.ctx)
}

// Gather awaits the tasks one after the other.
func (f *blocking[T]) Gather(tasks ...Task[T]) ([]T, error) { return gather(tasks, f.Await) }

// Sleep blocks for a time.
func (f *blocking[T]) Sleep(d time.Duration) error { return sleep(f.ctx, d) }
