package optimistic

import (
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/index"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// Silo validates what a transaction has read while it holds locks on what it writes.
//
// Idea: a record has a word with a lock bit and a version. Reads note the version and write
// nothing shared. A commit locks its records in the order of their keys, looks whether all
// that it has read has the noted versions, stores the new values and unlocks.
// Source: Tu, Zheng, Kohler, Liskov and Madden 2013, §4.4, without its epochs, logging and
// read-only snapshots: a version is a count of the record's changes. Ranges are scanned
// again, as in Larson et al. 2011, §3.2, in place of the versions of tree nodes.
// Progress: blocking: a read and a commit wait for one that is committing the same record.
// A long transaction may be overtaken forever.
// Space: two words and a slice for each key; a deleted key leaves nothing.
// Wins: few conflicts, since reads cost two loads and nothing central is written.
// Loses: long transactions with hot records, which find only at the end that they must run
// again.
type Silo struct {
	store
	index *index.Index[record]
}

// NewSilo makes an empty store.
func NewSilo(o txn.Options) *Silo {
	s := new(Silo)
	s.start(o, func() protocol { return s.fresh() })
	return s
}

func (s *Silo) start(o txn.Options, fresh func() protocol) {
	s.index = index.New[record]()
	s.init(o, fresh)
}

func (s *Silo) fresh() *siloTx { return &siloTx{access{index: s.index}} }

// oneMore is added to a record's word by each change.
const oneMore = 1 << bits

type siloTx struct{ access }

func (tx *siloTx) begin(bool) {}

func (tx *siloTx) get(key uint64) ([]byte, error) { return tx.find(key), nil }

func (tx *siloTx) scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	return tx.footprint.scan(tx.index, first, last, tx.load, visit)
}

// check looks at the keys first: the records did not change before they are looked at, so
// all was as the transaction saw it at the one instant when the keys were.
func (tx *siloTx) check() error {
	if !tx.sameKeys(tx.index) {
		return txn.ConflictOf(txn.Phantom)
	}
	for i := range tx.reads {
		r := &tx.reads[i]
		switch word := r.record.word.Load(); {
		case word&^locked != r.word:
			return txn.ConflictOf(txn.Changed)
		case word&locked != 0 && tx.holds(r.key) == nil:
			return txn.ConflictOf(txn.Locked)
		}
	}
	return nil
}

func (tx *siloTx) commit(writes []writeset.Write) error {
	tx.lock(writes)
	if err := tx.check(); err != nil {
		tx.unlock()
		return err
	}
	tx.install()
	return nil
}

func (tx *siloTx) install() {
	for i := range tx.held {
		h := &tx.held[i]
		tx.store(h, h.word+oneMore)
	}
}
