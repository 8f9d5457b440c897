package rwlock

// Channel is a room with a light: the first reader takes the room for all of them, the last one gives it back.
//
// Source: Courtois, Heymans and Parnas 1971, problem 1, with channels of one for the semaphores.
// Progress: writers starve while readers overlap.
// Space: two channels of one.
// Ordering: a send on a channel of one synchronizes before the receive, and a receive before the next send's completion.
// Wins never; it is what the words "share memory by communicating" come to here.
// Make one with NewChannel.
type Channel struct {
	room    chan struct{} // full: taken
	readers chan int      // holds the number of readers inside
}

// NewChannel returns an unlocked lock.
func NewChannel() *Channel {
	l := &Channel{make(chan struct{}, 1), make(chan int, 1)}
	l.readers <- 0
	return l
}

// Lock takes the room.
func (l *Channel) Lock() { l.room <- struct{}{} }

// Unlock gives it back; it panics when it is free.
func (l *Channel) Unlock() {
	select {
	case <-l.room:
	default:
		panic("rwlock: Unlock of a Channel that nobody holds")
	}
}

// RLock takes the room if no other reader has it.
func (l *Channel) RLock() Token {
	n := <-l.readers
	if n == 0 {
		l.room <- struct{}{}
	}
	l.readers <- n + 1
	return nil
}

// RUnlock gives the room back if no other reader is in it; it panics when no reader is.
func (l *Channel) RUnlock(Token) {
	n := <-l.readers
	if n == 0 {
		l.readers <- n
		panic("rwlock: RUnlock of a Channel that no reader holds")
	}
	if n == 1 {
		<-l.room
	}
	l.readers <- n - 1
}
