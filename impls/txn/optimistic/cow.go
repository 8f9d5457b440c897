package optimistic

import (
	"context"
	"encoding/binary"
	"sync/atomic"

	iradix "github.com/hashicorp/go-immutable-radix/v2"

	"github.com/contendbench/contend/impls/txn"
)

// CopyOnWrite is an immutable tree behind one pointer.
//
// Idea: a transaction copies the paths of the tree that it changes. It commits by a
// compare-and-swap of the root, which fails if another transaction has committed a change.
// Source: Herlihy 1991, §4, a compare-and-swap of a whole object; the tree is
// github.com/hashicorp/go-immutable-radix/v2 v2.1.0.
// Progress: lock-free: an attempt fails only if another one has committed.
// Wins: reads, which take a snapshot with one load, and never wait.
// Loses: many writers, of which one commits at a time, even if they change different keys.
type CopyOnWrite struct {
	txn.Retry
	root atomic.Pointer[tree]
}

type tree = iradix.Tree[[]byte]

// NewCopyOnWrite makes an empty store.
func NewCopyOnWrite(o txn.Options) *CopyOnWrite {
	s := &CopyOnWrite{Retry: txn.NewRetry(o)}
	s.root.Store(iradix.New[[]byte]())
	return s
}

// Update runs body on a copy of the tree.
func (s *CopyOnWrite) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.Run(ctx, func() error {
		old := s.root.Load()
		tx := &copyTx{tree: old.Txn()}
		defer tx.End()
		if err := body(tx); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if tx.changed && !s.root.CompareAndSwap(old, tx.tree.Commit()) {
			return txn.ConflictOf(txn.Changed)
		}
		return nil
	})
}

// View runs body on the tree.
func (s *CopyOnWrite) View(ctx context.Context, body func(txn.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &copyTx{Lifetime: txn.ReadOnly, tree: s.root.Load().Txn()}
	defer tx.End()
	if err := body(tx); err != nil {
		return err
	}
	return ctx.Err()
}

// Close has nothing to free.
func (s *CopyOnWrite) Close() error { return nil }

type copyTx struct {
	txn.Lifetime
	tree    *iradix.Txn[[]byte]
	changed bool
}

func (tx *copyTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	value, _ := tx.tree.Get(bytesOf(key))
	return value, nil
}

func (tx *copyTx) Put(key uint64, value []byte) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	tx.tree.Insert(bytesOf(key), append(make([]byte, 0, len(value)), value...))
	tx.changed = true
	return nil
}

func (tx *copyTx) Delete(key uint64) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	if _, had := tx.tree.Delete(bytesOf(key)); had {
		tx.changed = true
	}
	return nil
}

func (tx *copyTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil {
		return err
	}
	it := tx.tree.Root().Iterator()
	it.SeekLowerBound(bytesOf(first))
	for key, value, ok := it.Next(); ok; key, value, ok = it.Next() {
		if k := binary.BigEndian.Uint64(key); k > last || !visit(k, value) {
			return nil
		}
	}
	return nil
}

// bytesOf returns a key whose bytes have the order of the number.
func bytesOf(key uint64) []byte { return binary.BigEndian.AppendUint64(nil, key) }
