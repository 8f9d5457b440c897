package async

import (
	"context"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/sourcegraph/conc"
	"golang.org/x/sync/errgroup"
)

// Errgroup starts functions in a group of golang.org/x/sync.
//
// Source: golang.org/x/sync v0.24.0, package errgroup.
// Progress: that of goroutines.
// Space: a goroutine with its stack, and a channel, for each function.
// Ordering: the close of a task's channel synchronizes before a receive from it.
// Wins where a group needs one result, its first error. Loses nothing to a plain goroutine.
// The group has no results by task, so a channel carries each. Its limit is not set, since
// it would hang functions that wait for each other.
// Make one with NewErrgroup. It must not be copied.
type Errgroup[T any] struct{ group errgroup.Group }

// NewErrgroup makes an executor that does not limit its functions.
func NewErrgroup[T any]() *Errgroup[T] { return new(Errgroup[T]) }

// Go starts a function in the group.
func (e *Errgroup[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := newCell[T]()
	e.group.Go(func() error {
		r := call(f, &blocking[T]{e, ctx})
		task.finish(r)
		return r.err
	})
	return task
}

// Close waits for the group. Each task has its own error, so the first of the group's is
// none of its.
func (e *Errgroup[T]) Close() { _ = e.group.Wait() }

// Conc starts functions in a wait group of sourcegraph/conc.
//
// Source: github.com/sourcegraph/conc v0.3.0, WaitGroup.
// Progress: that of goroutines.
// Space: a goroutine with its stack, and a channel, for each function.
// Ordering: the close of a task's channel synchronizes before a receive from it.
// Wins where a panic must reach the goroutine that waits for the group. Loses nothing to a
// plain goroutine.
// The group has no results by task, so a channel carries each. A panic ends its task
// before the group sees it.
// Make one with NewConc. It must not be copied.
type Conc[T any] struct{ group conc.WaitGroup }

// NewConc makes an executor that does not limit its functions.
func NewConc[T any]() *Conc[T] { return new(Conc[T]) }

// Go starts a function in the group.
func (e *Conc[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := newCell[T]()
	e.group.Go(func() { task.finish(call(f, &blocking[T]{e, ctx})) })
	return task
}

// Close waits for the group.
func (e *Conc[T]) Close() { e.group.Wait() }

// Pond submits functions to a pool of alitto/pond, and waits for their results.
//
// Source: github.com/alitto/pond/v2 v2.7.1, ResultPool.
// Progress: that of the pool. A function that waits keeps its worker, so the pool must not
// be limited.
// Space: a queue and its workers; a result with a context for each function.
// Ordering: the end of a result's context synchronizes before the return of Wait.
// Wins where a pool must be there anyhow. Loses by its queue and its contexts.
// A pool that stops refuses what its functions submit, so the adapter counts functions and
// stops the pool when all have ended.
// Make one with NewPond. It must not be copied.
type Pond[T any] struct {
	pool    pond.ResultPool[T]
	running sync.WaitGroup
}

// NewPond makes an executor that does not limit its functions.
func NewPond[T any]() *Pond[T] { return &Pond[T]{pool: pond.NewResultPool[T](0)} }

// Go submits a function.
func (e *Pond[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	e.running.Add(1)
	return pondTask[T]{e.pool.SubmitErr(func() (T, error) {
		defer e.running.Done()
		r := call(f, &blocking[T]{e, ctx})
		return r.value, r.err
	})}
}

// Close waits for all functions and for the pool.
func (e *Pond[T]) Close() {
	e.running.Wait()
	e.pool.StopAndWait()
}

type pondTask[T any] struct{ result pond.ResultTask[T] }

// Await waits for the result.
func (t pondTask[T]) Await(ctx context.Context) (value T, err error) {
	select {
	case <-t.result.Done():
		return t.result.Wait()
	default:
	}
	select {
	case <-t.result.Done():
		return t.result.Wait()
	case <-ctx.Done():
		return value, ctx.Err()
	}
}
