package mutex

// Channel is a lock made of a channel with a buffer of one: to send is to lock.
//
// Source: Effective Go, section Concurrency, a channel as a semaphore.
// Progress: FIFO among the goroutines that sleep in the channel's queue; one that arrives
// while the lock is free takes it first.
// Space: a channel, 96 bytes; a waiter needs only its place in the runtime's queue.
// Ordering: the k-th receive synchronizes before the completion of the k+1-th send,
// because the capacity is one.
// Wins where a waiter must be able to give up, in a select. Loses to sync.Mutex in time,
// because each call takes the channel's own lock.
// Make one with NewChannel. It may be copied: copies are the same lock.
type Channel struct{ held chan struct{} }

// NewChannel returns an unlocked lock.
func NewChannel() *Channel { return &Channel{make(chan struct{}, 1)} }

// Lock waits until the channel has room.
func (l *Channel) Lock() { l.held <- struct{}{} }

// TryLock takes the lock if it is free.
func (l *Channel) TryLock() bool {
	select {
	case l.held <- struct{}{}:
		return true
	default:
		return false
	}
}

// Unlock frees the lock. It panics if the lock is not held.
func (l *Channel) Unlock() {
	select {
	case <-l.held:
	default:
		panic("mutex: unlock of an unlocked Channel")
	}
}
