package queue

import (
	workiva "github.com/Workiva/go-datastructures/queue"
	"github.com/bytedance/gopkg/collection/lscq"
	gnet "github.com/panjf2000/gnet/v2/pkg/queue"
	"github.com/puzpuzpuz/xsync/v4"
)

// XsyncMPMC is the bounded queue of the module xsync. It is Vyukov's in Rigtorp's form,
// where each slot has a cache line of its own and counts turns. A call that meets another
// one at its end gives up, so the queue looks full or empty.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, MPMCQueue.
// Progress: as Vyukov, but a call does not retry. So there are two reasons why it is not
// linearizable.
// Space: a line for each slot.
// Ordering: as Vyukov.
// Wins: with short rings, and with callers that have something else to do.
// Loses: with long rings, because each word takes 72 bytes.
//
// Create it with NewXsyncMPMC. Its capacity is rounded up to a power of two. Copies are
// the same queue.
type XsyncMPMC[T any] struct{ *xsync.MPMCQueue[T] }

// NewXsyncMPMC makes a queue.
func NewXsyncMPMC[T any](capacity int) XsyncMPMC[T] {
	return XsyncMPMC[T]{xsync.NewMPMCQueue[T](capacity)}
}

// Enqueue adds v.
func (q XsyncMPMC[T]) Enqueue(v T) bool { return q.TryEnqueue(v) }

// Dequeue removes the oldest value.
func (q XsyncMPMC[T]) Dequeue() (v T, ok bool) { return q.TryDequeue() }

// XsyncSPSC is the ring of the module xsync for one producer and one consumer.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, SPSCQueue.
// Progress, Ordering: as SPSC.
// Space: capacity values, exactly.
// Wins, loses: as SPSC.
//
// Create it with NewXsyncSPSC. Copies are the same queue.
type XsyncSPSC[T any] struct{ *xsync.SPSCQueue[T] }

// NewXsyncSPSC makes a queue.
func NewXsyncSPSC[T any](capacity int) XsyncSPSC[T] {
	return XsyncSPSC[T]{xsync.NewSPSCQueue[T](capacity)}
}

// Enqueue adds v.
func (q XsyncSPSC[T]) Enqueue(v T) bool { return q.TryEnqueue(v) }

// Dequeue removes the oldest value.
func (q XsyncSPSC[T]) Dequeue() (v T, ok bool) { return q.TryDequeue() }

// XsyncUMPSC is the unbounded queue of the module xsync for one consumer, which sleeps
// while it is empty. A producer draws a position in a segment by fetch-and-add. A
// sync.WaitGroup in each slot says when its value is there.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, UMPSCQueue.
// Progress: producers are wait-free except at a new segment.
// Space: segments of 4096 slots, which are reused. They keep values that were dequeued
// reachable.
// Ordering: that of the WaitGroup.
// Wins: unbounded without garbage.
// Loses: it cannot say whether it is empty.
//
// Create it with NewXsyncUMPSC. Copies are the same queue.
type XsyncUMPSC[T any] struct{ values *xsync.UMPSCQueue[T] }

// NewXsyncUMPSC makes a queue.
func NewXsyncUMPSC[T any]() XsyncUMPSC[T] { return XsyncUMPSC[T]{xsync.NewUMPSCQueue[T]()} }

// Enqueue adds v.
func (q XsyncUMPSC[T]) Enqueue(v T) bool {
	q.values.Enqueue(v)
	return true
}

// Dequeue removes the oldest value, and waits for one.
func (q XsyncUMPSC[T]) Dequeue() (v T, ok bool) { return q.values.Dequeue(), true }

// Waits marks it as Waiting.
func (q XsyncUMPSC[T]) Waits() {}

