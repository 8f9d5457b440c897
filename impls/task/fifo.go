package task

// A fifo is a queue of tasks in a slice that grows. Its owner guards it.
type fifo struct {
	tasks []func() // a ring; its length is a power of two
	head  int
	n     int
}

func (q *fifo) push(task func()) {
	if q.n == len(q.tasks) {
		q.grow()
	}
	q.tasks[(q.head+q.n)&(len(q.tasks)-1)] = task
	q.n++
}

func (q *fifo) grow() {
	larger := make([]func(), max(2*len(q.tasks), 8))
	n := copy(larger, q.tasks[q.head:])
	copy(larger[n:], q.tasks[:q.head])
	q.tasks, q.head = larger, 0
}

// pop removes the oldest task. It returns nil if there is none.
func (q *fifo) pop() func() {
	if q.n == 0 {
		return nil
	}
	task := q.tasks[q.head]
	q.tasks[q.head] = nil
	q.head = (q.head + 1) & (len(q.tasks) - 1)
	q.n--
	return task
}
