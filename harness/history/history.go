// Package history records what calls to an object returned, and when. The packages below
// it check such histories.
//
// Many short histories are better than a few long ones. The time to check a history grows
// exponentially with the number of calls that overlap. A race of a few nanoseconds shows
// in the first calls of a fresh object as well as in later ones.
package history

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
)

// Call is one call in a history.
type Call[I, O any] struct {
	Client     int
	In         I
	Out        *O    // nil: the call was cut off, and its result is unknown
	Begin, End int64 // times of the recorder's clock
}

// Recorder records the calls of some clients.
type Recorder[I, O any] struct {
	clock   atomic.Int64 // a counter: the processor may reorder clock reads with the call
	clients []*Client[I, O]
}

// Client is one goroutine of a history. Its methods are for that goroutine alone.
type Client[I, O any] struct {
	ID   int
	Rand *rand.Rand

	clock *atomic.Int64
	yield bool
	calls []Call[I, O]
}

// NewRecorder makes a recorder with n clients. Each can record the given number of calls
// without allocation.
func NewRecorder[I, O any](rng *rand.Rand, n, calls int) *Recorder[I, O] {
	r := new(Recorder[I, O])
	yield := rng.IntN(2) == 0
	for i := range n {
		r.clients = append(r.clients, &Client[I, O]{
			ID: i, Rand: rand.New(rand.NewPCG(rng.Uint64(), uint64(i))), clock: &r.clock, yield: yield,
			calls: make([]Call[I, O], 0, calls),
		})
	}
	return r
}

// Client returns the client with ID i.
func (r *Recorder[I, O]) Client(i int) *Client[I, O] { return r.clients[i] }

// Calls returns what all clients recorded. No client must be in a call.
func (r *Recorder[I, O]) Calls() []Call[I, O] {
	var calls []Call[I, O]
	for _, c := range r.clients {
		calls = append(calls, c.calls...)
	}
	return calls
}

// yieldOneIn is how many calls there are per yield, in every second history.
const yieldOneIn = 3

// Do calls f, records the call in with the result of f, and returns the result.
func (c *Client[I, O]) Do(in I, f func() O) O {
	if c.yield && c.Rand.IntN(yieldOneIn) == 0 {
		runtime.Gosched()
	}
	start := c.clock.Add(1)
	out := f()
	end := c.clock.Add(1)
	c.calls = append(c.calls, Call[I, O]{c.ID, in, &out, start, end})
	return out
}

// Shape is the size of a history: its clients, and the calls of each.
type Shape struct{ Clients, Calls int }

// Play is the body of a workload whose turn is a history. Each of s.Clients clients calls
// turn s.Calls times on a fresh subject, and turn makes one call by Client.Do. A history
// that check rejects fails the window.
func Play[T, I, O any](
	t *harness.Trial, s Shape, check func([]Call[I, O]) error, fresh func() T, turn func(*Client[I, O], T),
) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("history", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := check(record(w.Rand(), s, fresh(), turn)); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// record records one history of subject.
func record[T, I, O any](rng *rand.Rand, s Shape, subject T, turn func(*Client[I, O], T)) []Call[I, O] {
	r := NewRecorder[I, O](rng, s.Clients, s.Calls)
	var waiting atomic.Int64
	var group sync.WaitGroup
	for _, c := range r.clients {
		group.Go(func() {
			for waiting.Add(1); waiting.Load() < int64(s.Clients); { // start all clients together
				runtime.Gosched()
			}
			for range s.Calls {
				turn(c, subject)
			}
		})
	}
	group.Wait()
	return r.Calls()
}

// Calls records n empty calls of one client. The self test measures the cost of recording
// with it.
func Calls(n int) {
	record(rand.New(rand.NewPCG(1, 1)), Shape{1, n}, 0, func(c *Client[int, int], _ int) {
		c.Do(0, func() int { return 0 })
	})
}
