package async

import (
	"context"
	"sync"
	"time"
)

// Bounded starts a goroutine for each function, and has a permit for each worker. A
// function needs one to run, and gives it back while it waits.
//
// Source: Effective Go, Channels: a channel as a semaphore; here it is given back during
// waits.
// Progress: functions get permits in the order of the channel's queue.
// Space: a goroutine with its stack, and a channel, for each function.
// Ordering: the close of a task's channel synchronizes before a receive from it.
// Wins where the functions that run must be few, such as for their memory. Loses to
// Goroutine by a semaphore's operations at each wait.
// Make one with NewBounded. It may be copied: copies are the same executor.
type Bounded[T any] struct {
	permits chan struct{}
	running *sync.WaitGroup
}

// NewBounded makes an executor that runs as many functions at once as it has workers.
func NewBounded[T any](workers int) *Bounded[T] {
	return &Bounded[T]{make(chan struct{}, workers), new(sync.WaitGroup)}
}

func (e *Bounded[T]) enter() { e.permits <- struct{}{} }
func (e *Bounded[T]) leave() { <-e.permits }

// Go starts a goroutine that waits for a permit.
func (e *Bounded[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := newCell[T]()
	e.running.Go(func() {
		e.enter()
		r := call(f, &boundedFlow[T]{blocking[T]{e, ctx}, e})
		e.leave()
		task.finish(r)
	})
	return task
}

// Close waits for all goroutines.
func (e *Bounded[T]) Close() { e.running.Wait() }

// boundedFlow is the flow of a function that has a permit.
type boundedFlow[T any] struct {
	blocking[T]
	e *Bounded[T]
}

// Await waits without the permit, unless the task has ended.
func (f *boundedFlow[T]) Await(task Task[T]) (T, error) {
	if !task.(*cell[T]).ended() {
		f.e.leave()
		defer f.e.enter()
	}
	return f.blocking.Await(task)
}

// Gather waits for all tasks without the permit.
func (f *boundedFlow[T]) Gather(tasks ...Task[T]) ([]T, error) {
	f.e.leave()
	defer f.e.enter()
	return f.blocking.Gather(tasks...)
}

// Sleep waits without the permit.
func (f *boundedFlow[T]) Sleep(d time.Duration) error {
	f.e.leave()
	defer f.e.enter()
	return f.blocking.Sleep(d)
}
