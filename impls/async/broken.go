package async

import (
	"context"
	"errors"
	"time"
)

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// leaksSleeper is a flow of Goroutine that sleeps in a goroutine, which nothing ends before
// its time.
type leaksSleeper[T any] struct{ Flow[T] }

func (f *leaksSleeper[T]) Sleep(d time.Duration) error {
	if err := f.Context().Err(); err != nil {
		return err
	}
	over := make(chan struct{})
	go func() { // bug: Goroutine has a timer, which it stops
		time.Sleep(d)
		close(over)
	}()
	select {
	case <-over:
		return nil
	case <-f.Context().Done():
		return f.Context().Err()
	}
}

// gatherForgives is a flow of Goroutine whose Gather has the error of the last task only.
type gatherForgives[T any] struct{ Flow[T] }

func (f *gatherForgives[T]) Gather(tasks ...Task[T]) (values []T, err error) {
	values = make([]T, len(tasks))
	for i, task := range tasks {
		values[i], err = f.Await(task) // bug: Goroutine keeps the first error
	}
	return values, err
}

// gathersHastily is a flow of Goroutine whose Gather does not wait for all after an error.
type gathersHastily[T any] struct{ Flow[T] }

func (f *gathersHastily[T]) Gather(tasks ...Task[T]) (values []T, err error) {
	values = make([]T, len(tasks))
	for i, task := range tasks {
		if values[i], err = f.Await(task); err != nil {
			return values, err // bug: Goroutine awaits the others, too
		}
	}
	return values, nil
}

// errorOnce is Goroutine whose tasks put back the value but not the error.
type errorOnce[T any] struct{ Goroutine[T] }

