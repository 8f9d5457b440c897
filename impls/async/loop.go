package async

import (
	"context"
	"slices"
	"time"
)

// Loop is an event loop. Functions are coroutines, made of a goroutine each. The loop
// resumes one at a time. Timers are in the loop's heap.
//
// Source: the event loop of Python's asyncio, van Rossum, PEP 3156, 2012.
// Progress: functions that are ready run in turn, each until it waits or ends.
// Space: a goroutine with its stack, and two channels, for each function. A function that
// sleeps needs no goroutine beside its own.
// Ordering: the loop and the function hand control over by unbuffered channels, so what
// one function wrote happens before the next one runs.
// Wins where functions share data, which needs no lock between two waits. Loses on several
// cores, since it uses one, and by two channel operations for each switch.
// Make one with NewLoop. It may be copied: copies are the same executor.
type Loop[T any] struct{ events *eventLoop }

// NewLoop makes an executor, whose loop runs until Close.
func NewLoop[T any]() *Loop[T] { return &Loop[T]{newEventLoop()} }

// Go posts the start of a function.
func (e *Loop[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	flow := newLooped[T](ctx, e.events)
	e.events.post(func() { flow.start(f) })
	return flow.task
}

// Close waits for all functions and ends the loop.
func (e *Loop[T]) Close() { e.events.close() }

// loopTask is a task of an event loop.
type loopTask[T any] struct {
	cell[T]         // for callers outside the loop
	over    bool    // what follows is the loop's
	waiters []*wait // in the order of their awaits
}

func newLoopTask[T any]() *loopTask[T] { return &loopTask[T]{cell: cell[T]{done: make(chan struct{})}} }

// end sets the result and wakes the waiters.
func (t *loopTask[T]) end(r result[T]) {
	t.over = true
	t.finish(r)
	for _, w := range t.waiters {
		w.wake()
	}
	t.waiters = nil
}

// drop takes a waiter out that no longer waits.
func (t *loopTask[T]) drop(w *wait) {
	t.waiters = slices.DeleteFunc(t.waiters, func(other *wait) bool { return other == w })
}

// wait is one wait of one function: the first event ends it.
type wait struct {
	events *eventLoop
	woken  bool
	resume func()
}

func (w *wait) wake() {
	if !w.woken {
		w.woken = true
		w.events.ready = append(w.events.ready, w.resume)
	}
}

// looped is the flow of a coroutine.
type looped[T any] struct {
	ctx     context.Context
	events  *eventLoop
	task    *loopTask[T]
	resume  chan struct{} // from the loop to the function
	yield   chan struct{} // from the function to the loop
	waiting *wait         // nil: the function runs
	unwatch func() bool   // nil: it has not waited, or its context does not end
}

func newLooped[T any](ctx context.Context, events *eventLoop) *looped[T] {
	return &looped[T]{
		ctx: ctx, events: events, task: newLoopTask[T](), resume: make(chan struct{}), yield: make(chan struct{}),
	}
}

// start runs a function until its first wait.
func (f *looped[T]) start(g Func[T]) {
	f.events.live++
	go func() {
		f.task.end(call(g, f))
		if f.unwatch != nil {
			f.unwatch()
		}
		f.events.live--
		f.yield <- struct{}{}
	}()
	<-f.yield
}

// step resumes the function until its next wait.
func (f *looped[T]) step() {
	f.resume <- struct{}{}
	<-f.yield
}

// suspend gives control to the loop until the wait is over.
func (f *looped[T]) suspend(w *wait) {
	if f.unwatch == nil && f.ctx.Done() != nil {
		f.unwatch = context.AfterFunc(f.ctx, func() { f.events.post(f.cancelled) })
	}
	f.waiting = w
	f.yield <- struct{}{}
	<-f.resume
	f.waiting = nil
}

// cancelled wakes the function if it waits. The loop calls it after the end of the context.
func (f *looped[T]) cancelled() {
	if f.waiting != nil {
		f.waiting.wake()
	}
}

// Context returns the context that was given to Go.
func (f *looped[T]) Context() context.Context { return f.ctx }

// Go makes another function ready.
func (f *looped[T]) Go(g Func[T]) Task[T] {
	flow := newLooped[T](f.ctx, f.events)
	f.events.ready = append(f.events.ready, func() { flow.start(g) })
	return flow.task
}

// Await waits among the task's waiters.
func (f *looped[T]) Await(task Task[T]) (value T, err error) {
	if err := f.ctx.Err(); err != nil {
		return value, err
	}
	t := task.(*loopTask[T])
	if !t.over {
		w := &wait{events: f.events, resume: f.step}
		t.waiters = append(t.waiters, w)
		f.suspend(w)
		if !t.over {
			t.drop(w)
			return value, f.ctx.Err()
		}
	}
	return t.result.value, t.result.err
}

// Gather awaits the tasks one after the other.
func (f *looped[T]) Gather(tasks ...Task[T]) ([]T, error) { return gather(tasks, f.Await) }

// Sleep waits in the loop's heap.
func (f *looped[T]) Sleep(d time.Duration) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	w := &wait{events: f.events, resume: f.step}
	t := f.events.at(d, w.wake)
	f.suspend(w)
	if t.index >= 0 {
		f.events.drop(t)
		return f.ctx.Err()
	}
	return nil
}
