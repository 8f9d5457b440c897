package pessimistic

import (
	"context"

	"github.com/tidwall/btree"

	"github.com/contendbench/contend/impls/txn"
)

// serial is values that one transaction changes at a time. Its user holds a lock.
type serial struct{ values btree.Map[uint64, []byte] }

// update runs body, and restores the old values unless it commits.
func (s *serial) update(ctx context.Context, body func(txn.Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &serialTx{values: &s.values}
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

// view runs body, which changes nothing.
func (s *serial) view(ctx context.Context, body func(txn.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &serialTx{Lifetime: txn.ReadOnly, values: &s.values}
	defer tx.End()
	if err := body(tx); err != nil {
		return err
	}
	return ctx.Err()
}

type serialTx struct {
	txn.Lifetime
	values *btree.Map[uint64, []byte]
	old    []pair // in the order of the changes
}

type pair struct {
	key   uint64
	value []byte // nil: none
}

func (tx *serialTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	value, _ := tx.values.Get(key)
	return value, nil
}

func (tx *serialTx) Put(key uint64, value []byte) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	old, _ := tx.values.Set(key, copied(value))
	tx.old = append(tx.old, pair{key, old})
	return nil
}

// copied returns a copy of a value, which is not nil.
func copied(value []byte) []byte { return append(make([]byte, 0, len(value)), value...) }

func (tx *serialTx) Delete(key uint64) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	if old, ok := tx.values.Delete(key); ok {
		tx.old = append(tx.old, pair{key, old})
	}
	return nil
}

func (tx *serialTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil {
		return err
	}
	tx.values.Ascend(first, func(key uint64, value []byte) bool { return key <= last && visit(key, value) })
	return nil
}

// rollBack restores the old values, the latest change first.
func (tx *serialTx) rollBack() {
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
