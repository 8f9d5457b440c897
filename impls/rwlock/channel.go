package rwlock

// Channel is channels of one: one is full while the lock is taken, another holds the
// number of readers. The first reader takes the lock for all readers, and the last one
// frees it. A third is full while a writer is inside, so that misuse is noticed.
//
// Source: Courtois, Heymans and Parnas 1971, problem 1, with channels of one for the
// semaphores.
// Progress: writers starve while readers overlap.
// Space: three channels of one.
// Ordering: a send on a channel of one synchronizes before the receive, and a receive
// before the completion of the next send.
// Wins nowhere; it shows what sharing memory by communicating costs here.
// Make one with NewChannel. It may be copied: copies are the same lock.
type Channel struct {
	taken   chan struct{} // full: the lock is taken
	readers chan int      // holds the number of readers inside
	writer  chan struct{} // full: a writer is inside
}

// NewChannel returns an unlocked lock.
func NewChannel() *Channel {
	l := &Channel{make(chan struct{}, 1), make(chan int, 1), make(chan struct{}, 1)}
	l.readers <- 0
	return l
}

// Lock takes the lock.
func (l *Channel) Lock() {
	l.taken <- struct{}{}
	l.writer <- struct{}{}
}

// Unlock frees the lock. It panics if no writer is inside.
func (l *Channel) Unlock() {
	select {
	case <-l.writer:
		<-l.taken
	default:
		panic("rwlock: Unlock of a Channel without a writer")
	}
}

// RLock takes the lock if no other reader is inside.
func (l *Channel) RLock() Token {
	n := <-l.readers
	if n == 0 {
		l.taken <- struct{}{}
	}
	l.readers <- n + 1
	return nil
}

// RUnlock frees the lock if no other reader is inside. It panics if no reader is inside.
func (l *Channel) RUnlock(Token) {
	n := <-l.readers
	if n == 0 {
		l.readers <- n
		panic("rwlock: RUnlock of a Channel without a reader")
	}
	if n == 1 {
		<-l.taken
	}
	l.readers <- n - 1
}
