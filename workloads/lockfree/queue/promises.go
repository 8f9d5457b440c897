package queue

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// rounds is the body of workloads in which one worker checks a promise on a fresh queue, again and again.
func rounds(t *harness.Trial, create queue.New[uint64], round func(queue.New[uint64]) error) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := round(create); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// boundedOf is the workload for rows that promise Bounded and report it. Its crowds are as large as the row allows.
func boundedOf(i row) harness.Workload[queue.New[uint64]] {
	return harness.Workload[queue.New[uint64]]{
		Name: "bounded", Op: "round", About: "a crowd fills the queue until it refuses, and a crowd empties it",
		Stress:  []harness.Grid{harness.Over()},
		Accepts: func(i row) bool { return i.Has(impls.Bounded) && !i.Has(impls.Waits) },
		Run: func(t *harness.Trial, create queue.New[uint64]) error {
			in, out := 1, 1
			if i.Has(impls.MultiProducer) {
				in = crowd
			}
			if i.Has(impls.MultiConsumer) {
				out = crowd
			}
			return rounds(t, create, func(create queue.New[uint64]) error { return fillAndEmpty(create, in, out) })
		},
	}
}

const (
	crowd  = 3
	places = 8 // capacity of a queue that is filled
)

// fillAndEmpty lets in goroutines fill the queue and out goroutines empty it, twice. A refusal while others are at it may be for the moment
// only, so one goroutine alone does the rest.
func fillAndEmpty(create queue.New[uint64], in, out int) error {
	q := create(places)
	for range 2 {
		put := together(in, func() bool { return q.Enqueue(1) })
		if put != places {
			return fmt.Errorf("the queue took %d values with room for %d", put, places)
		}
		taken := together(out, func() bool { _, ok := q.Dequeue(); return ok })
		if taken != places {
			return fmt.Errorf("%d of %d values came out", taken, places)
		}
	}
	return nil
}

// together lets n goroutines call f until it is false, then one alone, and returns how often it was true. It stops where that is too
// often.
func together(n int, f func() bool) int {
	var count atomic.Int64
	all := func() {
		for count.Load() <= places && f() {
			count.Add(1)
		}
	}
	var group sync.WaitGroup
	for range n {
		group.Go(all)
	}
	group.Wait()
	all()
	return int(count.Load())
}

// plenty is more than any segment or ring holds that an unbounded queue is made of, but for those of lscq.
const plenty = 10_000

func growsOnly(create queue.New[uint64]) error {
	q := create(places)
	for n := range uint64(plenty) {
		if !q.Enqueue(n) {
			return fmt.Errorf("the queue refused after %d values", n)
		}
	}
	for n := range uint64(plenty) {
		if v, ok := q.Dequeue(); !ok || v != n {
			return fmt.Errorf("value %d came out as %d, %t", n, v, ok)
		}
	}
	return nil
}

// waitsOf is the workload for rows that promise Waits.
func waitsOf(i row) harness.Workload[queue.New[uint64]] {
	return harness.Workload[queue.New[uint64]]{
		Name: "waits", Op: "round", About: "one takes from the empty queue, and one puts into the full one", Allocates: true,
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.Waits),
		Run: func(t *harness.Trial, create queue.New[uint64]) error {
			return rounds(t, create, func(create queue.New[uint64]) error { return waitRound(create, i.Has(impls.Bounded)) })
		},
	}
}

var (
	errEmpty = errors.New("a call took from the empty queue and did not wait for a value")
	errFull  = errors.New("a call put into the full queue and did not wait for room")
)

func waitRound(create queue.New[uint64], bounded bool) error {
	var group sync.WaitGroup
	q := create(places)
	got, ok := uint64(0), false
	load.Line(&group, func() { got, ok = q.Dequeue() })
	q.Enqueue(1)
	group.Wait()
	if !ok || got != 1 {
		return errEmpty
	}
	if !bounded {
		return nil
	}
	for range places {
		q.Enqueue(1)
	}
	var done atomic.Bool
	load.Line(&group, func() { q.Enqueue(2); done.Store(true) })
	if done.Load() {
		return errFull
	}
	for range places + 1 {
		got, _ = q.Dequeue()
	}
	group.Wait()
	if got != 2 {
		return fmt.Errorf("the last value was %d and not the one that waited", got)
	}
	return nil
}

// payload is what a queue of pointers holds. It is too large for the allocator to keep several of them in one block.
type payload [64]byte

const (
	held   = 4    // values that a queue holds while the others that it held are looked for
	looked = 1000 // the last values that were taken out, which are looked for
)

// releases puts values through a queue that is never quite empty, and then looks whether the collector takes them.
func releases(t *harness.Trial, create queue.New[*payload]) error {
	return t.Window(func(w *harness.Window) error {
		q := create(places)
		var gone [looked]weak.Pointer[payload]
		w.Go("worker", 1, func(w *harness.Worker) {
			for n := 0; w.Next(); n++ {
				if !q.Enqueue(new(payload)) {
					w.Fail(errors.New("a queue with room refused"))
					return
				}
				if n < held {
					continue
				}
				v, ok := q.Dequeue()
				if !ok {
					w.Fail(errors.New("a queue that is not empty had nothing to give"))
					return
				}
				gone[n%looked] = weak.Make(v)
			}
		})
		w.Check(func() error {
			runtime.GC()
			kept := 0
			for _, p := range gone {
				if p.Value() != nil {
					kept++
				}
			}
			runtime.KeepAlive(q)
			if kept > 0 {
				return fmt.Errorf("%d of the last %d values that were taken out are still reachable", kept, looked)
			}
			return nil
		})
		return nil
	})
}
