package future

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// race has two goroutines meet at one promise after the other: one decides, just as the
// other one decides too, adds a callback or waits.
var race = harness.Workload[New]{
	Load: harness.Load{
		Name: "race", Turn: "promise", About: "a promise is decided just as a partner decides it, adds a callback or waits",
		Points: harness.Points{Stress: load.Once},
	},
	Run: runRace,
}

const (
	// maxDelay is how long the decision is late at most, in steps of the spin: about as long
	// as the partner takes from its first look at the promise to the end of its call.
	maxDelay = 300
	// over is the number of the round after the last.
	over = math.MaxInt64
)

// A match is a promise, and what two goroutines want of it.
type match struct {
	promise      futures.Promise[Value]
	mine, theirs outcome
	won, theyWon bool
	got          outcome // by the partner's Get or callback
	waits        bool    // the partner has neither decided nor added a callback
	calls        atomic.Int64
	adds         bool
}

func runRace(t *harness.Trial, newPromise New) error {
	return t.Window(func(w *harness.Window) error {
		var start, done load.Baton
		var current *match // the batons order its accesses
		w.Go("round", 1, func(w *harness.Worker) {
			for number := int64(1); w.Next(); number++ {
				m := &match{promise: newPromise(), mine: offer(int(number % 3)), theirs: offer(3 + int(number%3))}
				current = m
				start.Set(number)
				w.Spin(w.Rand().IntN(maxDelay))
				m.won = m.mine.decide(m.promise)
				done.Await(number)
				if err := m.check(); err != nil {
					w.Fail(err)
					return
				}
			}
		}, harness.Then(func() { start.Set(over) }))
		w.Go("partner", 1, func(w *harness.Worker) {
			for number := int64(1); w.Next(); number++ {
				if start.Await(number) == over {
					w.Undo()
					return
				}
				current.join(w.Rand().IntN(3))
				done.Set(number)
			}
		}, harness.After("round"))
		return nil
	})
}

// join makes the partner's call.
func (m *match) join(kind int) {
	switch kind {
	case 0:
		m.theyWon = m.theirs.decide(m.promise)
	case 1:
		m.adds = true
		m.promise.Then(func(value Value, err error) {
			m.got = outcome{value, err}
			m.calls.Add(1)
		})
	case 2:
		m.waits = true
		m.got.value, m.got.err = m.promise.Get(context.Background())
	}
}

// check checks that one of the two decided, and that the partner got the outcome.
func (m *match) check() error {
	if m.won == m.theyWon {
		return fmt.Errorf("two deciding calls returned %v and %v, want true from one of them", m.won, m.theyWon)
	}
	want := m.mine
	if m.theyWon {
		want = m.theirs
	}
	if m.adds && (!soon(func() bool { return m.calls.Load() > 0 }) || m.calls.Load() != 1) {
		return fmt.Errorf("a callback that was added beside the decision was called %d times", m.calls.Load())
	}
	if m.adds || m.waits {
		if err := m.got.want(want); err != nil {
			return err
		}
		if !m.got.complete() {
			return errTorn
		}
	}
	var afterwards outcome
	afterwards.value, afterwards.err = m.promise.Get(ended)
	return afterwards.want(want)
}
