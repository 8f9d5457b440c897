package async

import (
	"context"
	"errors"
	"slices"
	"time"

	asyncs "github.com/contendbench/contend/impls/async"
)

// An executor runs programs.
type executor struct {
	run   func(ctx context.Context, p *program) asyncs.Task[Value]
	close func()
}

// start starts an executor that runs at most that many functions at once, if it limits
// them.
type start = func(workers int) executor

// startFunctions starts an executor that runs programs as sequential code.
func startFunctions(create New, workers int) executor {
	e := create(workers)
	return executor{
		run:   func(ctx context.Context, p *program) asyncs.Task[Value] { return e.Go(ctx, p.function) },
		close: e.Close,
	}
}

// startSteps starts an executor that runs programs in continuation-passing style.
func startSteps(create NewSteps) executor {
	e := create()
	return executor{
		run:   func(ctx context.Context, p *program) asyncs.Task[Value] { return e.Go(ctx, p.steps) },
		close: e.Close,
	}
}

// function is the program as sequential code.
func (p *program) function(f asyncs.Flow[Value]) (Value, error) {
	defer p.ended()
	p.started()
	if p.sleep != 0 {
		start := time.Now()
		if err := p.slept(start, f.Sleep(p.sleep)); err != nil {
			return Value{}, err
		}
		p.started()
	}
	if p.left != nil {
		f.Go(p.left.function)
	}
	sum, err := p.functionChildren(f)
	if err != nil {
		return Value{}, err
	}
	return p.returns(sum)
}

// functionChildren runs the children.
func (p *program) functionChildren(f asyncs.Flow[Value]) (sum int, err error) {
	if p.together {
		return p.gathered(f)
	}
	for _, c := range p.children {
		task := f.Go(c.function)
		v, err := f.Await(task)
		if p.twice {
			again, errAgain := f.Await(task)
			if again != v || !sameError(err, errAgain) {
				return 0, errDiffer
			}
		}
		p.started()
		if err := checked(v, err); err != nil {
			return 0, err
		}
		sum += v.Number
	}
	return sum, nil
}

// gathered runs the children together. If programs are counted, it checks that Gather has
// waited for each child, also beside one that fails.
func (p *program) gathered(f asyncs.Flow[Value]) (sum int, err error) {
	tasks := make([]asyncs.Task[Value], len(p.children))
	var over []bool // by child; nil: no check needs it
	if p.ends != nil {
		over = make([]bool, len(p.children))
	}
	for i, c := range p.children {
		body := c.function
		if over != nil {
			body = func(f asyncs.Flow[Value]) (Value, error) {
				defer func() { over[i] = true }()
				return c.function(f)
			}
		}
		tasks[i] = f.Go(body)
	}
	values, err := f.Gather(tasks...)
	if slices.Contains(over, false) && f.Context().Err() == nil {
		return 0, errHasty
	}
	p.started()
	for _, v := range values {
		sum += v.Number
		err = checked(v, err)
	}
	return sum, err
}

// sameError reports whether two Awaits of a task returned the same error.
func sameError(a, b error) bool {
	return a == nil && b == nil || a != nil && b != nil && errors.Is(b, a)
}

// steps is the program in continuation-passing style.
func (p *program) steps(f asyncs.Continuing[Value], end func(Value, error)) {
	finish := func(v Value, err error) {
		p.ended()
		end(v, err)
	}
	p.started()
	if p.sleep == 0 {
		p.afterSleep(f, finish)
		return
	}
	start := time.Now()
	f.Sleep(p.sleep, func(err error) {
		if err := p.slept(start, err); err != nil {
			finish(Value{}, err)
			return
		}
		p.started()
		p.afterSleep(f, finish)
	})
}

// afterSleep continues with the children.
func (p *program) afterSleep(f asyncs.Continuing[Value], end func(Value, error)) {
	if p.left != nil {
		f.Go(p.left.steps)
	}
	if p.together {
		p.gather(f, end)
		return
	}
	p.nextChild(f, 0, 0, end)
}

// stop ends a program whose children are done.
func (p *program) stop(sum int, err error, end func(Value, error)) {
	if err != nil {
		end(Value{}, err)
		return
	}
	if p.panics != nil {
		p.ended() // its end is not called
	}
	end(p.returns(sum))
}

// gather runs the children together.
func (p *program) gather(f asyncs.Continuing[Value], end func(Value, error)) {
	values, errs, left := make([]Value, len(p.children)), make([]error, len(p.children)), len(p.children)
	if left == 0 {
		p.stop(0, nil, end)
		return
	}
	tasks := make([]asyncs.Task[Value], len(p.children))
	for i, c := range p.children {
		tasks[i] = f.Go(c.steps)
	}
	for i, task := range tasks {
		f.Await(task, func(v Value, err error) {
			values[i], errs[i] = v, checked(v, err)
			if left--; left > 0 {
				return
			}
			p.started()
			sum, first := 0, error(nil)
			for i := range values {
				sum += values[i].Number
				if first == nil {
					first = errs[i]
				}
			}
			p.stop(sum, first, end)
		})
	}
}

// nextChild runs the children from number i on, one after the other.
func (p *program) nextChild(f asyncs.Continuing[Value], i, sum int, end func(Value, error)) {
	if i == len(p.children) {
		p.stop(sum, nil, end)
		return
	}
	task := f.Go(p.children[i].steps)
	next := func(v Value, err error) {
		p.started()
		if err := checked(v, err); err != nil {
			p.stop(0, err, end)
			return
		}
		p.nextChild(f, i+1, sum+v.Number, end)
	}
	if !p.twice {
		f.Await(task, next)
		return
	}
	f.Await(task, func(v Value, err error) {
		f.Await(task, func(again Value, errAgain error) {
			if again != v || !sameError(err, errAgain) {
				p.stop(0, errDiffer, end)
				return
			}
			next(v, err)
		})
	})
}
