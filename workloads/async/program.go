package async

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	asyncs "github.com/contendbench/contend/impls/async"
)

// A Value is what functions return: a number, and plain memory that only the executor
// hands over.
type Value struct {
	Number int
	Item   *Item
}

// An Item is written by the function that returns it, and read by its awaiters.
type Item struct{ words [2]int }

// A program is an asynchronous function: it sleeps, starts other programs and awaits them,
// and returns the number of programs that it is made of. The first error of a child is
// its own.
type program struct {
	sleep    time.Duration // before all else
	children []*program
	together bool     // starts all children and gathers them; else it awaits one after the other
	twice    bool     // awaits each child again
	left     *program // is started first, and never awaited
	carries  bool     // its value has an item
	err      error
	panics   any           // nil: it does not
	ends     *atomic.Int64 // counts the programs that have ended; nil: it is not counted
	visit    func()        // is called between two waits
}

var (
	errEarly  = errors.New("a Sleep returned before its time")
	errDiffer = errors.New("two Awaits of a task returned different results")
	errHasty  = errors.New("a Gather returned before all of its tasks had ended")
	errTorn   = errors.New("what a function wrote was not visible after the Await of its task")
)

// leaf returns at once.
var leaf = new(program)

// repeated is a program with k children that are the same.
func repeated(child *program, k int, together bool) *program {
	p := &program{children: make([]*program, k), together: together}
	for i := range p.children {
		p.children[i] = child
	}
	return p
}

// started is called when the program starts to do something between its waits.
func (p *program) started() {
	if p.visit != nil {
		p.visit()
	}
}

// ended is called when the program returns.
func (p *program) ended() {
	if p.ends != nil {
		p.ends.Add(1)
	}
}

// returns is the end of a program whose children have numbers of that sum.
func (p *program) returns(sum int) (v Value, err error) {
	if p.panics != nil {
		panic(p.panics)
	}
	v.Number = sum + 1
	if p.carries {
		v.Item = &Item{[2]int{v.Number, v.Number}}
	}
	return v, p.err
}

// checked returns an error if a value is not as its function made it.
func checked(v Value, err error) error {
	if err == nil && v.Item != nil && v.Item.words != [2]int{v.Number, v.Number} {
		return errTorn
	}
	return err
}

// slept returns an error if a sleep that began at start has come back too early.
func (p *program) slept(start time.Time, err error) error {
	if err == nil && time.Since(start) < p.sleep {
		return errEarly
	}
	return err
}

// A forecast is what a program returns if no context ends.
type forecast struct {
	number  int
	started int // programs that are started for it, itself among them
	err     error
}

func (p *program) forecast() forecast {
	f := forecast{number: 1, started: 1}
	if p.left != nil {
		f.started++
	}
	for _, c := range p.children {
		child := c.forecast()
		f.number, f.started = f.number+child.number, f.started+child.started
		if f.err == nil {
			f.err = child.err
		}
		if f.err != nil && !p.together {
			return f
		}
	}
	switch {
	case f.err != nil:
	case p.panics != nil:
		f.err = &asyncs.Panic{Value: p.panics}
	default:
		f.err = p.err
	}
	return f
}

// check compares what a task returned with what its program was to return.
func (f forecast) check(v Value, err error) error {
	var got, want *asyncs.Panic
	switch {
	case errors.As(f.err, &want):
		if !errors.As(err, &got) || got.Value != want.Value {
			return fmt.Errorf("a task whose function panicked with %v returned %d, error %v", want.Value, v.Number, err)
		}
		return nil
	case f.err != nil:
		if !errors.Is(err, f.err) {
			return fmt.Errorf("a task whose function failed with %q returned %d, error %v", f.err, v.Number, err)
		}
		return nil
	case err != nil || v.Number != f.number:
		return fmt.Errorf("a task of %d functions returned %d, error %v", f.number, v.Number, err)
	}
	return checked(v, nil)
}

// await runs a program and checks what its task returns.
func (e executor) await(p *program, want forecast) error {
	return want.check(e.run(context.Background(), p).Await(context.Background()))
}
