package singleton

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// An Object is what a singleton holds: words that its initializer writes one after the other.
type Object struct{ words [8]uint64 }

const written = 0x5ca1ab1e

var (
	errIncomplete = errors.New("a caller got an object that is not complete")
	errNothing    = errors.New("a caller got neither an object nor an error")
	errTwo        = errors.New("two callers got different objects")
	errFirst      = errors.New("the initializer's first run fails")
)

func (o *Object) complete() bool {
	for _, w := range o.words {
		if w != written {
			return false
		}
	}
	return true
}

// A builder is an initializer with a record of its runs.
type builder struct {
	runs  atomic.Int64
	work  int // steps of the spin
	yield int
	fails func() error // in the first run; nil: it does not
}

func (b *builder) build() (*Object, error) {
	run := b.runs.Add(1)
	o := new(Object)
	o.words[0] = harness.Spin(written, b.work)
	load.Yields(uint64(run), b.yield)
	if run == 1 && b.fails != nil {
		if err := b.fails(); err != nil {
			return nil, err
		}
	}
	for i := range o.words {
		o.words[i] = written
	}
	return o, nil
}

// hot reads a value that is built before the window begins.
func hot(t *harness.Trial, create New) error {
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s := create(new(builder).build)
		first, err := s.Get()
		if err != nil {
			return err
		}
		w.Go("reader", load.Goroutines.Of(t), func(w *harness.Worker) {
			for w.Next() {
				if o, err := s.Get(); o != first || err != nil {
					w.Fail(errTwo)
				}
				w.Think(think)
			}
		})
		return nil
	})
}

func cold(t *harness.Trial, create New) error {
	return stampedes(t, create, nil, func(c *crowd) error { return c.agree() })
}

func once(t *harness.Trial, create New) error {
	return stampedes(t, create, nil, func(c *crowd) error {
		if n := c.builder.runs.Load(); n != 1 {
			return fmt.Errorf("the initializer ran %d times", n)
		}
		return c.agree()
	})
}

func failing(t *harness.Trial, create New) error {
	return stampedes(t, create, func() error { return errFirst }, (*crowd).recovered)
}

func panicking(t *harness.Trial, create New) error {
	return stampedes(t, create, func() error { panic(errFirst) }, (*crowd).recovered)
}

// stampedes lets one worker send a crowd to one new singleton after the other.
func stampedes(t *harness.Trial, create New, fails func() error, check func(*crowd) error) error {
	n, work, yield := load.Goroutines.Of(t), t.Spins(buildNs.Of(t)), load.Yield.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				c := &crowd{builder: &builder{work: work, yield: yield, fails: fails}, got: make([]result, n)}
				c.stampede(create)
				w.Mark()
				if err := check(c); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// A crowd is the callers of one singleton.
type crowd struct {
	builder *builder
	single  singles.Singleton[Object]
	got     []result
}

type result struct {
	object *Object
	err    error
	whole  bool // when it was got
}

func (c *crowd) stampede(create New) {
	c.single = create(c.builder.build)
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range c.got {
		group.Go(func() {
			<-start
			c.got[i] = c.get()
		})
	}
	close(start)
	group.Wait()
}

// get calls Get, and takes a panic with the first run's error for that error.
func (c *crowd) get() (r result) {
	defer func() {
		if p := recover(); p != nil {
			r.err = fmt.Errorf("panicked: %v", p)
			if err, ok := p.(error); ok {
				r.err = err
			}
		}
	}()
	r.object, r.err = c.single.Get()
	r.whole = r.object != nil && r.object.complete()
	return r
}

// agree checks that all callers got the same complete object.
func (c *crowd) agree() error {
	for _, r := range c.got {
		switch {
		case r.err != nil:
			return fmt.Errorf("a caller got an error: %w", r.err)
		case r.object == nil:
			return errNothing
		case !r.whole:
			return errIncomplete
		case r.object != c.got[0].object:
			return errTwo
		}
	}
	return nil
}

// recovered checks that callers got the first run's error or a complete object, the same one, and that a later call gets it too.
func (c *crowd) recovered() error {
	last := c.get()
	if last.err != nil {
		return fmt.Errorf("a call after the failed run got an error: %w", last.err)
	}
	failed := 0
	for _, r := range append(c.got, last) {
		switch {
		case errors.Is(r.err, errFirst):
			failed++
		case r.err != nil:
			return fmt.Errorf("a caller got an error: %w", r.err)
		case r.object == nil:
			return errNothing
		case !r.whole:
			return errIncomplete
		case r.object != last.object:
			return errTwo
		}
	}
	if failed == 0 {
		return errors.New("nobody was told of the failed run")
	}
	return nil
}
