package async

import (
	"context"
	"sync"
)

// Goroutine starts a goroutine for each function, whose result goes through a channel with
// room for it. A function that waits blocks its goroutine, and the runtime gives the
// processor to another.
//
// Source: Effective Go, Channels: a goroutine that sends its result.
// Progress: that of goroutines. Awaiters of one task take the result one after the other,
// and put it back for the next.
// Space: a goroutine with its stack, and a channel, for each function.
// Ordering: the send of the result synchronizes before its receive.
// Wins where functions run on several cores. Loses to callbacks in memory for each
// function that waits.
// Make one with NewGoroutine. It must not be copied.
type Goroutine[T any] struct{ running sync.WaitGroup }

// NewGoroutine makes an executor that does not limit its functions.
func NewGoroutine[T any]() *Goroutine[T] { return new(Goroutine[T]) }

// Go starts a goroutine.
func (e *Goroutine[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := &slot[T]{make(chan result[T], 1)}
	e.running.Go(func() { task.full <- call(f, &blocking[T]{e, ctx}) })
	return task
}

// Close waits for all goroutines.
func (e *Goroutine[T]) Close() { e.running.Wait() }

// slot is a task whose result is in a channel.
type slot[T any] struct{ full chan result[T] }

// Await takes the result and puts it back.
func (s *slot[T]) Await(ctx context.Context) (value T, err error) {
	select {
	case r := <-s.full:
		s.full <- r
		return r.value, r.err
	default:
	}
	select {
	case r := <-s.full:
		s.full <- r
		return r.value, r.err
	case <-ctx.Done():
		return value, ctx.Err()
	}
}
