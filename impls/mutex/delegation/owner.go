package delegation

import "sync"

// Owner is a lock with its own goroutine, which runs the sections that arrive on a
// channel: share memory by communicating.
//
// Source: Hoare, Communicating Sequential Processes, CACM 21(8), 1978, §5.
// Progress: FIFO, in the order of the channel's queue.
// Space: a goroutine and a channel. A goroutine in Do uses a pooled channel.
// Ordering: that of channels.
// Wins where sections must run on one goroutine. Loses in time, because each section
// needs two hand-overs between goroutines.
// Make one with NewOwner, which starts the goroutine; Close ends it. Do after Close
// panics.
type Owner struct {
	sections chan request
	ended    chan struct{}
}

type request struct {
	section func()
	done    chan struct{}
}

// NewOwner starts the owner's goroutine.
func NewOwner() *Owner {
	l := &Owner{make(chan request), make(chan struct{})}
	go func() {
		defer close(l.ended)
		for r := range l.sections {
			r.section()
			r.done <- struct{}{}
		}
	}()
	return l
}

var replies = sync.Pool{New: func() any { return make(chan struct{}, 1) }}

// Do sends section to the owner and returns after it has run.
func (l *Owner) Do(section func()) {
	done := replies.Get().(chan struct{})
	l.sections <- request{section, done}
	<-done
	replies.Put(done)
}

// Close waits for the running section and ends the goroutine. It returns nil.
func (l *Owner) Close() error {
	close(l.sections)
	<-l.ended
	return nil
}
