package optimistic

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"

	"github.com/contendbench/contend/impls/txn"
)

// Badger is a log-structured store in memory, without files.
//
// Idea: a transaction reads the versions of its start. A commit conflicts if another one
// has changed since what it read. One goroutine writes the commits in the order of their
// times.
// Source: github.com/dgraph-io/badger/v4 v4.9.6, with InMemory; smaller memory tables, no
// compression and no cache of blocks, which need none. A conflict is its ErrConflict.
// Progress: blocking: a start waits for the commits that are being written.
// Space: every version, until a compaction drops the old ones.
// Wins: data sets that outgrow memory, which is not what is measured here.
// Loses: short transactions, each of which is handed to a goroutine. It keeps what a scan
// returned, and not the range, so a key that appears there is no conflict (issue 2057).
// A transaction of more than 4 MB, or a value of more than 1 MB, is an error.
type Badger struct {
	txn.Retry
	db *badger.DB
}

// badgerTable is the size of a memory table. A transaction may have 15 % of it.
const badgerTable = 32 << 20

// NewBadger opens an empty store.
func NewBadger(_ context.Context, _ string, o txn.Options) (txn.Store, error) {
	db, err := badger.Open(badger.DefaultOptions("").WithInMemory(true).WithLogger(nil).WithMetricsEnabled(false).
		WithMemTableSize(badgerTable).WithCompression(options.None).WithBlockCacheSize(0))
	if err != nil {
		return nil, fmt.Errorf("opening badger in memory: %w", err)
	}
	return &Badger{Retry: txn.NewRetry(o), db: db}, nil
}

// Update runs body in a transaction of the library.
func (s *Badger) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error {
		tx := &badgerTx{tx: s.db.NewTransaction(true)}
		defer tx.tx.Discard()
		if err := tx.run(ctx, tx, body); err != nil {
			return err
		}
		switch err := tx.tx.Commit(); {
		case errors.Is(err, badger.ErrConflict):
			return txn.ConflictOf(txn.Refused)
		case err != nil:
			return fmt.Errorf("committing to badger: %w", err)
		}
		return nil
	})
}

// View runs body in a transaction that only reads.
func (s *Badger) View(ctx context.Context, body func(txn.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &badgerTx{foreign{Lifetime: txn.ReadOnly}, s.db.NewTransaction(false)}
	defer tx.tx.Discard()
	return tx.run(ctx, tx, body)
}

// Close ends the goroutines of the library.
func (s *Badger) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("closing badger: %w", err)
	}
	return nil
}

type badgerTx struct {
	foreign
	tx *badger.Txn
}

func (tx *badgerTx) Get(key uint64) ([]byte, error) {
	if err := tx.canRead(); err != nil {
		return nil, err
	}
	item, err := tx.tx.Get(bytesOf(key))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, tx.doom("badger's Get", key, err)
	}
	value, err := item.ValueCopy([]byte{})
	return value, tx.doom("badger's ValueCopy", key, err)
}

func (tx *badgerTx) Put(key uint64, value []byte) error {
	if err := tx.canWrite(); err != nil {
		return err
	}
	return tx.doom("badger's Set", key, tx.tx.Set(bytesOf(key), append(make([]byte, 0, len(value)), value...)))
}

func (tx *badgerTx) Delete(key uint64) error {
	if err := tx.canWrite(); err != nil {
		return err
	}
	return tx.doom("badger's Delete", key, tx.tx.Delete(bytesOf(key)))
}

func (tx *badgerTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.canRead(); err != nil {
		return err
	}
	it := tx.tx.NewIterator(badger.IteratorOptions{})
	defer it.Close()
	for it.Seek(bytesOf(first)); it.Valid(); it.Next() {
		item := it.Item()
		key := binary.BigEndian.Uint64(item.Key())
		if key > last {
			return nil
		}
		value, err := item.ValueCopy([]byte{})
		if err != nil {
			return tx.doom("badger's ValueCopy", key, err)
		}
		if !visit(key, value) {
			return nil
		}
	}
	return nil
}
