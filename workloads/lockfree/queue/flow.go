package queue

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cpu"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// The high bits of a value are its producer, from 1. The low bits are its number, which
// the producer counts from 1. So no value is 0, which marks the end.
const (
	numberBits = 40
	end        = uint64(0)
)

func valueOf(producer int, number uint64) uint64 { return uint64(producer+1)<<numberBits | number }

// tally is what a consumer got from one producer.
type tally struct{ last, count, sum, squares uint64 }

// add counts a number. The numbers of a producer ascend, or the queue is not first in,
// first out.
func (y *tally) add(number uint64) error {
	if number <= y.last {
		return fmt.Errorf("a consumer got number %d of a producer after its number %d", number, y.last)
	}
	y.last = number
	y.count++
	y.sum += number
	y.squares += number * number
	return nil
}

func (y *tally) merge(other tally) {
	y.count += other.count
	y.sum += other.sum
	y.squares += other.squares
}

// check compares what came out of a producer's values with the numbers from 1 to sent.
func (y *tally) check(sent uint64) error {
	var want tally
	for n := range sent {
		if err := want.add(n + 1); err != nil {
			return err
		}
	}
	switch {
	case y.count != sent:
		return fmt.Errorf("a producer put in %d values, and %d came out", sent, y.count)
	case y.sum != want.sum || y.squares != want.squares:
		return fmt.Errorf("of the %d values of a producer, some came out twice and others never", sent)
	}
	return nil
}

// A flow is the values of one window on their way from producers to consumers.
type flow struct {
	queue        queues.Queue[uint64]
	waits, roomy bool      // its calls must not fail, or its puts must not
	sent         []uint64  // by each producer
	got          [][]tally // by each consumer, from each producer
	over         atomic.Bool
	closing      sync.WaitGroup // puts in the ends

	// An unbounded queue would fill the memory if producers are faster than consumers. So
	// the producers stay within limit of the consumers. Both count in steps.
	limit    uint64
	_        [cpu.Line]byte
	ahead    atomic.Uint64
	_        [cpu.Line]byte
	consumed atomic.Uint64
	_        [cpu.Line]byte
}

const (
	step     = 1024
	maxAhead = 1 << 16
)

func newFlow(t *harness.Trial, create queues.New[uint64], capacity, producers, consumers int) *flow {
	if t.Promises(impls.Unbounded) {
		capacity = places // it ignores the capacity: a stress run finds its queue again by it
	}
	x := &flow{
		queue: create(capacity), waits: t.Promises(queues.Waits), sent: make([]uint64, producers),
		got: make([][]tally, consumers), limit: uint64(maxAhead + step*(producers+consumers)),
	}
	x.roomy = x.waits || t.Promises(impls.Unbounded)
	for i := range x.got {
		x.got[i] = make([]tally, producers)
	}
	return x
}

// put puts in a value of a producer, and waits for room.
func (x *flow) put(w *harness.Worker, number uint64) {
	for !x.queue.Enqueue(valueOf(w.ID, number)) {
		if x.roomy {
			w.Fail(errRefused)
			return
		}
		runtime.Gosched()
	}
	if number%step == 0 {
		x.ahead.Add(step)
		for x.ahead.Load() > x.consumed.Load()+x.limit {
			runtime.Gosched()
		}
	}
}

// take takes a value out, and waits for one. It returns false once no more will come. An
// end that comes out before close is a value that no producer put in.
func (x *flow) take(w *harness.Worker) (v uint64, ok bool) {
	for {
		if v, ok = x.queue.Dequeue(); ok {
			return v, v != end || !x.over.Load()
		}
		if x.waits {
			w.Fail(errGaveUp)
			return 0, false
		}
		if x.over.Load() { // all values are in by now, so another look decides
			return x.queue.Dequeue()
		}
		runtime.Gosched()
	}
}

// close says that all producers have returned. A consumer that waits inside the queue
// cannot see that, so each gets an end. close does not wait for room for them, which may
// never come. The watchdog reports consumers that do not return.
func (x *flow) close() {
	x.over.Store(true)
	if !x.waits {
		return
	}
	x.closing.Go(func() {
		for range x.got {
			x.queue.Enqueue(end)
		}
	})
}

// note counts a value that a consumer got.
func (x *flow) note(w *harness.Worker, v uint64) {
	got, producer := x.got[w.ID], v>>numberBits-1
	if producer >= uint64(len(got)) {
		w.Fail(fmt.Errorf("the value %#x came out, and no producer put it in", v))
	} else if err := got[producer].add(v % (1 << numberBits)); err != nil {
		w.Fail(err)
	}
}

// consume is the body of a consumer.
func (x *flow) consume(w *harness.Worker, think int) {
	for count := uint64(1); w.Next(); count++ {
		v, ok := x.take(w)
		if !ok {
			w.Undo()
			return
		}
		x.note(w, v)
		if count%step == 0 {
			x.consumed.Add(step)
		}
		w.Think(think)
	}
}

// check compares what came out with what was put in.
func (x *flow) check() error {
	x.closing.Wait() // each consumer has got its end, so all of them are in
	if !x.waits {
		if v, ok := x.queue.Dequeue(); ok {
			return fmt.Errorf("the queue still holds %#x after its consumers found it empty", v)
		}
	}
	for p, sent := range x.sent {
		var sum tally
		for _, got := range x.got {
			sum.merge(got[p])
		}
		if err := sum.check(sent); err != nil {
			return err
		}
	}
	return nil
}

// move is the body of the loads whose producers and consumers run at the same time. The
// consumers come first, so their values are the turns, and fairness is among them.
func move(t *harness.Trial, create queues.New[uint64], producers, consumers int) error {
	think, capacity := t.Spins(load.Think.Of(t)), capacity.Of(t)
	return t.Window(func(w *harness.Window) error {
		x := newFlow(t, create, capacity, producers, consumers)
		w.Go("consumer", consumers, func(w *harness.Worker) { x.consume(w, think) }, harness.After("producer"))
		w.Go("producer", producers, func(w *harness.Worker) {
			number := uint64(0)
			for w.Next() {
				number++
				x.put(w, number)
				w.Think(think)
			}
			x.sent[w.ID] = number
		}, harness.Then(x.close))
		w.Check(x.check)
		return nil
	})
}
