package queue_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/lockfree/queue"
)

type ofWords = impls.Impl[queue.New[uint64]]

func TestTables(t *testing.T) {
	implstest.Tables(t, queue.OfWords(), queue.BrokenOfWords(), "broken.go")
	implstest.Tables(t, queue.All[*int](), queue.BrokenOfPointers[int](), "broken.go")
	implstest.Tables(t, queue.All[any](), queue.BrokenOfValues(), "broken.go")
}

func TestPromisesAgree(t *testing.T) {
	for _, i := range append(queue.OfWords(), queue.BrokenOfWords()...) {
		_, waiting := i.New(8).(queue.Waiting[uint64])
		if waiting != i.Has(queue.Waits) {
			t.Errorf("%s: got Waiting %t, want %t as promised", i.Name, waiting, i.Has(queue.Waits))
		}
		if i.Role != impls.Noop && i.Has(impls.Bounded) == i.Has(impls.Unbounded) {
			t.Errorf("%s: got promises %v, want either bounded or unbounded", i.Name, i.Promises)
		}
	}
}

func TestOrder(t *testing.T) {
	implstest.Each(t, queue.OfWords(), func(t *testing.T, i ofWords) {
		q := i.New(4)
		in, out := uint64(0), uint64(0)
		for range 5000 { // several times round the ring, and past the end of a segment
			for range 3 {
				if !q.Enqueue(in) {
					t.Fatalf("got Enqueue(%d) = false, want true: there is room", in)
				}
				in++
			}
			for range 3 {
				if v, ok := q.Dequeue(); !ok || v != out {
					t.Fatalf("got Dequeue() = %d, %t, want %d, true", v, ok, out)
				}
				out++
			}
		}
	})
}

func TestEmpty(t *testing.T) {
	implstest.Each(t, queue.OfWords(), func(t *testing.T, i ofWords) {
		if i.Has(queue.Waits) {
			t.Skip("it waits")
		}
		q := i.New(4)
		for range 2 {
			if v, ok := q.Dequeue(); ok {
				t.Errorf("got Dequeue() = %d, true, want false: it is empty", v)
			}
			q.Enqueue(7)
			if v, ok := q.Dequeue(); !ok || v != 7 {
				t.Errorf("got Dequeue() = %d, %t, want 7, true", v, ok)
			}
		}
	})
}

func TestFull(t *testing.T) {
	implstest.Each(t, queue.OfWords(), func(t *testing.T, i ofWords) {
		if i.Has(queue.Waits) {
			t.Skip("it waits")
		}
		q := i.New(4)
		for n := range uint64(4) {
			if !q.Enqueue(n) {
				t.Errorf("got Enqueue = false at value %d, want room for 4", n+1)
			}
		}
		if q.Enqueue(4) {
			t.Error("got Enqueue = true at value 5, want room for 4")
		}
		q.Dequeue()
		if first, second := q.Enqueue(5), q.Enqueue(6); !first || second {
			t.Errorf("got Enqueue = %t, %t after a Dequeue, want true, false", first, second)
		}
	}, impls.Bounded)
}

// A producer that never waits can pass all its values to a consumer that runs at the same
// time.
func TestHandOver(t *testing.T) {
	implstest.Each(t, queue.OfWords(), func(t *testing.T, i ofWords) {
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
					t.Fatalf("got Dequeue() = %d, want %d", v, n)
				}
				n++
			}
		}
		group.Wait()
	})
}

// A queue with room for one value does not overwrite it with a second.
func TestMinCapacity(t *testing.T) {
	implstest.Each(t, queue.OfWords(), func(t *testing.T, i ofWords) {
		q := i.New(1)
		for n := range uint64(10) {
			q.Enqueue(n)
			if v, ok := q.Dequeue(); !ok || v != n {
				t.Fatalf("got Dequeue() = %d, %t, want %d, true", v, ok, n)
			}
		}
	})
}

// A nil interface is a value.
func TestNil(t *testing.T) {
	implstest.Each(t, queue.All[any](), func(t *testing.T, i impls.Impl[queue.New[any]]) {
		q := i.New(4)
		for _, want := range []any{nil, 1, nil} {
			if !q.Enqueue(want) {
				t.Fatalf("got Enqueue(%v) = false, want true: there is room", want)
			}
		}
		for _, want := range []any{nil, 1, nil} {
			if v, ok := q.Dequeue(); !ok || v != want {
				t.Errorf("got Dequeue() = %v, %t, want %v, true", v, ok, want)
			}
		}
	})
}
