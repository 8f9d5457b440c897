package queue

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/impls/cpu"
)

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// They are not for use.

// kept is Mutex that leaves in the slot what it took out.
type kept[T any] struct{ Mutex[T] }

func (q *kept[T]) Dequeue() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	at := q.values.head
	if v, ok = q.values.take(); ok {
		q.values.slots[at] = v // bug: Mutex clears it
	}
	return v, ok
}

// lateRead is TwoLock that reads the value after the unlock, when the node may be in use
// again.
type lateRead[T any] struct{ TwoLock[T] }

func (q *lateRead[T]) Dequeue() (v T, ok bool) {
	q.headLock.Lock()
	old := q.head
	first := old.next.Load()
	if first == nil {
		q.headLock.Unlock()
		return v, false
	}
	q.head = first
	q.headLock.Unlock()
	q.nodes.Put(old)
	return first.take(), true // bug: TwoLock does this under the lock
}

// unhelped is MichaelScott that takes a tail that lags for the last node, and loses the
// nodes after it.
type unhelped[T any] struct{ MichaelScott[T] }

func (q *unhelped[T]) Enqueue(v T) bool {
	n := &node[T]{value: v}
	for {
		tail := q.tail.Load()
		next := tail.next.Load()
		if tail.next.CompareAndSwap(next, n) { // bug: MichaelScott retries unless next is nil
			q.tail.CompareAndSwap(tail, n)
			return true
		}
	}
}

// early is Vyukov that publishes a slot before its value is there.
type early[T any] struct{ Vyukov[T] }

func (q *early[T]) Enqueue(v T) bool {
	for {
		at := q.tail.Load()
		s := q.slot(at)
		late := int64(s.turn.Load() - at)
		switch {
		case late < 0:
			return false
		case late == 0 && q.tail.CompareAndSwap(at, at+1):
			s.turn.Store(at + 1) // bug: Vyukov does this last
			s.value = v
			return true
		}
		runtime.Gosched()
	}
}

// overfull is SPSC that accepts one value more than it has room for.
type overfull[T any] struct{ SPSC[T] }

func (q *overfull[T]) Enqueue(v T) bool {
	tail := q.tail.Load()
	if tail-q.headSeen > uint64(len(q.slots)) { // bug: SPSC is full when they are equal
		q.headSeen = q.head.Load()
		if tail-q.headSeen > uint64(len(q.slots)) { // bug: as above
			return false
		}
	}
	*q.slot(tail) = v
	q.tail.Store(tail + 1)
	return true
}

// abandoned is Segmented with a producer that does not check whether the consumer of its
// position came first.
type abandoned[T any] struct{ Segmented[T] }

func (q *abandoned[T]) Enqueue(v T) bool {
	s, i := q.place()
	slot := &s.slots[i]
	slot.value = v
	slot.state.Store(full) // bug: Segmented swaps, and draws another position when that fails
	return true
}

// doneFirst is FlatCombining that marks a request as served, and then serves it.
type doneFirst[T any] struct{ FlatCombining[T] }

func (q *doneFirst[T]) Enqueue(v T) bool {
	_, ok := q.call(true, v, (*ring[T]).serveDone)
	return ok
}

func (q *doneFirst[T]) Dequeue() (v T, ok bool) { return q.call(false, v, (*ring[T]).serveDone) }

func (q *ring[T]) serveDone(r *request[T]) {
	r.done.Store(true) // bug: serve does this last
	if r.put {
		r.ok = q.put(r.v)
	} else {
		r.v, r.ok = q.take()
	}
}

// wokenOnce is Parked with a consumer that expects a value after its wake-up. Another
// consumer may have taken it.
type wokenOnce[T any] struct{ Parked[T] }

func (q *wokenOnce[T]) Dequeue() (v T, ok bool) {
	if v, ok = q.values.Dequeue(); !ok {
		q.filled.awaitOnce(func() bool { v, ok = q.values.Dequeue(); return ok })
		q.filled.signal()
	}
	q.freed.signal()
	return v, true
}

func (e *event) awaitOnce(try func() bool) {
	if e.look(try) {
		return
	}
	<-e.wake
	try() // bug: await starts again
}

// untagged is Indexed with constant tags, so that a reused node looks unchanged.
type untagged struct{ Indexed }

