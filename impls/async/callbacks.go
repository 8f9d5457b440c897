package async

import (
	"context"
	"runtime/debug"
	"time"
)

// Steps is an asynchronous function in continuation-passing style. It returns at once, and
// has end called once, by itself or by one of its continuations.
type Steps[T any] func(flow Continuing[T], end func(T, error))

// Continuing is what a function in steps has of its executor. Its continuations may call
// it, too. When the context has ended, continuations get its error.
type Continuing[T any] interface {
	// Context is that which was given to Go.
	Context() context.Context
	// Go starts another function on the same executor, with the flow's context.
	Go(f Steps[T]) Task[T]
	// Await has next called with the result of a task of the same executor.
	Await(task Task[T], next func(T, error))
	// Sleep has next called after a time.
	Sleep(d time.Duration, next func(error))
}

// StepExecutor runs functions in steps. All else is as in Executor; a panic of a step or
// of a continuation ends the task.
type StepExecutor[T any] interface {
	// Go starts a function.
	Go(ctx context.Context, f Steps[T]) Task[T]
	// Close waits for all functions and ends the executor.
	Close()
}

// NewSteps makes an executor of functions in steps.
type NewSteps[T any] = func() StepExecutor[T]

// Callbacks is an event loop that calls continuations. A function has no stack between two
// of them.
//
// Source: Reynolds, The Discoveries of Continuations, 1993; the event loop of JavaScript.
// Progress: continuations that are ready run in turn, each until it returns.
// Space: closures and a channel for each function.
// Ordering: one goroutine calls all continuations.
// Wins in memory for each function that waits, and in the price of a switch. Loses on
// several cores, since it uses one, and in how the code reads.
// Make one with NewCallbacks. It may be copied: copies are the same executor.
type Callbacks[T any] struct{ events *eventLoop }

// NewCallbacks makes an executor, whose loop runs until Close.
func NewCallbacks[T any]() *Callbacks[T] { return &Callbacks[T]{newEventLoop()} }

// Go posts the first step of a function.
func (e *Callbacks[T]) Go(ctx context.Context, f Steps[T]) Task[T] {
	flow := &stepping[T]{ctx, e.events, newLoopTask[T]()}
	e.events.post(func() { flow.start(f) })
	return flow.task
}

// Close waits for all functions and ends the loop.
func (e *Callbacks[T]) Close() { e.events.close() }

// stepping is the flow of a function in steps.
type stepping[T any] struct {
	ctx    context.Context
	events *eventLoop
	task   *loopTask[T]
}

// start calls the first step.
func (f *stepping[T]) start(g Steps[T]) {
	f.events.live++
	defer f.rescue()
	g(f, f.end)
}

// end ends the task.
func (f *stepping[T]) end(value T, err error) {
	if !f.task.over {
		f.task.end(result[T]{value, err})
		f.events.live--
	}
}

// rescue ends the task if a step panics.
func (f *stepping[T]) rescue() {
	if p := recover(); p != nil {
		var none T
		f.end(none, &Panic{Value: p, Stack: debug.Stack()})
	}
}

// wait makes a wait that has next called when it is over, and ends with the context.
func (f *stepping[T]) wait(next func()) *wait {
	w := &wait{events: f.events}
	unwatch := func() bool { return true }
	if f.ctx.Done() != nil {
		unwatch = context.AfterFunc(f.ctx, func() { f.events.post(w.wake) })
	}
	w.resume = func() {
		unwatch()
		defer f.rescue()
		next()
	}
	return w
}

// Context returns the context that was given to Go.
func (f *stepping[T]) Context() context.Context { return f.ctx }

// Go makes another function ready.
func (f *stepping[T]) Go(g Steps[T]) Task[T] {
	flow := &stepping[T]{f.ctx, f.events, newLoopTask[T]()}
	f.events.ready = append(f.events.ready, func() { flow.start(g) })
	return flow.task
}

// Await adds next to the task's waiters. If the task has ended, next is ready.
func (f *stepping[T]) Await(task Task[T], next func(T, error)) {
	t, early := task.(*loopTask[T]), f.ctx.Err()
	var w *wait
	w = f.wait(func() {
		if early != nil || !t.over {
			t.drop(w)
			var none T
			next(none, f.ctx.Err())
			return
		}
		next(t.result.value, t.result.err)
	})
	if early != nil || t.over {
		w.wake()
		return
	}
	t.waiters = append(t.waiters, w)
}

// Sleep adds next to the loop's heap.
func (f *stepping[T]) Sleep(d time.Duration, next func(error)) {
	var t *timer
	w := f.wait(func() {
		if t == nil || t.index >= 0 {
			if t != nil {
				f.events.drop(t)
			}
			next(f.ctx.Err())
			return
		}
		next(nil)
	})
	if f.ctx.Err() != nil {
		w.wake()
		return
	}
	t = f.events.at(d, w.wake)
}
