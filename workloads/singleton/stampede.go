package singleton

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// A builder is an initializer that counts its runs.
type builder struct {
	runs  atomic.Int64
	work  int // steps of the spin
	yield int
	fails func() error // in the first run; nil: it succeeds
}

func (b *builder) build() (*Object, error) {
	run := b.runs.Add(1)
	o := new(Object)
	o.words[0] = machine.Spin(written, b.work)
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

// stampedes is the body of the loads that are only stressed: a stampede a round, then its
// check.
func stampedes(t *harness.Trial, newSingle New, fails func() error, check func(*callers) error) error {
	n, work, yield := load.Goroutines.Of(t), t.Spins(buildNs.Of(t)), load.Yield.Of(t)
	return load.Rounds(t, func(*rand.Rand) error {
		return check(stampede(newSingle, n, &builder{work: work, yield: yield, fails: fails}))
	})
}

// callers are the goroutines that call Get of one singleton, with what they got.
type callers struct {
	builder *builder
	single  singles.Singleton[Object]
	got     []result
}

type result struct {
	object *Object
	err    error
	whole  bool // at the time of the call
}

// stampede makes a singleton and has n callers call Get at once. It returns when all have
// returned.
func stampede(newSingle New, n int, b *builder) *callers {
	s := &callers{builder: b, single: newSingle(b.build), got: make([]result, n)}
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range s.got {
		group.Go(func() {
			<-start
			s.got[i] = s.get()
		})
	}
	close(start)
	group.Wait()
	return s
}

// get calls Get. A panic with an error counts as that error.
func (s *callers) get() (r result) {
	defer func() {
		if p := recover(); p != nil {
			r.err = fmt.Errorf("panicked: %v", p)
			if err, ok := p.(error); ok {
				r.err = err
			}
		}
	}()
	r.object, r.err = s.single.Get()
	r.whole = r.object != nil && r.object.complete()
	return r
}

// agree checks that all callers got the same complete object.
func (s *callers) agree() error {
	for _, r := range s.got {
		if !r.is(s.got[0].object) {
			return r.complaint()
		}
	}
	return nil
}

// recovered checks that each caller got the error of the first run or the complete object
// that a later call gets.
func (s *callers) recovered() error {
	last := s.get()
	if last.err != nil {
		return fmt.Errorf("a call after the failed run got an error: %w", last.err)
	}
	failed := 0
	for _, r := range append(s.got, last) {
		if errors.Is(r.err, errFirst) {
			failed++
		} else if !r.is(last.object) {
			return r.complaint()
		}
	}
	if failed == 0 {
		return errors.New("no caller got the error of the failed run")
	}
	return nil
}

// is reports whether a caller got this object, and got it complete.
func (r result) is(object *Object) bool { return r.err == nil && r.whole && r.object == object }

// complaint says what is wrong with a result that is not the object which all should get.
func (r result) complaint() error {
	switch {
	case r.err != nil:
		return fmt.Errorf("a caller got an error: %w", r.err)
	case r.object == nil:
		return errNothing
	case !r.whole:
		return errIncomplete
	}
	return errTwo
}
