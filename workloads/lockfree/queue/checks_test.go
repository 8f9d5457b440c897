package queue

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
)

// liar is a queue that makes promises which it does not keep.
func liar(create queues.New[uint64], promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", create, promises...))
}

// named returns the constructor of a queue of this project, or of a seeded bug.
func named(t *testing.T, name string) queues.New[uint64] {
	t.Helper()
	table := append(queues.OfWords(), queues.BrokenOfWords()...)
	at := slices.IndexFunc(table, func(i impls.Impl[queues.New[uint64]]) bool { return i.Name == name })
	if at < 0 {
		t.Fatalf("got no queue %s, want one", name)
	}
	return table[at].New
}

// The load that probes a promise finds a queue that makes it and does not keep it.
func TestPromisesAreProbed(t *testing.T) {
	const vyukov = "vyukov"
	manyIn, manyOut := queues.MultiProducer, queues.MultiConsumer
	for _, c := range []struct {
		load, name, complaint string
		promises              []impls.Promise
	}{
		{"pairs", vyukov, "looked", []impls.Promise{manyIn, manyOut, impls.Bounded, impls.Linearizable}},
		{"pairs", "xsync-mpmc", "looked", []impls.Promise{manyIn, manyOut, impls.Bounded, impls.Linearizable}},
		{"bounded", "michael-scott", "the queue took", []impls.Promise{manyIn, manyOut, impls.Bounded}},
		{"unbounded", vyukov, "refused", []impls.Promise{manyIn, manyOut, impls.Unbounded}},
		{"waits", "channel-polled", "did not wait for a value", []impls.Promise{queues.Waits, impls.Bounded}},
		{"waits", "xsync-umpsc", "did not wait for room", []impls.Promise{queues.Waits, impls.Bounded}},
		{"handover", "channel-polled", "came out", []impls.Promise{queues.Waits, impls.Bounded}},
		{"wake", "channel-polled", "", []impls.Promise{queues.Waits, impls.Bounded}},
		{"long-wait", "channel-polled", "", []impls.Promise{queues.Waits, impls.Bounded}},
		{"transfer", vyukov, "refused", []impls.Promise{manyIn, manyOut, impls.Unbounded}},
		{"model", "michael-scott", "it took", []impls.Promise{manyIn, manyOut, impls.Bounded}},
		{"model", vyukov, "refused", []impls.Promise{manyIn, manyOut, impls.Unbounded}},
	} {
		t.Run(c.load+"/"+c.name, func(t *testing.T) {
			harness.Finds(t, liar(named(t, c.name), c.promises...), c.load, c.complaint)
		})
	}
}

// Each load that is there for one kind of bug finds it.
func TestSeededBugsAreFoundByTheirLoad(t *testing.T) {
	for _, c := range []struct{ load, bug, complaint string }{
		{"model", "positions-16bit", "it held"},
		{"model", "count-16bit", "refused"},
		{"unbounded", "count-16bit", "refused"},
		{"model", "zero-is-none", "nothing came out"},
		{"model", "rounds-down", "refused"},
		{"bounded", "rounds-down", "the queue took"},
		{"wake", "parked-polls", "woke up more than 1 ms"},
		{"long-wait", "gives-up", "returned 0, false"},
		{"values", "nil-is-none", "nothing came out"},
		{"short-releases", "keeps-abandoned", "still reachable"},
	} {
		t.Run(c.load+"/"+c.bug, func(t *testing.T) { harness.Finds(t, only(All()[0], c.bug), c.load, c.complaint) })
	}
}

// A capacity that a queue treats in another way than most shows, because each round has a
// capacity of its own.
func TestCapacitiesAreDrawn(t *testing.T) {
	promises := []impls.Promise{queues.MultiProducer, queues.MultiConsumer, impls.Bounded}
	short := func(n int) int { // one too few if a block holds a single value
		if n > 64 && n%64 == 1 {
			return n - 1
		}
		return n
	}
	mixed := func(n int) int {
		if n%3 == 0 {
			return rounded(n)
		}
		return n
	}
	for _, c := range []struct {
		load, complaint string
		create          queues.New[uint64]
		promises        []impls.Promise
	}{
		{
			"bounded", "the queue took",
			func(n int) queues.Queue[uint64] { return queues.NewMutex[uint64](short(n)) }, promises,
		},
		{
			"bounded", "rounds the capacity",
			func(n int) queues.Queue[uint64] { return queues.NewMutex[uint64](mixed(n)) }, promises,
		},
		{
			"waits", "have not returned",
			func(n int) queues.Queue[uint64] { return queues.NewChannel[uint64](short(n)) }, append(promises, queues.Waits),
		},
	} {
		t.Run(c.load, func(t *testing.T) { harness.Finds(t, liar(c.create, c.promises...), c.load, c.complaint) })
	}
}

