package barrier

import (
	"context"

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
