package barrier

import (
	"context"
	"sync"
)

// Cond counts arrivals under a mutex; the last one begins the next generation and wakes all. Without the generation a
// fast party could arrive for the next phase before a slow one has woken from this one.
//
// Source: POSIX.1-2001, pthread_barrier_wait; the breaking from java.util.concurrent.CyclicBarrier.
// Progress: blocking, parked. Space: constant. Ordering: none among the waiters.
// Wins: simple, cancellable. Loses: all wake to one mutex, one after the other.
//
// NewCond makes it; it must not be copied. The leader is the party that arrived last, which is the first to return.
type Cond struct {
	mu         sync.Mutex
	changed    sync.Cond
	parties    int
	waiting    int
	generation uint64
	led        bool // somebody leads the last generation
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

// Wait waits for all parties.
func (b *Cond) Wait(int) bool {
	leader, err := b.wait(context.Background())
	if err != nil {
		panic(err)
	}
	return leader
}

// WaitContext waits for all parties, or breaks the barrier when ctx ends before they are there.
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

// release begins the next generation; the caller holds mu.
func (b *Cond) release() {
	b.waiting = 0
	b.generation++
	b.led = false
	b.changed.Broadcast()
}

// lead makes the first to return the leader; the caller holds mu.
func (b *Cond) lead() bool {
	first := !b.led
	b.led = true
	return first
}

// CondPhaser is Cond whose number of parties changes.
//
// Source: Shirako, Peixotto, Sarkar and Scherer 2008, §2; java.util.concurrent.Phaser.
// Progress: blocking, parked. Space: constant. Ordering: none among the waiters.
// Wins: parties come and go without a stop of the others. Loses: as Cond.
//
// NewCondPhaser makes it; it must not be copied. The leader is the first to return.
type CondPhaser struct{ Cond }

// NewCondPhaser makes a phaser with parties registered.
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

// Leave takes a party out.
func (b *CondPhaser) Leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parties--
	if b.waiting == b.parties && b.waiting > 0 {
		b.release()
	}
}
