package queue

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh queue through a short life: all values go in and come out, and the
// goroutines end. The last waiter of a life has only one event to wake it; in a long
// window, the next value would hide a wake-up that was lost. Each value hands over plain
// data.
var lives = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a queue",
		About:  "producers put a few values into a fresh queue, consumers take all of them out, and then all end",
		Params: []harness.AnyParam{producers, consumers, capacity, each},
		Probes: []impls.Promise{queues.MultiProducer, queues.MultiConsumer}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(
				harness.Within(producers, 1, 20), harness.Within(consumers, 1, 20), harness.Within(capacity, 1, 20),
				harness.Within(each, 1, 40),
			),
			harness.Over(
				harness.Within(producers, 20, 600), harness.Within(consumers, 20, 600), harness.Within(capacity, 1, 600),
				each.In(1, 3),
			),
		}},
	},
	Accepts: isQueue[uint64],
	Run:     runLives,
}

var each = harness.Param[int]{
	Key: "values", About: "values of each producer in the life of a queue, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

func runLives(t *harness.Trial, create queues.New[uint64]) error {
	in, out := ends(t)
	n, values := capacity.Of(t), in*each.Of(t)
	return play(t, values, func() queues.Queue[uint64] { return create(n) }, func(l *life) { l.live(in, out) })
}

// play plays lives of fresh queues, with that many values each.
func play(t *harness.Trial, values int, fresh func() queues.Queue[uint64], body func(*life)) error {
	waits := t.Promises(queues.Waits)
	return t.Window(func(w *harness.Window) error {
		before := runtime.NumGoroutine()
		w.Check(func() error { return leftBehind(before) })
		w.Go("life", 1, func(w *harness.Worker) {
			for w.Next() {
				l := &life{
					queue: fresh(), waits: waits, roomy: waits || t.Promises(impls.Unbounded),
					notes: make([]note, values), report: w.Fail,
				}
				if body(l); l.failed.Load() {
					return
				}
			}
		})
		return nil
	})
}

const (
	// owned is how many goroutines may be about to end after a window.
	owned = 64
	// untilEnded is how long they may take.
	untilEnded = 2 * time.Second
)

// leftBehind returns an error if lives left goroutines behind.
func leftBehind(before int) error {
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		more := runtime.NumGoroutine() - before
		if more <= owned {
			return nil
		}
		if time.Since(start) > untilEnded {
			return fmt.Errorf("lives of queues left %d goroutines behind", more)
		}
	}
}

// ends returns how many goroutines the load has at each end, as far as the queue allows
// many.
func ends(t *harness.Trial) (in, out int) {
	in, out = 1, 1
	if t.Promises(queues.MultiProducer) {
		in = producers.Of(t)
	}
	if t.Promises(queues.MultiConsumer) {
		out = consumers.Of(t)
	}
	return in, out
}

// A life is that of one queue. A value is the index of a note, which is plain data: its
// producer writes it before the Enqueue, and its consumer reads it after the Dequeue.
type life struct {
	queue        queues.Queue[uint64]
	waits, roomy bool // its calls must not fail, or its puts must not
	notes        []note
	in           atomic.Bool // all values are in

	failed atomic.Bool
	report func(error)
}

type note struct {
	producer, number int
	taken            bool
}

func (l *life) fail(err error) {
	l.failed.Store(true)
	l.report(err)
}

// caught fails the life if a call panicked.
func (l *life) caught() {
	if p := recover(); p != nil {
		l.fail(fmt.Errorf("panicked: %v\n%s", p, debug.Stack()))
	}
}

var (
	errRefused = errors.New("the queue refused a value, although it has room for every one or waits for room")
	errGaveUp  = errors.New("a Dequeue of a queue that waits returned without a value")
	errGone    = errors.New("a value went in and never came out")
)

// live lets goroutines at both ends pass all values.
func (l *life) live(producers, consumers int) {
	var putters, takers sync.WaitGroup
	for c := range consumers {
		takers.Go(func() { defer l.caught(); l.takeShare(c, producers, consumers) })
	}
	for p := range producers {
		putters.Go(func() { defer l.caught(); l.putShare(p, len(l.notes)/producers) })
	}
	putters.Wait()
	l.in.Store(true)
	takers.Wait()
	l.empty()
}

// empty fails the life if its queue holds a value at the end.
func (l *life) empty() {
	if l.waits || l.failed.Load() {
		return
	}
	if v, ok := l.queue.Dequeue(); ok {
		l.fail(fmt.Errorf("the value %d came out of a queue from which all values had come out", v))
	}
}

func (l *life) putShare(producer, values int) {
	for n := range values {
		at := producer*values + n
		l.notes[at] = note{producer: producer, number: n}
		for !l.queue.Enqueue(uint64(at)) {
			if l.roomy {
				l.fail(errRefused)
			}
			if l.failed.Load() {
				return
			}
			runtime.Gosched()
		}
	}
}

// takeShare takes out as many values as the other consumers do.
func (l *life) takeShare(consumer, producers, consumers int) {
	next := make([]int, producers) // for each producer, the least number that may come
	for range share(len(l.notes), consumer, consumers) {
		at, ok := l.take()
		if !ok {
			return
		}
		if at >= uint64(len(l.notes)) {
			l.fail(fmt.Errorf("the value %#x came out, and no producer put it in", at))
			return
		}
		n := &l.notes[at]
		switch {
		case n.taken:
			l.fail(fmt.Errorf("the value %d came out twice", at))
		case n.number < next[n.producer]:
			l.fail(fmt.Errorf("a consumer got number %d of a producer after its number %d", n.number, next[n.producer]-1))
		}
		n.taken = true
		next[n.producer] = n.number + 1
	}
}

// take returns a value, or false after a failure.
func (l *life) take() (uint64, bool) {
	var missing load.Search
	for {
		in := l.in.Load()
		v, ok := l.queue.Dequeue()
		if ok {
			return v, true
		}
		if l.waits {
			l.fail(errGaveUp)
			return 0, false
		}
		if in && missing.Lost() {
			l.fail(errGone)
		}
		if l.failed.Load() {
			return 0, false
		}
		runtime.Gosched()
	}
}

// share is how many of some values goroutine number i of n has.
func share(values, i, n int) int { return (values + n - 1 - i) / n }
