package barrier

import "context"

// Channel gives each generation a channel that its last arrival closes. The current
// generation lies in a channel of capacity one, which serves as the lock.
//
// Source: Go specification, Close; the generations from pthread_barrier_wait as in Cond.
// Progress: blocking; waiters sleep. Space: a channel for each phase.
// Ordering: the channel of capacity one orders the arrivals. The close synchronizes
// before the receives that return because of it.
// Wins: a select cancels it, and a party that wakes up takes no mutex. Loses: it
// allocates in every phase.
//
// NewChannel makes it; it must not be copied. The leader is the party that arrived last.
type Channel struct {
	parties int
	current chan *generation
}

type generation struct {
	waiting int
	met     chan struct{} // closed when all parties have arrived
	broken  chan struct{} // closed when a party gave up
}

// NewChannel makes a barrier.
func NewChannel(parties int) *Channel {
	b := &Channel{parties: parties, current: make(chan *generation, 1)}
	b.current <- &generation{met: make(chan struct{}), broken: make(chan struct{})}
	return b
}

// Wait waits for all parties. It panics with ErrBroken if the barrier is broken.
func (b *Channel) Wait(id int) bool {
	leader, err := b.WaitContext(context.Background(), id)
	if err != nil {
		panic(err)
	}
	return leader
}

// WaitContext waits for all parties. It breaks the barrier if ctx ends before they have
// arrived.
func (b *Channel) WaitContext(ctx context.Context, _ int) (bool, error) {
	g := <-b.current
	if g.isBroken() {
		b.current <- g
		return false, ErrBroken
	}
	g.waiting++
	if g.waiting == b.parties {
		close(g.met)
		b.current <- &generation{met: make(chan struct{}), broken: g.broken}
		return true, nil
	}
	b.current <- g
	select {
	case <-g.met:
		return false, nil
	case <-g.broken:
		return b.late(g, ErrBroken)
	case <-ctx.Done():
		return b.late(g, ctx.Err())
	}
}

// late ends a wait with an error, unless all parties have arrived in the meantime.
func (b *Channel) late(g *generation, err error) (bool, error) {
	now := <-b.current
	defer func() { b.current <- now }()
	if now != g {
		return false, nil
	}
	if g.isBroken() {
		return false, ErrBroken
	}
	close(g.broken)
	return false, err
}

func (g *generation) isBroken() bool {
	select {
	case <-g.broken:
		return true
	default:
		return false
	}
}
