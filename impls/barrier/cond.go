package barrier

import (
	"context"
	"sync"
)

// Cond counts arrivals under a mutex. The last party to arrive starts the next generation
// and wakes all. Without the generation number, a fast party could arrive for the next
// phase before a slow one has woken up from this phase.
//
// Source: POSIX.1-2001, pthread_barrier_wait; the breaking from
// java.util.concurrent.CyclicBarrier.
// Progress: blocking; waiters sleep. Space: constant. Ordering: that of the mutex.
// Wins: simple and cancellable. Loses: all parties that wake up take one mutex, one after
// the other.
//
// NewCond makes it; it must not be copied. The leader is the party that arrived last.
type Cond struct {
	mu         sync.Mutex
	changed    sync.Cond
	parties    int
	waiting    int
	generation uint64
	led        bool // the last generation has its leader
	broken     bool
}

// NewCond makes a barrier.
func NewCond(parties int) *Cond {
	b := &Cond{}
	b.init(parties)
	return b
}

func (b *Cond) init(parties int) {
	b.parties = parties
	b.changed.L = &b.mu
}

// Wait waits for all parties. It panics with ErrBroken if the barrier is broken.
func (b *Cond) Wait(int) bool {
	leader, err := b.wait(context.Background())
	if err != nil {
		panic(err)
	}
	return leader
}

// WaitContext waits for all parties. It breaks the barrier if ctx ends before they have
// arrived.
func (b *Cond) WaitContext(ctx context.Context, _ int) (bool, error) {
	stop := context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.changed.Broadcast()
	})
	defer stop()
	return b.wait(ctx)
}

func (b *Cond) wait(ctx context.Context) (leader bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken {
		return false, ErrBroken
	}
	b.waiting++
	generation := b.generation
	if b.waiting == b.parties {
		b.release()
		return b.lead(), nil
	}
	for b.generation == generation && !b.broken && ctx.Err() == nil {
		b.changed.Wait()
	}
	switch {
	case b.generation != generation:
		return b.lead(), nil
	case b.broken:
		return false, ErrBroken
	}
	b.broken = true
	b.changed.Broadcast()
	return false, ctx.Err()
}

// release starts the next generation. The caller holds mu.
func (b *Cond) release() {
	b.waiting = 0
	b.generation++
	b.led = false
	b.changed.Broadcast()
}

// lead makes the first party to return the leader. The caller holds mu.
func (b *Cond) lead() bool {
	first := !b.led
	b.led = true
	return first
}

// CondPhaser is Cond whose number of parties changes.
//
// Source: Shirako, Peixotto, Sarkar and Scherer 2008, §2; java.util.concurrent.Phaser.
// Progress: blocking; waiters sleep. Space: constant. Ordering: that of the mutex.
// Wins: parties come and go without stopping the others. Loses: as Cond.
//
// NewCondPhaser makes it; it must not be copied. The leader is the first party to return.
type CondPhaser struct{ Cond }

// NewCondPhaser makes a phaser with a number of registered parties.
func NewCondPhaser(parties int) *CondPhaser {
	b := &CondPhaser{}
	b.init(parties)
	return b
}

// Register adds a party.
func (b *CondPhaser) Register() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parties++
}

// Leave removes a party, and ends the phase if all others wait and none gave up.
func (b *CondPhaser) Leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parties--
	if b.waiting == b.parties && b.waiting > 0 && !b.broken {
		b.release()
	}
}