func (e *errorOnce[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := &forgetfulSlot[T]{slot[T]{make(chan result[T], 1)}}
	e.running.Go(func() { task.full <- call(f, &blocking[T]{e, ctx}) })
	return task
}

type forgetfulSlot[T any] struct{ slot[T] }

func (s *forgetfulSlot[T]) Await(ctx context.Context) (value T, err error) {
	select {
	case r := <-s.full:
		s.full <- result[T]{value: r.value} // bug: Goroutine puts the whole result back
		return r.value, r.err
	case <-ctx.Done():
		return value, ctx.Err()
	}
}

// hidesPanic is Goroutine that recovers from panics and forgets them.
type hidesPanic[T any] struct{ Goroutine[T] }

func (e *hidesPanic[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := &slot[T]{make(chan result[T], 1)}
	e.running.Go(func() {
		r := call(f, &blocking[T]{e, ctx})
		if p := new(Panic); errors.As(r.err, &p) {
			r.err = nil // bug: Goroutine passes the panic on
		}
		task.full <- r
	})
	return task
}

// closesEarly is Goroutine whose functions start others without counting them.
type closesEarly[T any] struct{ Goroutine[T] }

func (e *closesEarly[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	return e.Goroutine.Go(ctx, func(flow Flow[T]) (T, error) { return f(&uncounted[T]{flow}) })
}

type uncounted[T any] struct{ Flow[T] }

func (f *uncounted[T]) Go(g Func[T]) Task[T] {
	var apart Goroutine[T] // bug: Goroutine counts it among its own
	return apart.Go(f.Context(), func(flow Flow[T]) (T, error) { return g(&uncounted[T]{flow}) })
}

// polls is Goroutine whose tasks look for their results every 2 ms.
type polls[T any] struct{ Goroutine[T] }

func (e *polls[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := &polledSlot[T]{slot[T]{make(chan result[T], 1)}}
	e.running.Go(func() { task.full <- call(f, &blocking[T]{e, ctx}) })
	return task
}

type polledSlot[T any] struct{ slot[T] }

func (s *polledSlot[T]) Await(ctx context.Context) (value T, err error) {
	for {
		select {
		case r := <-s.full:
			s.full <- r
			return r.value, r.err
		default:
		}
		if err := ctx.Err(); err != nil {
			return value, err
		}
		time.Sleep(2 * time.Millisecond) // bug: Goroutine waits for the channel
	}
}

// panicKeepsPermit is Bounded that gives a permit back only after functions that return.
type panicKeepsPermit[T any] struct{ Bounded[T] }

func (e *panicKeepsPermit[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	task := newCell[T]()
	e.running.Go(func() {
		e.enter()
		r := call(f, &boundedFlow[T]{blocking[T]{e, ctx}, &e.Bounded})
		if p := new(Panic); !errors.As(r.err, &p) { // bug: Bounded does so in any case
			e.leave()
		}
		task.finish(r)
	})
	return task
}

// sleepsInside is a flow of Bounded that keeps its permit while it sleeps.
type sleepsInside[T any] struct{ *boundedFlow[T] }

func (f *sleepsInside[T]) Sleep(d time.Duration) error {
	return sleep(f.ctx, d) // bug: Bounded gives the permit back
}

// runsOn is a flow of Bounded that continues after an Await even if there is no permit.
type runsOn[T any] struct{ *boundedFlow[T] }

func (f *runsOn[T]) Await(task Task[T]) (T, error) {
	f.e.leave()
	value, err := f.blocking.Await(task)
	select {
	case f.e.permits <- struct{}{}:
	default: // bug: Bounded waits for a permit …
		go f.e.enter() // … and has it when it gives it back
	}
	return value, err
}

// orphans is Scope whose functions start others that nothing waits for.
type orphans[T any] struct{ *Scope[T] }

func (e *orphans[T]) Go(ctx context.Context, f Func[T]) Task[T] {
	return e.Scope.Go(ctx, func(flow Flow[T]) (T, error) { return f(&orphaned[T]{flow, e}) })
}

type orphaned[T any] struct {
	Flow[T]
	e *orphans[T]
}

func (f *orphaned[T]) Go(g Func[T]) Task[T] {
	return f.e.Go(f.Context(), g) // bug: Scope makes it a child
}

// wakesTwice is a flow of Loop whose Sleep leaves its timer in the heap, which resumes the
// function whatever it does then.
type wakesTwice[T any] struct{ *looped[T] }

func (f *wakesTwice[T]) Sleep(d time.Duration) error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	w := &wait{events: f.events, resume: f.step}
	t := f.events.at(d, f.step) // bug: Loop wakes the wait, which is over by then …
	f.suspend(w)
	if t.index >= 0 { // … and drops the timer
		return f.ctx.Err()
	}
	return nil
}

// missesEnd is a flow of Pull that does not look whether a task has ended when it becomes
// its waiter.
type missesEnd[T any] struct{ *pulled[T] }

func (f *missesEnd[T]) Await(task Task[T]) (value T, err error) {
	if err := f.ctx.Err(); err != nil {
		return value, err
	}
	t := task.(*pullTask[T])
	if !t.ended() {
		f.suspend(func(w *parked[T]) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.waiters = append(t.waiters, w) // bug: Pull wakes the waiter if the task has ended
		})
		if !t.ended() {
			return value, f.ctx.Err()
		}
	}
	return t.result.value, t.result.err
}

// callsLocked is Callbacks that calls the continuation of a task that has ended at once,
// under the lock of the loop.
type callsLocked[T any] struct{ *Callbacks[T] }

func (e *callsLocked[T]) Go(ctx context.Context, f Steps[T]) Task[T] {
	return e.Callbacks.Go(ctx, func(flow Continuing[T], end func(T, error)) {
		f(&lockedSteps[T]{flow.(*stepping[T]), e}, end)
	})
}

type lockedSteps[T any] struct {
	*stepping[T]
	e *callsLocked[T]
}

func (f *lockedSteps[T]) Go(g Steps[T]) Task[T] { return f.e.Go(f.ctx, g) }

func (f *lockedSteps[T]) Await(task Task[T], next func(T, error)) {
	t := task.(*loopTask[T])
	if !t.over || f.ctx.Err() != nil {
		f.stepping.Await(task, next)
		return
	}
	f.events.mu.Lock()
	defer f.events.mu.Unlock()
	next(t.result.value, t.result.err) // bug: Callbacks makes it ready, and the loop calls it
}
