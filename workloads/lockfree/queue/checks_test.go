package queue

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/results"
)

// stressed runs one workload of a queue until it fails, or for long, and returns what its checks said.
func stressed(t *testing.T, work string, i row) error {
	t.Helper()
	rows := harness.Rows(Pattern(i))
	spec := harness.DefaultSpec(results.Cell{Contract: "lockfree/queue", Work: work, Impl: i.Name, Procs: 2})
	spec.Seed, spec.Stress, spec.Grace = 1, 20*time.Second, time.Second
	_, err := harness.Stress(t.Context(), rows, spec)
	return err
}

// liar is the row of a name that promises something else than it does.
func liar(t *testing.T, name string, promises ...impls.Promise) row {
	t.Helper()
	table := queue.Words()
	at := slices.IndexFunc(table, func(i row) bool { return i.Name == name })
	if at < 0 {
		t.Fatalf("there is no queue %s", name)
	}
	i := table[at]
	i.Name, i.Role, i.Promises = "liar", impls.Contender, promises
	return i
}

// Every promise is refused by the workload that probes it, when a queue makes it that does not keep it.
func TestPromisesAreProbed(t *testing.T) {
	const manyIn, manyOut = impls.MultiProducer, impls.MultiConsumer
	for _, c := range []struct {
		work, name, complaint string
		promises              []impls.Promise
	}{
		{"pairs", "vyukov", "looked", []impls.Promise{manyIn, manyOut, impls.Bounded, impls.Linearizable}},
		{"bounded", "michael-scott", "the queue took", []impls.Promise{manyIn, manyOut, impls.Bounded}},
		{"unbounded", "vyukov", "refused", []impls.Promise{manyIn, manyOut, impls.Unbounded}},
		{"waits", "channel-polled", "did not wait for a value", []impls.Promise{impls.Waits, impls.Bounded}},
		{"waits", "xsync-umpsc", "did not wait for room", []impls.Promise{impls.Waits, impls.Bounded}},
		{"pairs", "xsync-mpmc", "looked", []impls.Promise{manyIn, manyOut, impls.Bounded, impls.Linearizable}},
	} {
		t.Run(c.work+"/"+c.name, func(t *testing.T) {
			if err := stressed(t, c.work, liar(t, c.name, c.promises...)); err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A queue for one at each end is found where there are many at one of them.
func TestCrowdsFindAQueueForOne(t *testing.T) {
	i := row{
		Name: "liar", Kind: impls.Atomic, Source: "here", Promises: []impls.Promise{impls.MultiProducer, impls.MultiConsumer, impls.Bounded},
		New: func(int) queue.Queue[uint64] { return new(forOne) },
	}
	for _, work := range []string{"transfer", "fan-in", "fan-out", "pairs"} {
		if err := stressed(t, work, i); err == nil {
			t.Errorf("%s passed", work)
		}
	}
}

// What comes out in another order is found where calls come one after the other.
func TestHistoryFindsAWrongOrder(t *testing.T) {
	i := row{
		Name: "liar", Kind: impls.Mutex, Source: "here", Promises: []impls.Promise{impls.MultiProducer, impls.MultiConsumer, impls.Unbounded},
		New: func(int) queue.Queue[uint64] { return new(stack) },
	}
	if err := stressed(t, "history", i); err == nil || !strings.Contains(err.Error(), "not linearizable") {
		t.Errorf("%v", err)
	}
}

// stack is last in, first out.
type stack struct {
	mu     sync.Mutex
	values []uint64
}

func (q *stack) Enqueue(v uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.values = append(q.values, v)
	return true
}

func (q *stack) Dequeue() (v uint64, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	last := len(q.values) - 1
	if last < 0 {
		return 0, false
	}
	v, q.values = q.values[last], q.values[:last]
	return v, true
}

// forOne is a ring for one at each end, without a data race, because the race detector would see that first.
type forOne struct {
	slots      [8]atomic.Uint64
	head, tail atomic.Uint64
}

func (q *forOne) Enqueue(v uint64) bool {
	tail := q.tail.Load()
	if tail >= q.head.Load()+uint64(len(q.slots)) {
		return false
	}
	q.slots[tail%uint64(len(q.slots))].Store(v)
	q.tail.Store(tail + 1)
	return true
}

func (q *forOne) Dequeue() (v uint64, ok bool) {
	head := q.head.Load()
	if head >= q.tail.Load() {
		return 0, false
	}
	v = q.slots[head%uint64(len(q.slots))].Load()
	q.head.Store(head + 1)
	return v, true
}

// A wake-up that is lost for good shows where no other value comes.
func TestHandoverFindsALostWakeUp(t *testing.T) {
	i := row{
		Name: "liar", Kind: impls.Mutex, Source: "here", Promises: []impls.Promise{impls.Waits, impls.Unbounded},
		New: func(n int) queue.Queue[uint64] {
			return &deaf{Mutex: queue.NewMutex[uint64](n), put: make(chan struct{})}
		},
	}
	err := stressed(t, "handover", i)
	if hang := new(harness.HangError); !errors.As(err, &hang) {
		t.Errorf("%v", err)
	}
}

// deaf is a queue whose consumer looks once, and then waits for the next value: one that comes between wakes nobody.
type deaf struct {
	*queue.Mutex[uint64]
	put chan struct{}
}

func (q *deaf) Waits() {}

func (q *deaf) Enqueue(v uint64) bool {
	q.Mutex.Enqueue(v)
	select {
	case q.put <- struct{}{}:
	default:
	}
	return true
}

func (q *deaf) Dequeue() (v uint64, ok bool) {
	for v, ok = q.Mutex.Dequeue(); !ok; v, ok = q.Mutex.Dequeue() {
		runtime.Gosched()
		<-q.put
	}
	return v, true
}

func TestTallySees(t *testing.T) {
	for name, numbers := range map[string][]uint64{
		"nothing":        {1, 2, 3, 4, 5},
		"a loss":         {1, 2, 4, 5},
		"an exchange":    {1, 2, 3, 4, 6},
		"a twin":         {1, 2, 3, 4, 5, 5},
		"a wrong order":  {1, 3, 2, 4, 5},
		"two that match": {1, 1, 4, 4, 5}, // the sum is right, the squares are not
	} {
		t.Run(name, func(t *testing.T) {
			var y tally
			var order error
			for _, n := range numbers {
				if err := y.add(n); err != nil {
					order = err
				}
			}
			if bad := order != nil || y.check(5) != nil; bad != (name != "nothing") {
				t.Errorf("%v, %v", order, y.check(5))
			}
		})
	}
}
