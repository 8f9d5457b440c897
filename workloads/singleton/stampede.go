package singleton

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// stampedes is the body of the loads that are only stressed: a stampede a round, then its
// check. fails returns how the initializer of a round fails; nil: it does not.
func stampedes(
	t *harness.Trial, newSingle New, fails func(*rand.Rand) func(int64) *failure, check func(*callers) error,
) error {
	n, work, yield := load.Goroutines.Of(t), t.Spins(buildNs.Of(t)), load.Yield.Of(t)
	return load.Rounds(t, func(rng *rand.Rand) error {
		b := &builder{work: work, yield: yield}
		if fails != nil {
			b.fails = fails(rng)
		}
		return check(stampede(newSingle, n, b))
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
			s.try(&s.got[i])
		})
	}
	close(start)
	group.Wait()
	return s
}

// get calls Get on a goroutine of its own, which may end in the call.
func (s *callers) get() (r result) {
	var group sync.WaitGroup
	group.Go(func() { s.try(&r) })
	group.Wait()
	return r
}

// try calls Get, and sets r also if the call ends the goroutine.
func (s *callers) try(r *result) {
	r.err = errEnded
	*r = s.call()
}

// call calls Get. A panic with an error counts as that error.
func (s *callers) call() (r result) {
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

// is reports whether a caller got this object, and got it complete.
func (r result) is(object *Object) bool { return r.err == nil && r.whole && r.object == object }

// complaint says what is wrong with a result that is not the object which all should get.
func (r result) complaint() error {
	switch {
	case r.err != nil:
		return fmt.Errorf("a caller got an error: %w", r.err)
	case r.object == nil:
		return errNeither
	case !r.whole:
		return errIncomplete
	}
	return errTwo
}