func newUntagged(capacity int) *untagged {
	q := &untagged{}
	q.init(capacity, 0) // bug: tags of Indexed grow by 1
	return q
}

// wraps is Mutex with positions of 16 bits. Where the capacity is no power of two, the
// ring jumps when they wrap around, and overwrites a value.
type wraps[T any] struct {
	Mutex[T]
	in, out uint16 // …
}

func (q *wraps[T]) Enqueue(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.values.tail = int(q.in) % len(q.values.slots) // bug: Mutex wraps positions where the ring ends …
	ok := q.values.put(v)
	if ok {
		q.in++ // …
	}
	return ok
}

func (q *wraps[T]) Dequeue() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.values.head = int(q.out) % len(q.values.slots) // … at both ends
	if v, ok = q.values.take(); ok {
		q.out++ // …
	}
	return v, ok
}

// counts16 is TwoLock that counts its values in 16 bits, and takes a negative count for a
// full queue.
type counts16[T any] struct {
	TwoLock[T]
	held atomic.Int32 // …
}

func (q *counts16[T]) Enqueue(v T) bool {
	if int16(q.held.Add(1)) < 0 { // bug: TwoLock has no bound
		q.held.Add(-1) // …
		return false   // …
	}
	return q.TwoLock.Enqueue(v)
}

func (q *counts16[T]) Dequeue() (v T, ok bool) {
	if v, ok = q.TwoLock.Dequeue(); ok {
		q.held.Add(-1) // …
	}
	return v, ok
}

// polls is Parked whose callers look again every 2 ms, and are not woken.
type polls[T any] struct{ Parked[T] }

const pollEvery = 2 * time.Millisecond

func (q *polls[T]) Enqueue(v T) bool {
	for !q.values.Enqueue(v) {
		time.Sleep(pollEvery) // bug: Parked sleeps until a consumer wakes it …
	}
	return true // … and wakes a consumer here
}

func (q *polls[T]) Dequeue() (v T, ok bool) {
	for v, ok = q.values.Dequeue(); !ok; v, ok = q.values.Dequeue() {
		time.Sleep(pollEvery) // …
	}
	return v, true // …
}

// givesUp is Parked whose consumer waits for 5 ms at most.
type givesUp[T any] struct{ Parked[T] }

func (q *givesUp[T]) Dequeue() (v T, ok bool) {
	start := time.Now() // …
	for v, ok = q.values.Dequeue(); !ok; v, ok = q.values.Dequeue() {
		if time.Since(start) > 5*time.Millisecond { // bug: Parked waits for a value
			return v, false // …
		}
		runtime.Gosched()
	}
	q.freed.signal()
	return v, true
}

// zeroIsNone is Spin that takes a zero value for an empty slot.
type zeroIsNone[T any] struct{ Spin[T] }

func (q *zeroIsNone[T]) Dequeue() (v T, ok bool) {
	var none T
	v, ok = q.Spin.Dequeue()
	return v, ok && any(v) != any(none) // bug: Spin counts its values
}

// roundsDown is Vyukov that rounds its capacity down to a power of two.
type roundsDown[T any] struct{ Vyukov[T] }

func newRoundsDown[T any](capacity int) *roundsDown[T] {
	q := &roundsDown[T]{}
	q.init(cpu.PowerOfTwo(capacity+1) / 2) // bug: Vyukov rounds it up
	return q
}

// keepsAbandoned is Segmented whose producer leaves its value in a slot that a consumer
// came to first.
type keepsAbandoned[T any] struct{ Segmented[T] }

func (q *keepsAbandoned[T]) Enqueue(v T) bool {
	for {
		s, i := q.place()
		slot := &s.slots[i]
		slot.value = v
		if slot.state.CompareAndSwap(open, full) { // bug: Segmented clears the slot if this fails
			return true
		}
	}
}

// nilIsNone is MichaelScott that takes a nil interface for the value of its first node.
type nilIsNone[T any] struct{ MichaelScott[T] }

func (q *nilIsNone[T]) Dequeue() (v T, ok bool) {
	v, ok = q.MichaelScott.Dequeue()
	return v, ok && any(v) != nil // bug: MichaelScott returns what the node holds
}
