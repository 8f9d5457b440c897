package future

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// combined decides some futures, one after the other or all at once. It compares the
// outcomes of All, Any and Race with those that they should have.
var combined = harness.Workload[NewCombinator]{
	Load: harness.Load{
		Name: "combined", Turn: "some futures",
		About:  "futures get values and errors in some order; All, Any and Race of them have what their contract says",
		Params: []harness.AnyParam{fanOut},
		Probes: []impls.Promise{futures.Inline},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(fanOut.In(1, 2, 3)), harness.Over(harness.Within(fanOut, 2, 100)),
		}},
	},
	Run: func(t *harness.Trial, newCombinator NewCombinator) error {
		k, exact := fanOut.Of(t), t.Promises(futures.Inline)
		return load.Rounds(t, func(rng *rand.Rand) error {
			c := newCast(rng, newCombinator(), k)
			if rng.IntN(2) == 0 {
				c.decideAtOnce()
				return c.check(false)
			}
			return errors.Join(c.decideInOrder(), c.check(exact && c.decided == 0))
		})
	},
}

// A cast is some promises, what each is decided on, and what is combined of them.
type cast struct {
	promises []futures.Promise[Value]
	want     []outcome
	order    []int // of the decisions, unless they are made at once
	decided  int   // before they were combined
	all      futures.Future[[]Value]
	either   futures.Future[Value] // by Any
	race     futures.Future[Value]
}

func newCast(rng *rand.Rand, combinator futures.Combinator[Value], k int) *cast {
	c := &cast{order: rng.Perm(k), decided: rng.IntN(k + 1)}
	var fs []futures.Future[Value]
	failing := []float64{0, 0.2, 1}[rng.IntN(3)]
	for i := range k {
		o := outcome{value: made(float64(i))}
		if rng.Float64() < failing {
			o = outcome{err: &failure{o.value}}
		}
		p := combinator.New()
		c.promises, c.want, fs = append(c.promises, p), append(c.want, o), append(fs, p)
	}
	for _, i := range c.order[:c.decided] {
		c.want[i].decide(c.promises[i])
	}
	c.all, c.either, c.race = combinator.All(fs...), combinator.Any(fs...), combinator.Race(fs...)
	return c
}

// decideAtOnce has a goroutine decide each promise that is left.
func (c *cast) decideAtOnce() {
	var group sync.WaitGroup
	for _, i := range c.order[c.decided:] {
		group.Go(func() { c.want[i].decide(c.promises[i]) })
	}
	group.Wait()
}

// decideInOrder decides the promises that are left, and checks before each that nothing
// was decided early.
func (c *cast) decideInOrder() error {
	for at := c.decided; at < len(c.order); at++ {
		heard, i := c.order[:at], c.order[at]
		if err := errors.Join(
			pending("All", c.all, !slices.ContainsFunc(heard, c.failed)),
			pending("Any", c.either, !slices.ContainsFunc(heard, c.succeeded)),
			pending("Race", c.race, len(heard) == 0),
		); err != nil {
			return fmt.Errorf("when %d of %d futures were decided: %w", at, len(c.order), err)
		}
		c.want[i].decide(c.promises[i])
	}
	return nil
}

func (c *cast) failed(i int) bool    { return c.want[i].err != nil }
func (c *cast) succeeded(i int) bool { return c.want[i].err == nil }

// pending returns an error if a future that must not be decided yet is.
func pending[T any](name string, f futures.Future[T], must bool) error {
	if !must {
		return nil
	}
	if got, err := f.Get(ended); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s has %v, error %v, want neither yet", name, got, err)
	}
	return nil
}

// soonGot waits for a future that must be decided.
func soonGot[T any](name string, f futures.Future[T]) (value T, err error) {
	type pair struct {
		value T
		err   error
	}
	got := make(chan pair, 1)
	go func() {
		value, err := f.Get(context.Background())
		got <- pair{value, err}
	}()
	p, ok := inTime(got)
	if !ok {
		return value, fmt.Errorf("%s was not decided, although all of its futures were", name)
	}
	return p.value, p.err
}

// check compares the combined futures with the promises, which are all decided. If exact
// is true, the first to be heard of decides.
func (c *cast) check(exact bool) error {
	return errors.Join(c.checkAll(exact), c.checkEither(exact), c.checkRace(exact))
}

// may returns the outcomes that may be that of a combined future: of those for which
// counts returns true, the first one or any.
func (c *cast) may(exact bool, counts func(i int) bool) (outcomes []outcome) {
	for _, i := range c.order {
		if counts(i) && (!exact || outcomes == nil) {
			outcomes = append(outcomes, c.want[i])
		}
	}
	return outcomes
}

func (c *cast) checkAll(exact bool) error {
	values, err := soonGot("All", c.all)
	if may := c.may(exact, c.failed); len(may) > 0 {
		return oneOf("All", outcome{err: err}, may)
	}
	if err != nil || len(values) != len(c.want) {
		return fmt.Errorf("All has %d of %d values, error %w", len(values), len(c.want), err)
	}
	for i, v := range values {
		if o := (outcome{value: v}); !o.same(c.want[i]) || !o.complete() {
			return fmt.Errorf("All has %v where future %d has %v", o, i, c.want[i])
		}
	}
	return nil
}

func (c *cast) checkEither(exact bool) error {
	var o outcome
	o.value, o.err = soonGot("Any", c.either)
	if may := c.may(exact, c.succeeded); len(may) > 0 {
		return oneOf("Any", o, may)
	}
	for _, want := range c.want {
		if !o.same(want) {
			return fmt.Errorf("got %v from Any where all futures have errors, and %v is none of them", o, want)
		}
	}
	return nil
}

func (c *cast) checkRace(exact bool) error {
	var o outcome
	o.value, o.err = soonGot("Race", c.race)
	return oneOf("Race", o, c.may(exact, func(int) bool { return true }))
}

// oneOf returns an error unless an outcome is among those that it may be.
func oneOf(name string, got outcome, may []outcome) error {
	if slices.ContainsFunc(may, got.same) {
		return nil
	}
	return fmt.Errorf("%s has %v, want one of %v", name, got, may)
}
