package pessimistic

import (
	"context"
	"sync"

	"github.com/tidwall/btree"

	"github.com/contendbench/contend/impls/txn"
)

// Global runs one transaction at a time, under one lock.
//
// Idea: a transaction changes the store in place, and keeps the old values for a rollback.
// Source: Gray and Reuter 1992, §7.2, serial execution.
// Progress: blocking; sync.Mutex serves no transaction forever later than others.
// Wins: short transactions, which a lock costs less than any bookkeeping of reads.
// Loses: a body that waits makes all others wait, readers too.
type Global struct {
	mu     sync.Mutex
	values btree.Map[uint64, []byte]
}

// NewGlobal makes an empty store.
func NewGlobal() *Global { return new(Global) }

// Update runs body under the lock.
func (g *Global) Update(ctx context.Context, body func(txn.Tx) error) error {
	return g.run(ctx, &globalTx{values: &g.values}, body)
}

// View runs body under the lock.
func (g *Global) View(ctx context.Context, body func(txn.Tx) error) error {
	return g.run(ctx, &globalTx{values: &g.values, Lifetime: txn.ReadOnly}, body)
}

func (g *Global) run(ctx context.Context, tx *globalTx, body func(txn.Tx) error) (err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	committed := false
	defer func() { // also if body panics
		tx.End()
		if !committed {
			tx.rollBack()
		}
	}()
	if err := body(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	committed = true
	return nil
}

// Close has nothing to free.
func (g *Global) Close() error { return nil }

type globalTx struct {
	txn.Lifetime
	values *btree.Map[uint64, []byte]
	old    []pair // in the order of the changes
}

type pair struct {
	key   uint64
	value []byte // nil: none
}

func (tx *globalTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	value, _ := tx.values.Get(key)
	return value, nil
}

func (tx *globalTx) Put(key uint64, value []byte) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	old, _ := tx.values.Set(key, append(make([]byte, 0, len(value)), value...))
	tx.old = append(tx.old, pair{key, old})
	return nil
}

func (tx *globalTx) Delete(key uint64) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	if old, ok := tx.values.Delete(key); ok {
		tx.old = append(tx.old, pair{key, old})
	}
	return nil
}

func (tx *globalTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil {
		return err
	}
	tx.values.Ascend(first, func(key uint64, value []byte) bool { return key <= last && visit(key, value) })
	return nil
}

// rollBack restores the old values, the latest change first.
func (tx *globalTx) rollBack() {
	for len(tx.old) > 0 {
		last := tx.old[len(tx.old)-1]
		tx.old = tx.old[:len(tx.old)-1]
		if last.value == nil {
			tx.values.Delete(last.key)
		} else {
			tx.values.Set(last.key, last.value)
		}
	}
}
