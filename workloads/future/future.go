// Package future loads futures: many waiters for one promise, pairs of a decision and a
// wait, graphs and chains of promises, callbacks and waiters that come late. Every window
// checks that one deciding call won, and that all waiters and callbacks got its outcome.
package future

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// New makes the promises that are loaded here.
type New = futures.New[Value]

// NewCombinator makes the combinators that are loaded here.
type NewCombinator = futures.NewCombinator[Value]

var about = harness.About{
	Pattern: "future/promise", Contract: "future", Baseline: "channel",
	MissingKinds: map[impls.Kind]string{
		impls.Runtime: "the standard library ships no future",
		impls.Library: "those that were tried lose callbacks or wake-ups, and are known to be broken",
	},
	QuickShare: 9 * time.Second,
}

var loads = []harness.Workload[New]{
	broadcast,
	pairs,
	ask,
	genetic,
	chain,
	late,
	lives,
	race,
	order,
	inline,
	inside,
	wake,
	beside,
	contexts,
	traces,
	extremes,
	zeroValue,
}

var combining = []harness.Workload[NewCombinator]{
	all,
	combined,
}

// All is the suite over every future of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{suite(
		append(futures.All[Value](), futures.Broken[Value]()...),
		append(futures.Combinators[Value](), futures.BrokenCombinators[Value]()...),
	)}
}

// Suite is the suite over the futures given, without the loads of combinators.
func Suite(table ...impls.Impl[New]) harness.Suite { return suite(table, nil) }

// Combinators is the suite over the combinators given, without the loads of futures.
func Combinators(table ...impls.Impl[NewCombinator]) harness.Suite { return suite(nil, table) }

func suite(table []impls.Impl[New], combinators []impls.Impl[NewCombinator]) harness.Suite {
	var parts []harness.Part
	if len(table) > 0 {
		parts = append(parts, harness.Under(table, loads...))
	}
	if len(combinators) > 0 {
		parts = append(parts, harness.Under(combinators, combining...))
	}
	return harness.NewSuite(about, parts...)
}

// A Value is what promises are resolved with: a number, and plain memory that only the
// promise hands over.
type Value struct {
	Number float64
	Item   *Item
}

// An Item is words that its maker writes before the decision, and others read after it.
type Item struct {
	words [4]uint64
	next  *round // of a broadcast
}

// made makes a value whose item holds the number in each word.
func made(number float64) Value {
	item := new(Item)
	for i := range item.words {
		item.words[i] = math.Float64bits(number)
	}
	return Value{number, item}
}

// whole reports whether the item holds the number in each word.
func (v Value) whole() bool {
	for _, w := range v.Item.words {
		if w != math.Float64bits(v.Number) {
			return false
		}
	}
	return true
}

// A failure is the error of a Reject. It hands plain memory over, too.
type failure struct{ value Value }

func (f *failure) Error() string { return fmt.Sprintf("failure %v", f.value.Number) }

// An outcome is what a Get or a callback got.
type outcome struct {
	value Value
	err   error
}

// same reports whether two outcomes are equal. Numbers are compared by their bits, since
// NaN is not equal to itself.
func (o outcome) same(p outcome) bool {
	if o.err != nil || p.err != nil {
		return o.err != nil && p.err != nil && errors.Is(o.err, p.err)
	}
	return o.value.Item == p.value.Item && math.Float64bits(o.value.Number) == math.Float64bits(p.value.Number)
}

// complete reports whether the memory of an outcome is there. Only one that made makes, or
// a failure of one, has such memory.
func (o outcome) complete() bool {
	var f *failure
	switch {
	case errors.As(o.err, &f):
		return f.value.whole()
	case o.err != nil:
		return false
	}
	return o.value.Item != nil && o.value.whole()
}

func (o outcome) String() string {
	if o.err != nil {
		return fmt.Sprintf("error %q", o.err)
	}
	return fmt.Sprintf("value %v", o.value.Number)
}

// decide makes the deciding call for an outcome.
func (o outcome) decide(p futures.Promise[Value]) bool {
	if o.err != nil {
		return p.Reject(o.err)
	}
	return p.Resolve(o.value)
}

// get waits for a future that must have a value.
func get(w *harness.Worker, f futures.Future[Value]) (v Value, ok bool) {
	v, err := f.Get(context.Background())
	if err != nil {
		w.Fail(fmt.Errorf("a Get returned an error, although no call rejected: %w", err))
	}
	return v, err == nil
}

// ended is a context that has ended.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// looks is how many milliseconds a goroutine waits for what must happen. It counts looks
// and not time, because the machine may stall.
const looks = 250

// soon waits until holds returns true, before the caller's patience ends.
func soon(holds func() bool) bool {
	for range looks {
		if holds() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return holds()
}

var few = load.Goroutines.In(1, 2, 8)

// inTime receives from done, before the caller's patience ends.
func inTime[T any](done <-chan T) (value T, ok bool) {
	ok = soon(func() bool {
		select {
		case value = <-done:
			return true
		default:
			return false
		}
	})
	return value, ok
}
