package queue

import (
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// A value is its producer, from 1, above, and its number among that producer's, from 1, below. So none is 0, which is the end.
const (
	numberBits = 40
	end        = uint64(0)
)

func valueOf(producer int, number uint64) uint64 { return uint64(producer+1)<<numberBits | number }

// tally is what a consumer got of one producer.
type tally struct{ last, count, sum, squares uint64 }

// add counts a number. They come in growing order, or the queue is not first in, first out.
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

// check compares what was got of a producer with the numbers from 1 to sent.
func (y *tally) check(sent uint64) error {
	var want tally
	for n := range sent {
		if err := want.add(n + 1); err != nil {
			return err
		}
	}
	switch {
	case y.count != sent:
		return fmt.Errorf("%d values of a producer came out of %d that it put in", y.count, sent)
	case y.sum != want.sum || y.squares != want.squares:
		return fmt.Errorf("of %d values of a producer some came out twice and others never", sent)
	}
	return nil
}

// A transfer is one window's way from producers to consumers.
type transfer struct {
	queue queue.Queue[uint64]
	sent  []uint64  // of each producer
	got   [][]tally // of each consumer, of each producer
	over  atomic.Bool

	// An unbounded queue would take the memory of the machine where producers are faster than consumers; so all producers stay
	// within limit of all consumers. Both count in steps.
	limit    uint64
	_        [128]byte
	ahead    atomic.Uint64
	_        [128]byte
	consumed atomic.Uint64
	_        [128]byte
}

const (
	step     = 1024
	farAhead = 1 << 16
)

func newTransfer(create queue.New[uint64], capacity, producers, consumers int) *transfer {
	x := &transfer{
		queue: create(capacity), sent: make([]uint64, producers), got: make([][]tally, consumers),
		limit: uint64(farAhead + step*(producers+consumers)),
	}
	for i := range x.got {
		x.got[i] = make([]tally, producers)
	}
	return x
}

// put puts in value number of a producer, and waits until there is room.
func (x *transfer) put(producer int, number uint64) {
	for !x.queue.Enqueue(valueOf(producer, number)) {
		runtime.Gosched()
	}
	if number%step == 0 {
		x.ahead.Add(step)
		for x.ahead.Load() > x.consumed.Load()+x.limit {
			runtime.Gosched()
		}
	}
}

// take takes a value out, and waits until there is one; ok is false when there will be none any more. An end that comes before
// anybody has put one in is no end.
func (x *transfer) take() (v uint64, ok bool) {
	for {
		if v, ok = x.queue.Dequeue(); ok {
			return v, v != end || !x.over.Load()
		}
		if x.over.Load() { // what was put in between is there now
			return x.queue.Dequeue()
		}
		runtime.Gosched()
	}
}

// close says that all producers have returned. Consumers that wait at the queue cannot see it, and get a value each. Nobody waits for
// close, because the room for them may never come: it is the consumers that the watchdog looks after.
func (x *transfer) close() {
	x.over.Store(true)
	if _, waits := x.queue.(queue.Waiting[uint64]); !waits {
		return
	}
	go func() {
		for range x.got {
			x.queue.Enqueue(end)
		}
	}()
}

// note counts a value that a consumer got.
func (x *transfer) note(w *harness.Worker, v uint64) {
	got, producer := x.got[w.ID], v>>numberBits-1
	if producer >= uint64(len(got)) {
		w.Fail(fmt.Errorf("the value %#x came out, which nobody put in", v))
	} else if err := got[producer].add(v % (1 << numberBits)); err != nil {
		w.Fail(err)
	}
}

// consume is the body of a consumer.
func (x *transfer) consume(w *harness.Worker, think int) {
	for count := uint64(1); w.Next(); count++ {
		v, ok := x.take()
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
func (x *transfer) check() error {
	if _, waits := x.queue.(queue.Waiting[uint64]); !waits {
		if v, ok := x.queue.Dequeue(); ok {
			return fmt.Errorf("the queue still holds %#x when its consumers found it empty", v)
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

// move is the body of all loads that put in and take out at once.
func move(t *harness.Trial, create queue.New[uint64], producers, consumers int) error {
	think, capacity := t.Spins(load.Think.Of(t)), capacity.Of(t)
	return t.Window(func(w *harness.Window) error {
		x := newTransfer(create, capacity, producers, consumers)
		w.Go("consumer", consumers, func(w *harness.Worker) { x.consume(w, think) }, harness.After("producer"))
		w.Go("producer", producers, func(w *harness.Worker) {
			number := uint64(0)
			for w.Next() {
				number++
				x.put(w.ID, number)
				w.Think(think)
			}
			x.sent[w.ID] = number
		}, harness.Then(x.close))
		w.Check(x.check)
		return nil
	})
}
