package queue

import (
	workiva "github.com/Workiva/go-datastructures/queue"
	"github.com/bytedance/gopkg/collection/lscq"
	gnet "github.com/panjf2000/gnet/v2/pkg/queue"
	"github.com/puzpuzpuz/xsync/v4"
)

// XsyncMPMC is the bounded queue of the module xsync: Vyukov's, in the form of Rigtorp's, where a slot has a line of its own and
// counts turns. A call that meets another one at its end gives up, which looks as if the queue were full or empty.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, MPMCQueue.
// Progress: as Vyukov, but for the retry. It is not linearizable, for both reasons. Space: a line for each slot. Ordering: as Vyukov.
// Wins: short rings, and callers that have something else to do. Loses: long rings, 72 bytes for a word.
//
// NewXsyncMPMC makes it, its capacity a power of two.
type XsyncMPMC[T any] struct{ *xsync.MPMCQueue[T] }

// NewXsyncMPMC makes a queue.
func NewXsyncMPMC[T any](capacity int) XsyncMPMC[T] {
	return XsyncMPMC[T]{xsync.NewMPMCQueue[T](capacity)}
}

// Enqueue puts v in.
func (q XsyncMPMC[T]) Enqueue(v T) bool { return q.TryEnqueue(v) }

// Dequeue takes a value out.
func (q XsyncMPMC[T]) Dequeue() (v T, ok bool) { return q.TryDequeue() }

// XsyncSPSC is the ring of the module xsync for one at each end.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, SPSCQueue.
// Progress, Ordering: as SPSC. Space: capacity values.
// Wins, loses: as SPSC; it takes any capacity.
//
// NewXsyncSPSC makes it.
type XsyncSPSC[T any] struct{ *xsync.SPSCQueue[T] }

// NewXsyncSPSC makes a queue.
func NewXsyncSPSC[T any](capacity int) XsyncSPSC[T] {
	return XsyncSPSC[T]{xsync.NewSPSCQueue[T](capacity)}
}

// Enqueue puts v in.
func (q XsyncSPSC[T]) Enqueue(v T) bool { return q.TryEnqueue(v) }

// Dequeue takes a value out.
func (q XsyncSPSC[T]) Dequeue() (v T, ok bool) { return q.TryDequeue() }

// XsyncUMPSC is the unbounded queue of the module xsync for one consumer, who sleeps at an empty one: a position in a segment is
// drawn by fetch-and-add, and a sync.WaitGroup in each slot says when its value is there.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, UMPSCQueue.
// Progress: producers wait-free but for a new segment. Space: segments of 4096 slots, used again; they keep what was taken out.
// Ordering: that of the WaitGroup.
// Wins: no garbage. Loses: it is unbounded and has no way to ask whether it is empty.
//
// NewXsyncUMPSC makes it.
type XsyncUMPSC[T any] struct{ values *xsync.UMPSCQueue[T] }

// NewXsyncUMPSC makes a queue.
func NewXsyncUMPSC[T any]() XsyncUMPSC[T] { return XsyncUMPSC[T]{xsync.NewUMPSCQueue[T]()} }

// Enqueue puts v in.
func (q XsyncUMPSC[T]) Enqueue(v T) bool {
	q.values.Enqueue(v)
	return true
}

// Dequeue takes a value out, and waits for one.
func (q XsyncUMPSC[T]) Dequeue() (v T, ok bool) { return q.values.Dequeue(), true }

// Waits marks it as Waiting.
func (q XsyncUMPSC[T]) Waits() {}

// Workiva is the ring of the module go-datastructures: Vyukov's over values of type any, at which callers spin and yield.
//
// Source: github.com/Workiva/go-datastructures v1.1.7, queue.RingBuffer, by Put and Get. Offer does not wait, and gives up where it meets
// another call; Poll reads the clock.
// Progress: as Vyukov. Space: 24 bytes for each slot, and a box for each value that is no pointer. Ordering: as Vyukov.
// Wins: nothing over Vyukov but Dispose, which ends all waiting. Loses: an allocation for each value.
//
// NewWorkiva makes it, its capacity a power of two, at least 2: a ring of 1 takes a second value over the first, and gives out neither.
type Workiva[T any] struct{ values *workiva.RingBuffer }

// NewWorkiva makes a queue.
func NewWorkiva[T any](capacity int) Workiva[T] {
	return Workiva[T]{workiva.NewRingBuffer(uint64(max(capacity, 2)))}
}

// Enqueue puts v in, and waits for room.
func (q Workiva[T]) Enqueue(v T) bool { return q.values.Put(v) == nil }

// Dequeue takes a value out, and waits for one.
func (q Workiva[T]) Dequeue() (v T, ok bool) {
	got, err := q.values.Get()
	if err != nil {
		return v, false
	}
	return got.(T), true
}

// Waits marks it as Waiting.
func (q Workiva[T]) Waits() {}

// Gnet is the queue of tasks of the module gnet, which its event loops take from: MichaelScott's, and a count.
//
// Source: github.com/panjf2000/gnet/v2 v2.9.7, pkg/queue; tasks come from its pool, and go back, as gnet does it.
// Progress: lock-free. Space: a node, a task and a box for each value. Ordering: as MichaelScott.
// Wins: nothing over MichaelScott but Length. Loses: both ends change the count.
//
// NewGnet makes it.
type Gnet[T any] struct{ tasks gnet.AsyncTaskQueue }

// NewGnet makes a queue.
func NewGnet[T any]() Gnet[T] { return Gnet[T]{gnet.NewLockFreeQueue()} }

// Enqueue puts v in.
func (q Gnet[T]) Enqueue(v T) bool {
	task := gnet.GetTask()
	task.Param = v
	q.tasks.Enqueue(task)
	return true
}

// Dequeue takes a value out.
func (q Gnet[T]) Dequeue() (v T, ok bool) {
	task := q.tasks.Dequeue()
	if task == nil {
		return v, false
	}
	v = task.Param.(T)
	gnet.PutTask(task)
	return v, true
}

// LSCQ is a list of rings, in which fetch-and-add draws a position and a swap of two words at once settles its slot.
//
// Source: github.com/bytedance/gopkg v0.1.4, collection/lscq, Uint64Queue (PointerQueue needs unsafe); Nikolaev, A Scalable, Portable,
// and Memory-Efficient Lock-Free FIFO Queue, DISC 2019.
// Progress: blocking where a ring is full and the next one is made, else lock-free. Space: rings of 65536 slots, a megabyte.
// Ordering: sequentially consistent.
// Wins: unbounded, with little garbage, at many on both ends. Loses: short lives, which pay for the first ring.
//
// NewLSCQ makes it.
type LSCQ struct{ *lscq.Uint64Queue }

// NewLSCQ makes a queue.
func NewLSCQ() LSCQ { return LSCQ{lscq.NewUint64()} }
