package optimistic

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/go-memdb"

	"github.com/contendbench/contend/impls/txn"
)

// MemDB is immutable trees with one writer at a time.
//
// Idea: an Update takes the lock of writers, and changes copies of the paths of a tree. Its
// commit swaps the root. A View reads the tree of its start.
// Source: github.com/hashicorp/go-memdb v1.3.5, with one table and one index.
// Progress: blocking for an Update, which waits for the others and never runs again. A View
// takes a snapshot with one load.
// Space: a node for each key, an object of the table, and the value.
// Wins: as a baseline: what optimistic stores gain must pay against one writer.
// Loses: a body that waits makes all other writers wait.
type MemDB struct {
	db *memdb.MemDB
}

const memTable, memIndex = "values", "id"

// A memRow is an object of the table. It is never changed.
type memRow struct {
	key   uint64
	value []byte
}

// byKey is the index: keys in the order of their numbers.
type byKey struct{}

func (byKey) FromObject(row any) (bool, []byte, error) { return true, bytesOf(row.(*memRow).key), nil }

func (byKey) FromArgs(args ...any) ([]byte, error) { return bytesOf(args[0].(uint64)), nil }

// NewMemDB opens an empty store.
func NewMemDB(context.Context, string, txn.Options) (txn.Store, error) {
	db, err := memdb.NewMemDB(&memdb.DBSchema{Tables: map[string]*memdb.TableSchema{
		memTable: {Name: memTable, Indexes: map[string]*memdb.IndexSchema{
			memIndex: {Name: memIndex, Unique: true, Indexer: byKey{}},
		}},
	}})
	if err != nil {
		return nil, fmt.Errorf("opening go-memdb: %w", err)
	}
	return &MemDB{db}, nil
}

// Update runs body in a transaction of the library.
func (s *MemDB) Update(ctx context.Context, body func(txn.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &memTx{tx: s.db.Txn(true)}
	defer tx.tx.Abort() // does nothing after a commit
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.run(ctx, tx, body); err != nil {
		return err
	}
	tx.tx.Commit()
	return nil
}

// View runs body on a snapshot.
func (s *MemDB) View(ctx context.Context, body func(txn.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &memTx{foreign{Lifetime: txn.ReadOnly}, s.db.Txn(false)}
	return tx.run(ctx, tx, body)
}

// Close has nothing to free.
func (s *MemDB) Close() error { return nil }

type memTx struct {
	foreign
	tx *memdb.Txn
}

func (tx *memTx) Get(key uint64) ([]byte, error) {
	if err := tx.canRead(); err != nil {
		return nil, err
	}
	row, err := tx.tx.First(memTable, memIndex, key)
	if row == nil || err != nil {
		return nil, tx.doom("go-memdb's First", key, err)
	}
	return row.(*memRow).value, nil
}

func (tx *memTx) Put(key uint64, value []byte) error {
	if err := tx.canWrite(); err != nil {
		return err
	}
	row := &memRow{key, append(make([]byte, 0, len(value)), value...)}
	return tx.doom("go-memdb's Insert", key, tx.tx.Insert(memTable, row))
}

func (tx *memTx) Delete(key uint64) error {
	if err := tx.canWrite(); err != nil {
		return err
	}
	err := tx.tx.Delete(memTable, &memRow{key: key})
	if errors.Is(err, memdb.ErrNotFound) {
		return nil
	}
	return tx.doom("go-memdb's Delete", key, err)
}

func (tx *memTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.canRead(); err != nil {
		return err
	}
	it, err := tx.tx.LowerBound(memTable, memIndex, first)
	if err != nil {
		return tx.doom("go-memdb's LowerBound", first, err)
	}
	for row := it.Next(); row != nil; row = it.Next() {
		if r := row.(*memRow); r.key > last || !visit(r.key, r.value) {
			return nil
		}
	}
	return nil
}
