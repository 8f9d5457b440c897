package future

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/impls/cpu"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// A company is the goroutines that meet at a promise: some decide, some wait, some add a
// callback each. All of them start at once.
type company struct{ deciders, waiters, callers int }

// A meeting is one promise and what its company did and got.
type meeting struct {
	promise futures.Promise[Value]
	gate    gate
	offers  []outcome // of the deciders
	won     []bool
	got     []outcome // by waiters
	whole   []bool    // whether a waiter found the memory of its outcome complete
	heard   []hearing // by callbacks
	left    atomic.Int64
	inside  atomic.Bool // a callback runs
	calls   int         // plain, because callbacks run one after the other
	overlap atomic.Bool
}

// A hearing is what a callback was called with.
type hearing struct {
	calls   atomic.Int64
	outcome outcome
	whole   bool
}

// A gate lets goroutines pass when all that are expected are there.
type gate struct{ expected, here atomic.Int64 }

func (g *gate) pass() {
	g.here.Add(1)
	g.await()
}

// await is pass for a goroutine that is not expected.
func (g *gate) await() {
	cpu.Until(func() bool { return g.here.Load() >= g.expected.Load() })
}

// meet plays one life of a promise. In every second life, the deciders come a while after
// the others.
func (c company) meet(rng *rand.Rand, p futures.Promise[Value]) error {
	m := &meeting{
		promise: p, offers: make([]outcome, c.deciders), won: make([]bool, c.deciders),
		got: make([]outcome, c.waiters+1), whole: make([]bool, c.waiters+1), heard: make([]hearing, c.callers+1),
	}
	m.left.Store(int64(len(m.heard)))
	m.gate.expected.Store(int64(c.waiters + c.callers + c.deciders))
	late := rng.IntN(2) == 0
	if late {
		m.gate.expected.Add(-int64(c.deciders))
	}
	var group sync.WaitGroup
	for i := range c.waiters {
		group.Go(func() {
			m.gate.pass()
			m.wait(context.Background(), i)
		})
	}
	for i := range c.callers {
		group.Go(func() {
			m.gate.pass()
			m.add(i)
		})
	}
	if late {
		m.gate.await()
		load.Pause(rng, time.Millisecond)
	}
	for i := range c.deciders {
		group.Go(func() {
			m.offers[i] = offer(i)
			m.gate.pass()
			m.won[i] = m.offers[i].decide(p)
		})
	}
	group.Wait()
	return m.end(c)
}

// offer returns what decider i wants to decide: a value, or an error in every third.
func offer(i int) outcome {
	v := made(float64(i + 1))
	if i%3 == 2 {
		return outcome{err: &failure{v}}
	}
	return outcome{value: v}
}

// wait has waiter i get the outcome and look at its memory.
func (m *meeting) wait(ctx context.Context, i int) {
	var o outcome
	o.value, o.err = m.promise.Get(ctx)
	m.got[i], m.whole[i] = o, o.complete()
}

// add has caller i add its callback.
func (m *meeting) add(i int) {
	m.promise.Then(func(value Value, err error) {
		if m.inside.Swap(true) {
			m.overlap.Store(true)
		}
		m.calls++
		h := &m.heard[i]
		if h.calls.Add(1) == 1 {
			h.outcome = outcome{value, err}
			h.whole = h.outcome.complete()
		}
		m.inside.Store(false)
		m.left.Add(-1)
	})
}

// end has all deciders, one more waiter and one more callback come late, and checks what
// all got.
func (m *meeting) end(c company) error {
	for _, o := range m.offers {
		if o.decide(m.promise) {
			return errors.New("a deciding call after the decision returned true")
		}
	}
	m.wait(ended, c.waiters)
	m.add(c.callers)
	if !soon(func() bool { return m.left.Load() <= 0 }) {
		return m.countCalls()
	}
	return errors.Join(m.countCalls(), m.check())
}

// countCalls checks that each callback was called once.
func (m *meeting) countCalls() error {
	for i := range m.heard {
		if n := m.heard[i].calls.Load(); n != 1 {
			return fmt.Errorf("callback %d of %d was called %d times", i+1, len(m.heard), n)
		}
	}
	if m.overlap.Load() {
		return errors.New("two callbacks of a promise ran at the same time")
	}
	return nil
}

// check checks that one decider won, and that all got its outcome.
func (m *meeting) check() error {
	winners, want := 0, outcome{}
	for i, won := range m.won {
		if won {
			winners, want = winners+1, m.offers[i]
		}
	}
	if winners != 1 {
		return fmt.Errorf("%d of %d deciding calls returned true", winners, len(m.won))
	}
	for i, o := range m.got {
		if !o.same(want) {
			return fmt.Errorf("a Get returned %v, after the deciding call for %v had returned true", o, want)
		}
		if !m.whole[i] {
			return errTorn
		}
	}
	for i := range m.heard {
		if h := &m.heard[i]; !h.outcome.same(want) {
			return fmt.Errorf("a callback got %v, after the deciding call for %v had returned true", h.outcome, want)
		} else if !h.whole {
			return errTorn
		}
	}
	if m.calls != len(m.heard) {
		return fmt.Errorf("the callbacks counted %d calls, want %d: two ran at the same time", m.calls, len(m.heard))
	}
	return nil
}

var errTorn = errors.New("what was written before the deciding call was not visible after it")
