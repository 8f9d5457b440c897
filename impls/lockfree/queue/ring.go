package queue

// ring is a queue in an array, for one goroutine at a time. Queues with one lock share
// it.
type ring[T any] struct {
	slots      []T
	head, tail int // slots of the oldest value and of the next one
	count      int
}

func newRing[T any](capacity int) ring[T] { return ring[T]{slots: make([]T, capacity)} }

func (r *ring[T]) put(v T) bool {
	if r.count == len(r.slots) {
		return false
	}
	r.slots[r.tail] = v
	r.tail = r.after(r.tail)
	r.count++
	return true
}

func (r *ring[T]) take() (v T, ok bool) {
	var none T
	if r.count == 0 {
		return none, false
	}
	v = r.slots[r.head]
	r.slots[r.head] = none // otherwise what v points to would stay reachable
	r.head = r.after(r.head)
	r.count--
	return v, true
}

func (r *ring[T]) after(i int) int {
	if i++; i < len(r.slots) {
		return i
	}
	return 0
}
