package async

import (
	"context"
	"iter"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Pull runs functions as coroutines of iter.Pull. Workers take them off a run queue, and
// resume each until it waits or ends.
//
// Source: package iter, Pull; Cox, Coroutines for Go, 2023.
// Progress: functions that are ready run in the order in which they became so.
// Space: a coroutine with its stack, and a channel, for each function.
// Ordering: the Mutex of the run queue orders the turns of a function, whichever workers
// take them.
// Wins where functions switch often, because a switch to a coroutine does not pass the
// scheduler. Loses where they wait seldom, by its run queue.
// Make one with NewPull. It must not be copied.
type Pull[T any] struct {
	mu      sync.Mutex
	changed sync.Cond
	ready   []*pulled[T]
	live    int // functions that have not ended
	closing bool
	workers sync.WaitGroup
}

// NewPull makes an executor and starts its workers, which run until Close.
func NewPull[T any](workers int) *Pull[T] {
	e := new(Pull[T])
	e.changed.L = &e.mu
	for range workers {
		e.workers.Go(e.work)
	}
	return e
}

// Go makes a function ready.
func (e *Pull[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	flow := &pulled[T]{e: e, ctx: ctx, task: &pullTask[T]{cell: cell[T]{done: make(chan struct{})}}}
	flow.next, _ = iter.Pull(func(yield func(struct{}) bool) {
		flow.yield = yield
		flow.result = call(f, flow)
	})
	e.mu.Lock()
	e.live++
	e.mu.Unlock()
	e.push(flow)
	return flow.task
}

// Close waits for all functions and ends the workers.
func (e *Pull[T]) Close() {
	e.mu.Lock()
	e.closing = true
	e.changed.Broadcast()
	e.mu.Unlock()
	e.workers.Wait()
}

// push makes a function ready that does not run.
func (e *Pull[T]) push(f *pulled[T]) {
	e.mu.Lock()
	e.ready = append(e.ready, f)
	e.changed.Signal()
	e.mu.Unlock()
}

// take returns the next function, or nil when there will be none.
func (e *Pull[T]) take() *pulled[T] {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.ready) == 0 {
		if e.closing && e.live == 0 {
			return nil
		}
		e.changed.Wait()
	}
	f := e.ready[0]
	e.ready[0] = nil
	e.ready = e.ready[1:]
	return f
}

// work resumes functions.
func (e *Pull[T]) work() {
	for f := e.take(); f != nil; f = e.take() {
		if _, waits := f.next(); waits {
			f.park()
			continue
		}
		f.end()
	}
}

// pulled is the flow of a coroutine.
type pulled[T any] struct {
	e       *Pull[T]
	ctx     context.Context
	task    *pullTask[T]
	result  result[T]
	next    func() (struct{}, bool)
	yield   func(struct{}) bool
	begin   func(*parked[T]) // begins the wait for which the function has yielded
	waiting atomic.Pointer[parked[T]]
	unwatch func() bool
}

// parked is one wait of one function: the first event ends it.
type parked[T any] struct {
	flow  *pulled[T]
	woken atomic.Bool
}

func (w *parked[T]) wake() {
	if !w.woken.Swap(true) {
		w.flow.e.push(w.flow)
	}
}

// suspend gives the worker away. The worker calls begin once the function no longer runs.
func (f *pulled[T]) suspend(begin func(*parked[T])) {
	if f.unwatch == nil && f.ctx.Done() != nil {
		f.unwatch = context.AfterFunc(f.ctx, func() {
			if w := f.waiting.Load(); w != nil {
				w.wake()
			}
		})
	}
	f.begin = begin
	f.yield(struct{}{})
}

// park begins the wait of a function that has yielded. As soon as an event wakes it,
// another worker may resume it.
func (f *pulled[T]) park() {
	w, ctx, begin := &parked[T]{flow: f}, f.ctx, f.begin
	f.waiting.Store(w)
	begin(w)
	if ctx.Err() != nil { // it may have ended before the wait was there
		w.wake()
	}
}

// end ends the task of a function that has returned.
func (f *pulled[T]) end() {
	if f.unwatch != nil {
		f.unwatch()
	}
	f.task.end(f.result)
	f.e.mu.Lock()
	defer f.e.mu.Unlock()
	if f.e.live--; f.e.live == 0 {
		f.e.changed.Broadcast()
	}
}

// Context returns the context that was given to Go.
func (f *pulled[T]) Context() context.Context { return f.ctx }

// Go makes another function ready.
func (f *pulled[T]) Go(g Func[T]) Task[T] { return f.e.Go(f.ctx, g) }

// Await waits among the task's waiters.
func (f *pulled[T]) Await(task Task[T]) (value T, err error) {
	if err := f.ctx.Err(); err != nil {
		return value, err
	}
	t := task.(*pullTask[T])
	if !t.ended() {
		f.suspend(t.add)
		if !t.ended() {
			t.drop(f.waiting.Load())
			return value, f.ctx.Err()
		}
	}
	return t.cell.result.value, t.cell.result.err
}

// Gather awaits the tasks one after the other.
func (f *pulled[T]) Gather(tasks ...Task[T]) ([]T, error) { return gather(tasks, f.Await) }

// Sleep waits for a timer of the runtime, which needs no goroutine until it fires.
func (f *pulled[T]) Sleep(d time.Duration) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	var fired atomic.Bool
	var mine *parked[T]
	timer := time.AfterFunc(math.MaxInt64, func() {
		fired.Store(true)
		mine.wake()
	})
	f.suspend(func(w *parked[T]) {
		mine = w
		timer.Reset(d)
	})
	if !fired.Load() {
		timer.Stop()
		return f.ctx.Err()
	}
	return nil
}

// pullTask is a task with waiters.
type pullTask[T any] struct {
	cell[T]
	mu      sync.Mutex
	waiters []*parked[T]
}

// add adds a waiter, or wakes it if the task has ended.
func (t *pullTask[T]) add(w *parked[T]) {
	t.mu.Lock()
	over := t.ended()
	if !over {
		t.waiters = append(t.waiters, w)
	}
	t.mu.Unlock()
	if over {
		w.wake()
	}
}

// drop takes a waiter out that no longer waits.
func (t *pullTask[T]) drop(w *parked[T]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiters = slices.DeleteFunc(t.waiters, func(other *parked[T]) bool { return other == w })
}

// end sets the result and wakes the waiters.
func (t *pullTask[T]) end(r result[T]) {
	t.mu.Lock()
	t.finish(r)
	waiters := t.waiters
	t.waiters = nil
	t.mu.Unlock()
	for _, w := range waiters {
		w.wake()
	}
}