// Workiva is the ring of the module go-datastructures. It is Vyukov's over values of type
// any. Its callers spin and yield.
//
// Source: github.com/Workiva/go-datastructures v1.1.7, queue.RingBuffer, by Put and Get.
// Its Offer does not wait, but it gives up when it meets another call. Its Poll reads the
// clock.
// Progress: as Vyukov.
// Space: 24 bytes for each slot, and a box for each value that is not a pointer.
// Ordering: as Vyukov.
// Wins: nowhere over Vyukov. It has Dispose, which ends all waits.
// Loses: an allocation for each value.
//
// Create it with NewWorkiva. Its capacity is rounded up to a power of two, at least 2: a
// ring of 1 overwrites its first value with the second and returns neither. Copies are
// the same queue.
type Workiva[T any] struct{ values *workiva.RingBuffer }

// NewWorkiva makes a queue.
func NewWorkiva[T any](capacity int) Workiva[T] {
	return Workiva[T]{workiva.NewRingBuffer(uint64(max(capacity, 2)))}
}

// Enqueue adds v, and waits for room.
func (q Workiva[T]) Enqueue(v T) bool { return q.values.Put(v) == nil }

// Dequeue removes the oldest value, and waits for one.
func (q Workiva[T]) Dequeue() (v T, ok bool) {
	got, err := q.values.Get()
	if err != nil {
		return v, false
	}
	v, _ = got.(T) // a nil interface has no type
	return v, true
}

// Waits marks it as Waiting.
func (q Workiva[T]) Waits() {}

// Gnet is the task queue of the module gnet, from which its event loops take. It is
// MichaelScott's with a count.
//
// Source: github.com/panjf2000/gnet/v2 v2.9.7, pkg/queue. Tasks come from gnet's pool and
// return to it, as in gnet itself.
// Progress: lock-free.
// Space: a node, a task and a box for each value.
// Ordering: as MichaelScott.
// Wins: nowhere over MichaelScott. It has Length.
// Loses: both ends change the count.
//
// Create it with NewGnet. Copies are the same queue.
type Gnet[T any] struct{ tasks gnet.AsyncTaskQueue }

// NewGnet makes a queue.
func NewGnet[T any]() Gnet[T] { return Gnet[T]{gnet.NewLockFreeQueue()} }

// Enqueue adds v.
func (q Gnet[T]) Enqueue(v T) bool {
	task := gnet.GetTask()
	task.Param = v
	q.tasks.Enqueue(task)
	return true
}

// Dequeue removes the oldest value.
func (q Gnet[T]) Dequeue() (v T, ok bool) {
	task := q.tasks.Dequeue()
	if task == nil {
		return v, false
	}
	v, _ = task.Param.(T) // a nil interface has no type
	gnet.PutTask(task)
	return v, true
}

// LSCQ is a list of rings. A call draws a position by fetch-and-add, and a
// compare-and-swap of two words settles its slot.
//
// Source: github.com/bytedance/gopkg v0.1.4, collection/lscq, Uint64Queue (PointerQueue
// needs unsafe); Nikolaev, A Scalable, Portable, and Memory-Efficient Lock-Free FIFO
// Queue, DISC 2019.
// Progress: lock-free, except that callers block at a full ring until the next one is
// made.
// Space: rings of 65536 slots, a megabyte each.
// Ordering: sequentially consistent.
// Wins: unbounded with many goroutines at both ends, with little garbage.
// Loses: where a queue lives only briefly, because it must make its first ring.
//
// Create it with NewLSCQ. Copies are the same queue.
type LSCQ struct {
	values *lscq.Uint64Queue
	order  *seen
}

// NewLSCQ makes a queue.
func NewLSCQ() LSCQ { return LSCQ{lscq.NewUint64(), new(seen)} }

// Enqueue adds v.
func (q LSCQ) Enqueue(v uint64) bool {
	q.order.release()
	return q.values.Enqueue(v)
}

// Dequeue removes the oldest value.
func (q LSCQ) Dequeue() (v uint64, ok bool) {
	v, ok = q.values.Dequeue()
	q.order.acquire()
	return v, ok
}
