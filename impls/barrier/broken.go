package barrier

import (
	"context"
	"time"

	"github.com/contendbench/contend/impls/cpu"
)

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// lateReset is CentralSpin that releases the others before it refills the counter. A
// party that is back early counts in vain.
type lateReset struct{ CentralSpin }

func (b *lateReset) Wait(int) bool {
	phase := b.phase.Load()
	if b.left.Add(-1) > 0 {
		cpu.Until(func() bool { return b.phase.Load() != phase })
		return false
	}
	b.phase.Add(1)
	b.left.Store(b.parties) // bug: CentralSpin does this first
	return true
}

// noSense is CentralSpin without a phase: it waits until the counter is full again. A
// party that is back at once takes from the counter before a slow one has looked.
type noSense struct{ CentralSpin }

func (b *noSense) Wait(int) bool {
	if b.left.Add(-1) > 0 {
		cpu.Until(func() bool { return b.left.Load() == b.parties }) // bug: CentralSpin waits for the next phase
		return false
	}
	b.left.Store(b.parties)
	return true
}

// oneRoundShort is Dissemination that lacks its last round, so some parties never hear of
// others.
type oneRoundShort struct{ Dissemination }

func newOneRoundShort(parties int) Barrier {
	b := new(oneRoundShort)
	b.init(parties, max(rounds(parties)-1, 0)) // bug: Dissemination has one round more
	return b
}

// sharedParity is Dissemination with one parity for all parties. Party 0 flips it while
// others are still in the phase.
type sharedParity struct{ Dissemination }

func (b *sharedParity) Wait(id int) bool {
	all := &b.parties[0] // bug: Dissemination has a parity and a sense for each party
	b.spread(id, all.parity, all.sense)
	if id != 0 {
		return false
	}
	if all.parity == 1 {
		all.sense = !all.sense
	}
	all.parity = 1 - all.parity
	return true
}

// leadByLook is CentralSpin that decides which party is last before it counts. Two
// parties that look at the same time both miss it.
type leadByLook struct{ CentralSpin }

func (b *leadByLook) Wait(int) bool {
	leader := b.left.Load() == 1 // bug: CentralSpin goes by the result of its own Add
	b.CentralSpin.Wait(0)
	return leader
}

// goneQuietly is Cond whose party leaves when its context ends, while its arrival stays
// counted.
type goneQuietly struct{ Cond }

func (b *goneQuietly) WaitContext(ctx context.Context, id int) (bool, error) {
	done := make(chan bool, 1)
	go func() { done <- b.Wait(id) }()
	select {
	case leader := <-done:
		return leader, nil
	case <-ctx.Done():
		return false, ctx.Err() // bug: Cond breaks the barrier
	}
}

// leaveUnseen is CondPhaser that does not release the others when the last missing party
// leaves.
type leaveUnseen struct{ CondPhaser }

func (b *leaveUnseen) Leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parties-- // bug: CondPhaser checks whether all that remain wait
}

// count16Bit is Cond that counts all arrivals in 16 bits, and takes every n-th for the
// last one of a phase. If 65536 is no multiple of n, it releases too early in the end.
type count16Bit struct{ Cond }

func (b *count16Bit) Wait(int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = (b.waiting + 1) % (1 << 16) // bug: Cond counts one phase
	generation := b.generation
	if b.waiting%b.parties == 0 { // …
		b.generation++ // …
		b.changed.Broadcast()
		return true
	}
	for b.generation == generation {
		b.changed.Wait()
	}
	return false
}

// cond9Bit is Cond that counts up to 511 parties.
type cond9Bit struct{ Cond }

func (b *cond9Bit) init(parties int) { b.Cond.init(parties % (1 << 9)) } // bug: Cond keeps all bits

// parkPolls is CentralPark whose leader wakes no sleeper: a timer does.
type parkPolls struct{ CentralPark }

func (b *parkPolls) Wait(int) bool {
	phase := b.phase.Load()
	if b.left.Add(-1) > 0 {
		for range cpu.ParkAfter {
			if b.phase.Load() != phase {
				return false
			}
		}
		for b.phase.Load() == phase {
			time.Sleep(3 * time.Millisecond) // bug: CentralPark waits for the leader's wake-up
		}
		return false
	}
	b.left.Store(b.parties)
	b.phase.Add(1)
	return true
}

// leavePasses is CondPhaser that completes a phase which a party gave up, when another
// one leaves.
type leavePasses struct{ CondPhaser }

func (b *leavePasses) Leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parties--
	if b.waiting == b.parties && b.waiting > 0 { // bug: CondPhaser looks whether the barrier is broken
		b.release()
	}
}

// breaksLate is Channel whose party breaks the barrier without a look at whether all
// parties have arrived in the meantime.
type breaksLate struct{ Channel }

func (b *breaksLate) WaitContext(ctx context.Context, _ int) (bool, error) {
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
		return false, ErrBroken // bug: Channel looks first whether all have arrived …
	case <-ctx.Done():
		now := <-b.current
		defer func() { b.current <- now }()
		if !now.isBroken() {
			close(now.broken)
		}
		return false, ctx.Err() // … and here
	}
}

// staysWatched is Cond that never stops watching the context of a wait.
type staysWatched struct{ Cond }

func (b *staysWatched) WaitContext(ctx context.Context, _ int) (bool, error) {
	context.AfterFunc(ctx, func() { // bug: Cond stops this after the wait
		b.mu.Lock()
		defer b.mu.Unlock()
		b.changed.Broadcast()
	})
	return b.wait(ctx)
}

// brokenLater is Cond that a context breaks which ends after its wait.
type brokenLater struct{ Cond }

func (b *brokenLater) WaitContext(ctx context.Context, _ int) (bool, error) {
	context.AfterFunc(ctx, func() { // bug: Cond stops this after the wait
		b.mu.Lock()
		defer b.mu.Unlock()
		b.broken = true // …
		b.changed.Broadcast()
	})
	leader, err := b.wait(ctx)
	if err != nil && ctx.Err() != nil {
		return false, ctx.Err() // …
	}
	return leader, err
}

// brokenQuietly is Cond whose Wait reports only a barrier that is broken on arrival.
type brokenQuietly struct{ Cond }

func (b *brokenQuietly) Wait(int) bool {
	b.mu.Lock()
	broken := b.broken
	b.mu.Unlock()
	if broken {
		panic(ErrBroken)
	}
	leader, _ := b.wait(context.Background()) // bug: Cond panics with this error
	return leader
}

// waitsOn is Cond whose Wait does not notice that the phase breaks.
type waitsOn struct{ Cond }

func (b *waitsOn) Wait(int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken {
		panic(ErrBroken)
	}
	b.waiting++
	generation := b.generation
	if b.waiting == b.parties {
		b.release()
		return b.lead()
	}
	for b.generation == generation { // bug: Cond stops when the barrier is broken
		b.changed.Wait()
	}
	return b.lead()
}

// ownErrors is Cond whose waits all return the error of their own context.
type ownErrors struct{ Cond }

func (b *ownErrors) WaitContext(ctx context.Context, id int) (bool, error) {
	leader, err := b.Cond.WaitContext(ctx, id)
	if err != nil && ctx.Err() != nil { // bug: Cond does so only if this context broke the barrier
		return false, ctx.Err()
	}
	return leader, err
}
