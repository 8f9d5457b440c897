package future

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// extremes decides on values and errors that an implementation could take for something
// else: the zero value, no pointer, NaN, the error of a context.
var extremes = harness.Workload[New]{
	Load: harness.Load{
		Name: "extremes", Turn: "life of a promise",
		About:  "values and errors that could be taken for something else: zero, nil, NaN, the error of a context",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		return load.Rounds(t, func(rng *rand.Rand) error {
			return outcomeArrives(rng, newPromise(), odd[rng.IntN(len(odd))])
		})
	},
}

var noFailure *failure

// odd are the outcomes.
var odd = []outcome{
	{value: Value{}},
	{value: Value{Number: math.NaN()}},
	{value: Value{Number: math.Copysign(0, -1)}},
	{value: Value{Number: math.Inf(-1)}},
	{value: Value{Item: new(Item)}},
	{err: context.Canceled},
	{err: context.DeadlineExceeded},
	{err: io.EOF},
	{err: noFailure}, // an error that holds a nil pointer is not nil
	{err: errors.Join(io.EOF, errTorn)},
}

// outcomeArrives has one goroutine wait and another one come late, with callbacks beside
// both.
func outcomeArrives(rng *rand.Rand, p futures.Promise[Value], want outcome) error {
	got := make(chan outcome, 4)
	add := func() { p.Then(func(value Value, err error) { got <- outcome{value, err} }) }
	wait := func(ctx context.Context) {
		value, err := p.Get(ctx)
		got <- outcome{value, err}
	}
	add()
	go wait(context.Background())
	load.Pause(rng, load.ArrivalGap)
	want.decide(p)
	add()
	go wait(ended)
	for range cap(got) {
		o, ok := inTime(got)
		if !ok {
			return fmt.Errorf("a waiter or a callback of %v got nothing", want)
		}
		if !o.same(want) {
			return fmt.Errorf("a waiter or a callback got %v, want %v", o, want)
		}
	}
	return nil
}
