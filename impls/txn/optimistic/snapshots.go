package optimistic

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Snapshots is the clock of a store of versions, and the times that transactions read. The
// clock is the time of the last commit that new transactions see.
type snapshots struct {
	clock   atomic.Uint64
	_       [cpu.Line]byte
	install sync.Mutex // held from the draw of a time until the clock shows it
	_       [cpu.Line]byte
	passed  atomic.Uint64 // a transaction that starts takes no older time
	horizon atomic.Uint64 // no transaction reads an older time, or ever will
	first   slotBlock
}

// A slot has the time that a transaction reads, or 0.
type slot struct {
	time atomic.Uint64
	_    [cpu.Line - 8]byte
}

type slotBlock struct {
	slots [32]slot
	next  atomic.Pointer[slotBlock]
}

// start starts the clock at 1, since a slot with 0 is free.
func (c *snapshots) start() {
	for _, word := range []*atomic.Uint64{&c.clock, &c.passed, &c.horizon} {
		word.Store(1)
	}
}

// take returns the time that a new transaction reads, in a slot: that of before, if it is
// free.
func (c *snapshots) take(before *slot) (uint64, *slot) {
	now := c.clock.Load()
	s := c.occupy(before, now)
	// The horizon may have passed the time before it was in the slot.
	for c.passed.Load() > now {
		now = c.clock.Load()
		s.time.Store(now)
	}
	return now, s
}

// occupy stores a time in a free slot.
func (c *snapshots) occupy(before *slot, now uint64) *slot {
	if before != nil && before.time.CompareAndSwap(0, now) {
		return before
	}
	for b := &c.first; ; b = b.following() {
		for i := range b.slots {
			if s := &b.slots[i]; s.time.Load() == 0 && s.time.CompareAndSwap(0, now) {
				return s
			}
		}
	}
}

// following returns the next block, which it makes if there is none.
func (b *slotBlock) following() *slotBlock {
	if b.next.Load() == nil {
		b.next.CompareAndSwap(nil, new(slotBlock))
	}
	return b.next.Load()
}

// advance moves the horizon to the oldest time that a transaction reads.
func (c *snapshots) advance() uint64 {
	oldest := c.clock.Load()
	raise(&c.passed, oldest) // before the slots are looked at
	for b := &c.first; b != nil; b = b.next.Load() {
		for i := range b.slots {
			if t := b.slots[i].time.Load(); t != 0 {
				oldest = min(oldest, t)
			}
		}
	}
	raise(&c.horizon, oldest)
	return oldest
}

// draw returns the time of a commit. Others wait until it is shown: if they only waited
// for their turn to show theirs, one that loses its processor in between would have them
// spin, and new transactions meet versions that they must not see.
func (c *snapshots) draw() uint64 {
	c.install.Lock()
	return c.clock.Load() + 1
}

// publish shows a commit to new transactions.
func (c *snapshots) publish(time uint64) {
	c.clock.Store(time)
	c.install.Unlock()
}

// A version is a value, and the time of its commit.
type version struct {
	time  uint64
	value []byte // nil: the key was deleted
	// pivot is for SSI: the time of the first commit that replaced something that this
	// version's transaction had read, before it committed. never: there is none.
	pivot uint64
	older atomic.Pointer[version]
}

// never is later than all times.
const never = math.MaxUint64

// A chain is the versions of a key, the newest first.
type chain struct {
	state  atomic.Uint32
	newest atomic.Pointer[version]
	cut    uint64 // the horizon by which it was cut last; for the holder of the lock
	read   uint64 // the latest time at which it was read; SSI uses it
}

// The states of a chain. A gone one is out of the index, or about to be, and never comes
// back.
const (
	chainFree = iota
	chainLocked
	chainGone
)

// newChain makes a chain as an insertion needs it.
func newChain() *chain {
	c := new(chain)
	c.state.Store(chainLocked)
	return c
}

// at returns what a transaction sees that reads a time.
func (c *chain) at(time uint64) []byte {
	for v := c.newest.Load(); v != nil; v = v.older.Load() {
		if v.time <= time {
			return v.value
		}
	}
	return nil
}

// push adds a version, and cuts off those that no transaction can see.
func (c *chain) push(v *version, horizon uint64) {
	v.older.Store(c.newest.Load())
	c.newest.Store(v)
	if horizon == c.cut {
		return // nothing that was visible then is invisible now
	}
	c.cut = horizon
	for v.time > horizon {
		if v = v.older.Load(); v == nil {
			return
		}
	}
	v.older.Store(nil)
}

// changed reports whether it has a version that is newer than a time.
func (c *chain) changed(time uint64) bool {
	v := c.newest.Load()
	return v != nil && v.time > time
}
