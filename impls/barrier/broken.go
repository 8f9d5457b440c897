package barrier

import "context"

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. None of them may be used.

// lateReset is CentralSpin that lets the others go before it fills the counter again: who is back first counts in vain.
type lateReset struct{ CentralSpin }

func (b *lateReset) Wait(int) bool {
	phase := b.phase.Load()
	if b.left.Add(-1) > 0 {
		until(func() bool { return b.phase.Load() != phase })
		return false
	}
	b.phase.Add(1)
	b.left.Store(b.parties) // bug: CentralSpin does this first
	return true
}

// noSense is CentralSpin without a phase: it waits for the counter to be full again, and a party that is back at once
// takes from it before a slow one has looked.
type noSense struct{ CentralSpin }

func (b *noSense) Wait(int) bool {
	if b.left.Add(-1) > 0 {
		until(func() bool { return b.left.Load() == b.parties }) // bug: CentralSpin waits for the phase to turn
		return false
	}
	b.left.Store(b.parties)
	return true
}

// newOneRoundShort is Dissemination whose parties have not all heard of each other.
func newOneRoundShort(parties int) Barrier {
	b := &Dissemination{}
	b.init(parties, max(rounds(parties)-1, 0)) // bug: Dissemination has one round more
	return b
}

// sharedParity is Dissemination with one parity for all: party 0 turns it while others are still in the phase.
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

// leadByLook is CentralSpin that looks who is last before it counts: two that look at once both miss it.
type leadByLook struct{ CentralSpin }

func (b *leadByLook) Wait(int) bool {
	leader := b.left.Load() == 1 // bug: CentralSpin leaves it to the count
	b.CentralSpin.Wait(0)
	return leader
}

// goneQuietly is Cond whose party goes when its context ends and leaves its arrival counted.
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

// leaveUnseen is CondPhaser whose last missing party leaves without letting the others go.
type leaveUnseen struct{ CondPhaser }

func (b *leaveUnseen) Leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parties-- // bug: CondPhaser looks whether all that are left wait
}
