package actor

// queue is a ring of messages that grows.
type queue struct {
	slots []envelope // a power of two of them, or none
	head  int        // of the oldest message
	n     int
}

const (
	firstSlots = 8
	keptSlots  = 1024 // an empty queue gives more slots back
)

func (q *queue) at(i int) *envelope { return &q.slots[(q.head+i)&(len(q.slots)-1)] }

// push adds a message.
func (q *queue) push(e envelope) {
	if q.n == len(q.slots) {
		q.grow()
	}
	*q.at(q.n) = e
	q.n++
}

// grow doubles the slots.
func (q *queue) grow() {
	slots := make([]envelope, max(2*len(q.slots), firstSlots))
	kept := copy(slots, q.slots[q.head:])
	copy(slots[kept:], q.slots[:q.head])
	q.slots, q.head = slots, 0
}

// pop removes the oldest message.
func (q *queue) pop() (e envelope, ok bool) {
	if q.n == 0 {
		return e, false
	}
	oldest := q.at(0)
	e, *oldest = *oldest, e
	q.head = (q.head + 1) & (len(q.slots) - 1)
	q.n--
	if q.n == 0 && len(q.slots) > keptSlots {
		q.slots, q.head = nil, 0
	}
	return e, true
}
