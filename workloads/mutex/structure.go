package mutex

import (
	"container/heap"
	"container/list"
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

var (
	structure = harness.Param[string]{
		Key: "structure", About: "what the lock guards: lru or heap", Default: "lru",
		Valid: func(s string) bool { return s == "lru" || s == "heap" },
	}
	capacity = harness.Param[int]{Key: "capacity", About: "items in the structure, 1 to 1000000", Default: 1024, Valid: harness.Between(1, 1_000_000)}
)

// guardedStructure is a real data structure that is not safe by itself.
type guardedStructure interface {
	use(key int32)
	check() error
}

// around puts a lock around each operation of a structure: the section is as long as the operation.
func around(t *harness.Trial, newLock locks.New) error {
	n, size, theta := load.Goroutines.Of(t), capacity.Of(t), load.Theta.Of(t)
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n)
		var s guardedStructure = newLRU(size)
		if structure.Of(t) == "heap" {
			s = newQueue(size)
		}
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			keys := load.Choices(w.Rand(), 4*size, theta, picks)
			for w.Next() {
				lock.Lock()
				w.Mark()
				s.use(keys[mine.turns%picks])
				shared.visit(w, mine, 0, 0)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error { return errors.Join(settled(w, lock, shared, tallies), s.check()) })
		return nil
	})
}

// lru is a cache of the most recently used keys. It is full from the start, so that it never allocates.
type lru struct {
	order *list.List // of int32, most recent first
	where map[int32]*list.Element
}

func newLRU(size int) *lru {
	l := &lru{list.New(), make(map[int32]*list.Element, size)}
	for k := range int32(size) {
		l.where[k] = l.order.PushBack(k)
	}
	return l
}

func (l *lru) use(key int32) {
	e, ok := l.where[key]
	if !ok {
		e = l.order.Back()
		delete(l.where, e.Value.(int32))
		e.Value = key
		l.where[key] = e
	}
	l.order.MoveToFront(e)
}

func (l *lru) check() error {
	if l.order.Len() != len(l.where) {
		return fmt.Errorf("the LRU's list holds %d keys and its map %d", l.order.Len(), len(l.where))
	}
	for e := l.order.Front(); e != nil; e = e.Next() {
		if key := e.Value.(int32); l.where[key] != e {
			return fmt.Errorf("the LRU's map does not know where key %d is", key)
		}
	}
	return nil
}

// queue is a priority queue of fixed length: a turn takes the least item and puts it back later.
type queue []int64

func newQueue(size int) *queue {
	q := make(queue, size)
	for i := range q {
		q[i] = int64(i)
	}
	return &q
}

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i] < q[j] }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(any)          { panic("the queue has a fixed length") }
func (q *queue) Pop() any          { panic("the queue has a fixed length") }

func (q *queue) use(later int32) {
	(*q)[0] += int64(later) + 1
	heap.Fix(q, 0)
}

func (q *queue) check() error {
	for i := 1; i < q.Len(); i++ {
		if q.Less(i, (i-1)/2) {
			return fmt.Errorf("the heap is out of order at item %d of %d", i, q.Len())
		}
	}
	return nil
}
