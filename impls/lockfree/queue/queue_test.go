package queue_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/queue"
)

func TestTables(t *testing.T) {
	if err := impls.Check(append(queue.Words(), queue.BrokenWords()...)); err != nil {
		t.Error(err)
	}
	if err := impls.Check(append(queue.All[*int](), queue.BrokenPointers[int]()...)); err != nil {
		t.Error(err)
	}
	for _, i := range append(queue.Words(), queue.BrokenWords()...) {
		_, waiting := i.New(8).(queue.Waiting[uint64])
		if waiting != i.Has(impls.Waits) {
			t.Errorf("%s waits: %t, and promises: %t", i.Name, waiting, i.Has(impls.Waits))
		}
		if i.Role != impls.Noop && i.Has(impls.Bounded) == i.Has(impls.Unbounded) {
			t.Errorf("%s promises to be bounded and unbounded, or neither", i.Name)
		}
	}
}

// contenders runs a subtest for every queue that competes.
func contenders(t *testing.T, test func(*testing.T, impls.Impl[queue.New[uint64]])) {
	t.Helper()
	for _, i := range queue.Words() {
		if i.Role == impls.Contender {
			t.Run(i.Name, func(t *testing.T) { test(t, i) })
		}
	}
}

func TestOrder(t *testing.T) {
	contenders(t, func(t *testing.T, i impls.Impl[queue.New[uint64]]) {
		q := i.New(4)
		in, out := uint64(0), uint64(0)
		for range 5000 { // round the ring, and over the end of a segment
			for range 3 {
				if !q.Enqueue(in) {
					t.Fatalf("%d was refused with room for it", in)
				}
				in++
			}
			for range 3 {
				if v, ok := q.Dequeue(); !ok || v != out {
					t.Fatalf("%d came out as %d, %t", out, v, ok)
				}
				out++
			}
		}
	})
}

func TestEmpty(t *testing.T) {
	contenders(t, func(t *testing.T, i impls.Impl[queue.New[uint64]]) {
		if i.Has(impls.Waits) {
			t.Skip("it waits")
		}
		q := i.New(4)
		for range 2 {
			if v, ok := q.Dequeue(); ok {
				t.Errorf("%d came out of an empty queue", v)
			}
			q.Enqueue(7)
			if v, ok := q.Dequeue(); !ok || v != 7 {
				t.Errorf("7 came out as %d, %t", v, ok)
			}
		}
	})
}

func TestFull(t *testing.T) {
	contenders(t, func(t *testing.T, i impls.Impl[queue.New[uint64]]) {
		if i.Has(impls.Waits) || !i.Has(impls.Bounded) {
			t.Skip("it refuses nothing")
		}
		q := i.New(4)
		for n := range uint64(4) {
			if !q.Enqueue(n) {
				t.Errorf("value %d of 4 was refused", n+1)
			}
		}
		if q.Enqueue(4) {
			t.Error("a fifth value found room")
		}
		q.Dequeue()
		if !q.Enqueue(5) || q.Enqueue(6) {
			t.Error("the room of one value is not for one value")
		}
	})
}

// A producer that never waits finds its values taken, whoever is at the other end at that moment.
func TestHandOver(t *testing.T) {
	contenders(t, func(t *testing.T, i impls.Impl[queue.New[uint64]]) {
		const values = 20_000
		q := i.New(8)
		var group sync.WaitGroup
		group.Go(func() {
			for n := uint64(0); n < values; {
				if q.Enqueue(n) {
					n++
				}
			}
		})
		for n := uint64(0); n < values; {
			if v, ok := q.Dequeue(); ok {
				if v != n {
					t.Fatalf("%d came out as %d", n, v)
				}
				n++
			}
		}
		group.Wait()
	})
}

// A ring that is one for two must not take a second value over the first.
func TestLeastCapacity(t *testing.T) {
	contenders(t, func(t *testing.T, i impls.Impl[queue.New[uint64]]) {
		q := i.New(1)
		for n := range uint64(10) {
			q.Enqueue(n)
			if v, ok := q.Dequeue(); !ok || v != n {
				t.Fatalf("%d came out as %d, %t", n, v, ok)
			}
		}
	})
}
