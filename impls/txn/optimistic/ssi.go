package optimistic

import (
	"maps"
	"slices"
	"sync"

	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// SSI is MVCC that aborts a transaction before a cycle of dependencies can close.
//
// Idea: an edge leads from a reader to the transaction that replaces what it read. Every
// cycle has two edges in a row of which the last transaction committed first. A commit
// looks for its own edges: newer versions of what it has read, and the marks of readers on
// what it replaces. If it would complete such a pair, it runs again.
// Source: Cahill, Röhm and Fekete 2008, §3; Ports and Grittner 2012, §3.3, the order of the
// commits, and §4.1, transactions that only read. An edge is found by the second of its two
// commits, so a mark is the latest time of a committed reader.
// Progress: reads are lock-free; the ends of transactions, also of a View, run one after
// the other. A View may run again.
// Space: that of MVCC, and a mark for each range and missing key that was read, until no
// transaction is left that overlaps with the reader.
// Wins: long transactions beside changes, which a validation at the end would start again.
// Loses: many short transactions, which meet at the lock of the ends. Some aborts are of
// no cycle.
// It is strict: a transaction sees all that had ended at its start, and the proof that
// every cycle has such a pair (Fekete et al. 2005) holds if that order is an edge, too.
type SSI struct {
	MVCC
	ends   sync.Mutex // held at the end of each transaction, and for the fields below
	misses marks      // of keys that were missing
	ranges marks
}

// Marks are the times of the latest readers of ranges.
type marks struct {
	times map[keyRange]uint64
	kept  int // by the last prune
}

type keyRange struct{ first, last uint64 }

// NewSSI makes an empty store.
func NewSSI(o txn.Options) *SSI {
	s := new(SSI)
	s.start(o, func() protocol { return s.fresh() })
	return s
}

func (s *SSI) start(o txn.Options, fresh func() protocol) {
	s.misses, s.ranges = marks{times: map[keyRange]uint64{}}, marks{times: map[keyRange]uint64{}}
	s.MVCC.start(o, fresh)
}

func (s *SSI) fresh() *ssiTx { return &ssiTx{mvccTx: mvccTx{mvcc: &s.MVCC}, ssi: s} }

type ssiTx struct {
	mvccTx
	ssi *SSI
}

func (tx *ssiTx) get(key uint64) ([]byte, error) {
	if c := tx.mvcc.index.Get(key); c != nil {
		if value := c.at(tx.start); value != nil {
			tx.note(key, c, 0)
			return value, nil
		}
	}
	tx.miss(key)
	return nil, nil
}

// check ends a transaction that changes nothing. It can only be the first of the three, and
// there is no cycle unless the last one had committed before its start.
func (tx *ssiTx) check() error {
	tx.ssi.ends.Lock()
	defer tx.ssi.ends.Unlock()
	if _, pivot := tx.outgoing(); pivot <= tx.start {
		return txn.ConflictOf(txn.Pivot)
	}
	tx.mark(tx.start)
	return nil
}

func (tx *ssiTx) commit(writes []writeset.Write) error { return tx.finish(writes, tx.incoming) }

func (tx *ssiTx) finish(writes []writeset.Write, incoming func() uint64) error {
	tx.ssi.ends.Lock()
	defer tx.ssi.ends.Unlock()
	err := tx.lock(writes)
	first, pivot := tx.outgoing()
	if err == nil && (pivot != never || incoming() >= first) {
		err = txn.ConflictOf(txn.Pivot)
	}
	if err != nil {
		tx.unlock()
		return err
	}
	tx.mark(tx.install(first))
	return nil
}

// outgoing returns the first time at which something was replaced that the transaction has
// read, and the first such time of those that did so.
func (tx *ssiTx) outgoing() (first, pivot uint64) {
	first, pivot = never, never
	look := func(c *chain) {
		var next *version
		for v := c.newest.Load(); v != nil && v.time > tx.start; v = v.older.Load() {
			next = v
		}
		if next != nil {
			first, pivot = min(first, next.time), min(pivot, next.pivot)
		}
	}
	for i := range tx.reads {
		look(tx.reads[i].record)
	}
	if len(tx.spans) == 0 {
		return first, pivot
	}
	tx.mvcc.index.RLock()
	defer tx.mvcc.index.RUnlock()
	for _, s := range tx.spans {
		tx.mvcc.index.Ascend(s.first, s.last, func(_ uint64, c *chain) bool {
			look(c)
			return true
		})
	}
	return first, pivot
}

// incoming returns the latest mark on what the transaction replaces.
func (tx *ssiTx) incoming() (last uint64) {
	for i := range tx.held {
		h := &tx.held[i]
		last = max(last, h.record.read, tx.ssi.misses.times[keyRange{h.key, h.key}])
	}
	for r, time := range tx.ssi.ranges.times {
		inside := func(h held[chain]) bool { return r.first <= h.key && h.key <= r.last }
		if time > last && slices.ContainsFunc(tx.held, inside) {
			last = time
		}
	}
	return last
}

// mark says of all that the transaction has read that this was at a time.
func (tx *ssiTx) mark(time uint64) {
	for i := range tx.reads {
		c := tx.reads[i].record
		c.read = max(c.read, time)
	}
	for _, s := range tx.spans {
		m := &tx.ssi.ranges
		if s.first == s.last {
			m = &tx.ssi.misses
		}
		m.add(keyRange{s.first, s.last}, time, &tx.mvcc.times)
	}
}

// manyMarks is how many marks are never too many.
const manyMarks = 64

// add adds a mark. If there are many, it prunes those of readers that had ended before all
// transactions under way started.
func (m *marks) add(r keyRange, time uint64, times *snapshots) {
	m.times[r] = max(m.times[r], time)
	if len(m.times) > 2*m.kept+manyMarks {
		horizon := times.advance()
		maps.DeleteFunc(m.times, func(_ keyRange, time uint64) bool { return time <= horizon })
		m.kept = len(m.times)
	}
}
