// Package history records what calls to an object returned, and when, and has porcupine look for an order of the calls that explains
// it. Histories are short and many: a search takes time that grows exponentially with the calls under way together,
// and an error of a few nanoseconds shows in the first calls of a fresh object as well as in later ones.
//
// Source: Herlihy and Wing, Linearizability: A Correctness Condition for Concurrent Objects, ACM TOPLAS 12(3), 1990;
// github.com/anishathalye/porcupine.
package history

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
)

// Client is one goroutine of a history. Its methods are for that goroutine alone.
type Client[I, O any] struct {
	ID   int
	Rand *rand.Rand

	clock *atomic.Int64 // not the time: readings of a clock may be reordered with what they enclose
	yield bool
	calls []Call[I, O]
}

// Do calls f and records that in returned what f does.
func (c *Client[I, O]) Do(in I, f func() O) O {
	if c.yield && c.Rand.IntN(yieldOneIn) == 0 {
		runtime.Gosched()
	}
	begin := c.clock.Add(1)
	out := f()
	end := c.clock.Add(1)
	c.calls = append(c.calls, Call[I, O]{c.ID, in, &out, begin, end})
	return out
}

// yieldOneIn is how many calls there are to a yield, in every second history.
const yieldOneIn = 3

// Play is the body of a workload. Every turn is a history: a fresh subject, and clients goroutines that take turns times turn, each of
// which makes calls by Do. A history that cannot be explained fails the window.
func Play[T, S, I, O any](t *harness.Trial, m Model[S, I, O], fresh func() T, clients, turns int, turn func(*Client[I, O], T)) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("history", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := Check(m, record(w.Rand(), fresh(), clients, turns, turn)); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// record plays one history.
func record[T, I, O any](rng *rand.Rand, subject T, clients, turns int, turn func(*Client[I, O], T)) []Call[I, O] {
	var clock, waiting atomic.Int64
	var group sync.WaitGroup
	yield := rng.IntN(2) == 0
	all := make([]*Client[I, O], clients)
	for i := range all {
		c := &Client[I, O]{ID: i, Rand: rand.New(rand.NewPCG(rng.Uint64(), uint64(i))), clock: &clock, yield: yield, calls: make([]Call[I, O], 0, turns)}
		all[i] = c
		group.Go(func() {
			for waiting.Add(1); waiting.Load() < int64(clients); { // or the first would be done before the last begins
				runtime.Gosched()
			}
			for range turns {
				turn(c, subject)
			}
		})
	}
	group.Wait()
	var calls []Call[I, O]
	for _, c := range all {
		calls = append(calls, c.calls...)
	}
	return calls
}

// Calls records n calls of one client that do nothing, for the self test: what recording costs.
func Calls(n int) {
	record(rand.New(rand.NewPCG(1, 1)), 0, 1, n, func(c *Client[int, int], _ int) { c.Do(0, func() int { return 0 }) })
}
