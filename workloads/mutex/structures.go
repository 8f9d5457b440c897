package mutex

import (
	"container/heap"
	"container/list"
	"fmt"
)

// lru is a cache of the most recently used keys. It is full from the start, so that it
// never allocates.
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

// queue is a priority queue of fixed length: a turn takes the least item and puts it back
// later.
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
