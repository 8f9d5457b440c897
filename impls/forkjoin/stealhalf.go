package forkjoin

// StealHalf is MutexDeque whose thieves take half of what they find, for themselves.
//
// Source: Hendler and Shavit, Non-Blocking Steal-Half Work Queues, PODC 2002. Theirs
// publishes the half that may be stolen by a single swap; here a lock moves it.
// Progress: blocking, for as long as half of a deque takes to copy.
// Space: as MutexDeque, and what a thief carries.
// Ordering: every access to a deque is under its lock.
// Wins where a worker has forked many tasks at once and others would come back for each.
// Loses on trees, where the oldest task is worth more than all others together.
// Make one with NewStealHalf. It must not be copied.
type StealHalf struct{ helping }

// NewStealHalf starts a pool.
func NewStealHalf(workers int) *Scheduler { return newScheduler(workers, StealHalf{}) }

func (StealHalf) queue() queue { return new(halfDeque) }

// halfDeque is a mutexDeque that gives half of its tasks away.
type halfDeque struct{ mutexDeque }

// steal holds one lock at a time, so that two thieves cannot wait for each other.
func (d *halfDeque) steal(thief queue) *node {
	if d.empty() {
		return nil
	}
	var carrier [64]*node // more are carried on the heap
	first, others := d.half(carrier[:0])
	for _, n := range others {
		thief.push(n)
	}
	return first
}

// half takes the older half of the tasks: the oldest, and the others behind those that
// are carried.
func (d *halfDeque) half(carried []*node) (first *node, others []*node) {
	d.mu.Lock()
	defer d.mu.Unlock()
	size := len(d.tasks) - d.head
	first = d.oldest()
	for range (size+1)/2 - 1 {
		carried = append(carried, d.oldest())
	}
	return first, carried
}
