package tpcc

import (
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/impls/txn"
)

// A Terminal enters transactions, for one goroutine. It belongs to a warehouse.
type Terminal struct {
	scale  Scale
	rng    *rand.Rand
	number int // from 1
	home   int

	order    newOrder
	payment  payment
	payments uint64 // drawn
	scratch  row
	calls    int
}

// NewTerminal makes the terminal with a number from 0.
func (s Scale) NewTerminal(rng *rand.Rand, number int) *Terminal {
	return &Terminal{
		scale: s, rng: rng, number: number + 1, home: 1 + number%s.Warehouses, scratch: make(row, customerBytes),
	}
}

// Calls returns the calls of a Tx that the last attempt made.
func (t *Terminal) Calls() int { return t.calls }

// read returns a row of fixed size. nil: there is none.
func (t *Terminal) read(tx txn.Tx, key uint64, bytes int) (row, error) {
	t.calls++
	value, err := tx.Get(key)
	if err == nil && value != nil && len(value) != bytes {
		err = fmt.Errorf("the row of key %#x has %d bytes, want %d", key, len(value), bytes)
	}
	return value, err
}

// must is read for a row that is never deleted.
func (t *Terminal) must(tx txn.Tx, key uint64, bytes int) (row, error) {
	r, err := t.read(tx, key, bytes)
	if err == nil && r == nil {
		err = fmt.Errorf("no row has key %#x, which is never deleted", key)
	}
	return r, err
}

func (t *Terminal) put(tx txn.Tx, key uint64, r row) error {
	t.calls++
	return tx.Put(key, r)
}

// change reads a row, and puts what edit makes of it. It returns the new row, which is
// valid until the next change.
func (t *Terminal) change(tx txn.Tx, key uint64, bytes int, edit func(row)) (row, error) {
	old, err := t.must(tx, key, bytes)
	if err != nil {
		return nil, err
	}
	r := t.scratch[:bytes]
	copy(r, old)
	edit(r)
	return r, t.put(tx, key, r)
}
