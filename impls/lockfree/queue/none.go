package queue

// None is a ring without any care: what the loop and the interface call cost.
type None[T any] struct {
	slots      []T
	head, tail int
}

// NewNone makes a queue.
func NewNone[T any](capacity int) *None[T] {
	return &None[T]{slots: make([]T, powerOfTwo(capacity))}
}

// Enqueue puts v in.
func (q *None[T]) Enqueue(v T) bool {
	if q.tail-q.head >= len(q.slots) {
		return false
	}
	q.slots[q.tail&(len(q.slots)-1)] = v
	q.tail++
	return true
}

// Dequeue takes a value out.
func (q *None[T]) Dequeue() (v T, ok bool) {
	if q.tail-q.head <= 0 {
		return v, false
	}
	v = q.slots[q.head&(len(q.slots)-1)]
	q.head++
	return v, true
}