// only is a suite with one of its implementations.
func only(s harness.Suite, name string) harness.Suite {
	card, _ := s.Card(name)
	s.Impls = []impls.Card{card}
	return s
}

// A queue for one goroutine at each end fails where there are many at one of them.
func TestCrowdsFindAQueueForOne(t *testing.T) {
	implstest.RaceShowsFirst(t)
	one := func(n int) queues.Queue[uint64] { return &forOne{slots: make([]atomic.Uint64, n)} }
	promises := []impls.Promise{queues.MultiProducer, queues.MultiConsumer, impls.Bounded}
	for _, load := range []string{"transfer", "fan-in", "fan-out", "pairs", "history", "lives"} {
		t.Run(load, func(t *testing.T) { harness.Finds(t, liar(one, promises...), load, ", window") })
	}
}

// A wrong order shows where calls come one after the other.
func TestHistoryFindsAWrongOrder(t *testing.T) {
	reversed := func(int) queues.Queue[uint64] { return new(stack) }
	promises := []impls.Promise{queues.MultiProducer, queues.MultiConsumer, impls.Unbounded}
	harness.Finds(t, liar(reversed, promises...), "history", "not linearizable")
}

// A linearizable queue looks empty only if it is.
func TestHistoryFindsAWrongEmpty(t *testing.T) {
	create := func(n int) queues.Queue[uint64] { return &shy{Mutex: queues.NewMutex[uint64](n)} }
	promises := []impls.Promise{queues.MultiProducer, queues.MultiConsumer, impls.Bounded, impls.Linearizable}
	harness.Finds(t, liar(create, promises...), "history", "not linearizable")
}

// shy looks empty to every second call.
type shy struct {
	*queues.Mutex[uint64]
	calls atomic.Int64
}

func (q *shy) Dequeue() (v uint64, ok bool) {
	if q.calls.Add(1)%2 == 0 {
		return 0, false
	}
	return q.Mutex.Dequeue()
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

// forOne is a ring for one goroutine at each end.
type forOne struct {
	slots      []atomic.Uint64
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

// A wake-up that is lost forever shows where no other value comes.
func TestHandoverFindsALostWakeUp(t *testing.T) {
	create := func(n int) queues.Queue[uint64] {
		return &deaf{Mutex: queues.NewMutex[uint64](n), put: make(chan struct{})}
	}
	harness.Finds(t, liar(create, queues.Waits, impls.Unbounded), "handover", "have not returned")
}

// deaf is a queue whose consumer looks once, and then waits for the next value. A value
// that comes in between wakes no consumer.
type deaf struct {
	*queues.Mutex[uint64]
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
			got, want := order != nil || y.check(5) != nil, name != "nothing"
			if got != want {
				t.Errorf("got a complaint: %t (%v, %v), want %t", got, order, y.check(5), want)
			}
		})
	}
}

// A wake-up that is lost when a value goes to another waiter shows where there are as many
// values as waiters.
func TestWakeFindsASignalThatIsLost(t *testing.T) {
	create := func(n int) queues.Queue[uint64] {
		return &lazy{Mutex: queues.NewMutex[uint64](n), put: make(chan struct{}, 1)}
	}
	promises := []impls.Promise{queues.MultiProducer, queues.MultiConsumer, queues.Waits, impls.Unbounded}
	harness.Finds(t, liar(create, promises...), "wake", "have not returned")
}

// lazy is a queue whose channel of wake-ups holds one. A second value that comes before
// the first waiter has woken up wakes no other.
type lazy struct {
	*queues.Mutex[uint64]
	put chan struct{}
}

func (q *lazy) Waits() {}

func (q *lazy) Enqueue(v uint64) bool {
	q.Mutex.Enqueue(v)
	select {
	case q.put <- struct{}{}:
	default:
	}
	return true
}

func (q *lazy) Dequeue() (v uint64, ok bool) {
	for v, ok = q.Mutex.Dequeue(); !ok; v, ok = q.Mutex.Dequeue() {
		<-q.put
	}
	return v, true
}

// A call that leaves a goroutine behind shows in a life, and so does a constructor.
func TestLivesFindGoroutinesLeftBehind(t *testing.T) {
	promises := []impls.Promise{queues.MultiProducer, queues.MultiConsumer, impls.Bounded}
	for name, create := range map[string]queues.New[uint64]{
		"call": func(n int) queues.Queue[uint64] { return littering{queues.NewMutex[uint64](n)} },
		"constructor": func(n int) queues.Queue[uint64] {
			go time.Sleep(10 * time.Second)
			return queues.NewMutex[uint64](n)
		},
	} {
		t.Run(name, func(t *testing.T) { harness.Finds(t, liar(create, promises...), "lives", "goroutines behind") })
	}
}

// littering leaves a goroutine behind at each Enqueue.
type littering struct{ *queues.Mutex[uint64] }

func (q littering) Enqueue(v uint64) bool {
	go time.Sleep(10 * time.Second)
	return q.Mutex.Enqueue(v)
}
