package optimistic

import (
	"sync"

	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/index"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// MVCC keeps versions of each value, so that a transaction reads those of its start.
//
// Idea: a transaction notes the clock, and reads the newest versions that are not later. A
// commit locks its keys, and fails if one has a version that is later: the first committer
// wins. One commit at a time adds its versions, and moves the clock, which shows them all
// at once.
// Source: Berenson et al. 1995, §4.2, snapshot isolation.
// Progress: reads are lock-free, and a View never conflicts. A commit that finds a lock
// fails, and waits only while another one adds its versions.
// Space: a version of 48 bytes beside each value. An older one stays while a transaction
// can see it, and then until the next change of its key. A deleted key leaves nothing,
// some commits later.
// Wins: long Views beside short changes: neither hinders the other.
// Loses: write skew: two transactions that read what the other one changes both commit.
type MVCC struct {
	store
	index *index.Index[chain]
	times snapshots

	mu   sync.Mutex
	dead []tombstone // in about the order of their times
}

// A tombstone is a deleted key whose chain is still in the index.
type tombstone struct {
	key   uint64
	chain *chain
	time  uint64
}

// NewMVCC makes an empty store.
func NewMVCC(o txn.Options) *MVCC {
	s := new(MVCC)
	s.start(o, func() protocol { return s.fresh() })
	return s
}

func (s *MVCC) start(o txn.Options, fresh func() protocol) {
	s.index = index.New[chain]()
	s.times.start()
	s.init(o, fresh)
}

func (s *MVCC) fresh() *mvccTx { return &mvccTx{mvcc: s} }

type mvccTx struct {
	footprint[chain]
	mvcc  *MVCC
	start uint64
	slot  *slot
}

func (tx *mvccTx) begin(bool) { tx.start, tx.slot = tx.mvcc.times.take(tx.slot) }

func (tx *mvccTx) end() {
	tx.slot.time.Store(0)
	tx.reset()
}

func (tx *mvccTx) get(key uint64) ([]byte, error) {
	if c := tx.mvcc.index.Get(key); c != nil {
		return c.at(tx.start), nil
	}
	return nil, nil
}

func (tx *mvccTx) scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	load := func(_ uint64, c *chain) ([]byte, error) { return c.at(tx.start), nil }
	return tx.footprint.scan(tx.mvcc.index, first, last, load, visit)
}

// check has nothing to look at: each read was of the state at the start.
func (tx *mvccTx) check() error { return nil }

func (tx *mvccTx) commit(writes []writeset.Write) error {
	if err := tx.lock(writes); err != nil {
		tx.unlock()
		return err
	}
	tx.install(never)
	return nil
}

// lock locks the keys of the writes, none of which may have changed since the start.
func (tx *mvccTx) lock(writes []writeset.Write) error {
	for _, w := range writes {
		c, inserted := tx.chainOf(w)
		switch {
		case c == nil:
			tx.miss(w.Key) // there is nothing to delete
			continue
		case !inserted && !c.state.CompareAndSwap(chainFree, chainLocked):
			return txn.ConflictOf(txn.Locked)
		}
		tx.hold(w, c, 0, inserted)
		if c.changed(tx.start) {
			return txn.ConflictOf(txn.Written)
		}
	}
	return nil
}

// chainOf returns the chain that a write changes, or nil if there is nothing to delete.
func (tx *mvccTx) chainOf(w writeset.Write) (c *chain, inserted bool) {
	for {
		c := tx.mvcc.index.Get(w.Key)
		if c == nil && w.Value == nil {
			return nil, false
		}
		if c == nil {
			c, inserted = tx.mvcc.index.GetOrInsert(w.Key, newChain)
		}
		if inserted || c.state.Load() != chainGone {
			return c, inserted
		}
		tx.mvcc.index.Remove(w.Key, c)
	}
}

// collectEvery is how many commits there are from one look at the horizon to the next.
const collectEvery = 16

// install adds the versions, shows them, and returns their time.
func (tx *mvccTx) install(pivot uint64) uint64 {
	return tx.installBehind(tx.mvcc.times.horizon.Load(), pivot)
}

// installBehind cuts off versions that only transactions before the horizon can see.
func (tx *mvccTx) installBehind(horizon, pivot uint64) uint64 {
	s := tx.mvcc
	now := s.times.draw()
	for i := range tx.held {
		h := &tx.held[i]
		h.record.push(&version{time: now, value: h.value, pivot: pivot}, horizon)
		if h.value == nil {
			s.bury(tombstone{h.key, h.record, now})
		}
		h.record.state.Store(chainFree)
	}
	s.times.publish(now)
	if now%collectEvery == 0 {
		s.collect()
	}
	return now
}

// unlock leaves the keys as they were.
func (tx *mvccTx) unlock() {
	for i := range tx.held {
		h := &tx.held[i]
		if h.inserted {
			h.record.state.Store(chainGone)
			tx.mvcc.index.Remove(h.key, h.record)
			continue
		}
		h.record.state.Store(chainFree)
	}
}

func (s *MVCC) bury(t tombstone) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead = append(s.dead, t)
}

// collect takes those deleted keys out of the index that every transaction sees as
// deleted.
func (s *MVCC) collect() {
	horizon := s.times.advance()
	if !s.mu.TryLock() {
		return // another one collects
	}
	defer s.mu.Unlock()
	n := 0
	for n < len(s.dead) && s.dead[n].time <= horizon && s.remove(s.dead[n]) {
		s.dead[n] = tombstone{}
		n++
	}
	s.dead = s.dead[n:]
}

// remove removes a deleted key, unless it has a newer version. It returns false if the key
// is locked.
func (s *MVCC) remove(t tombstone) bool {
	c := t.chain
	if !c.state.CompareAndSwap(chainFree, chainLocked) {
		return c.state.Load() == chainGone
	}
	if v := c.newest.Load(); v.time != t.time {
		c.state.Store(chainFree)
		return true
	}
	c.state.Store(chainGone)
	s.index.Remove(t.key, c)
	return true
}
