package tpcc

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/pessimistic"
)

var small = Scale{Warehouses: 2, Districts: 2, Customers: 10, Items: 20}

// filled returns a store with the tables.
func filled(t *testing.T, s Scale) txn.Store {
	t.Helper()
	store := pessimistic.NewGlobal()
	if err := store.Update(t.Context(), func(tx txn.Tx) error {
		return s.Populate(rand.New(rand.NewPCG(1, 1)), func(key uint64, value []byte) error {
			if old, err := tx.Get(key); err != nil || old != nil {
				return fmt.Errorf("key %#x: got %x, %v before its row, want none", key, old, err)
			}
			return tx.Put(key, value)
		})
	}); err != nil {
		t.Fatal(err)
	}
	return store
}

// checked checks the tables.
func checked(t *testing.T, s Scale, store txn.Store) (Totals, error) {
	return s.Check(func(body func(txn.Tx) error) error { return store.View(t.Context(), body) })
}

// played enters some transactions, and returns how many of each were committed.
func played(t *testing.T, s Scale, store txn.Store) (want Totals, unused int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(2, 2))
	terminals := []*Terminal{s.NewTerminal(rng, 0), s.NewTerminal(rng, 1), s.NewTerminal(rng, 2)}
	for i := range 1000 {
		terminal := terminals[i%len(terminals)]
		body, count := terminal.NewOrder, &want.NewOrders
		if i%2 == 0 {
			terminal.DrawPayment()
			body, count = terminal.Payment, &want.Payments
		} else {
			terminal.DrawNewOrder()
		}
		switch err := store.Update(t.Context(), body); {
		case err == nil:
			*count++
		case errors.Is(err, ErrUnused):
			unused++
		default:
			t.Fatal(err)
		}
	}
	return want, unused
}

// The tables are consistent at first and after transactions, of which a few roll back.
func TestConsistent(t *testing.T) {
	for _, s := range []Scale{small, {1, 1, 1, 1}, {1, 10, 3, 1}, {3, 1, 100, 7}} {
		store := filled(t, s)
		if got, err := checked(t, s, store); err != nil || got != (Totals{}) {
			t.Errorf("%+v, the population: got %+v, %v, want none", s, got, err)
		}
		want, unused := played(t, s, store)
		if got, err := checked(t, s, store); err != nil || got != want {
			t.Errorf("%+v: got %+v, %v, want %+v", s, got, err, want)
		}
		if unused == 0 || unused > 50 {
			t.Errorf("%+v: got %d New-Orders of an unused item in 500, want about 5", s, unused)
		}
	}
}

// Each condition sees what it is for.
func TestEachConditionIsChecked(t *testing.T) {
	const order, fresh = 1, 11 // delivered, and one of the load
	add := func(f field, v int64) func(row) row { return func(r row) row { return r.add(f, v) } }
	gone := func(row) row { return nil }
	made := func(bytes int) func(row) row { return func(row) row { return make(row, bytes) } }
	for _, c := range []struct {
		key  uint64
		edit func(row) row
		want string
	}{
		{keyOf(warehouses, 1, 0, 0), add(wYTD, 1), "condition 8"},
		{keyOf(districts, 1, 1, 0), add(dNext, 1), "condition 2"},
		{keyOf(newOrders, 1, 1, fresh), gone, "condition 3"},
		{keyOf(orders, 1, 1, fresh), gone, "condition 11"},
		{keyOf(orders, 1, 1, fresh), add(oLines, 1), "condition 6"},
		{lineKey(1, 1, order, 1), gone, "condition 6"},
		{lineKey(1, 1, 4000, 1), func(row) row { return make(row, lineBytes).set(lItem, 1).set(lSupply, 1) }, "condition 4"},
		{keyOf(orders, 1, 1, fresh), add(oCarrier, 1), "condition 5"},
		{lineKey(1, 1, fresh, 1), add(lDelivered, 1), "condition 7"},
		{keyOf(districts, 1, 1, 0), add(dYTD, 1), "condition 9"},
		{keyOf(customers, 1, 1, 1), add(cBalance, 1), "condition 10"},
		{keyOf(customers, 1, 1, 1), add(cPaid, 1), "condition 12"},
		{keyOf(stocks, 1, 0, 1), add(sYTD, 1), "stock of item 1"},
		{keyOf(stocks, 1, 0, 1), add(sOrders, 1), "stock of item 1"},
		{keyOf(histories, 1, 1, 1), gone, "condition 9"},
		{keyOf(customers, 1, 1, 1), made(7), "has 7 bytes"},
	} {
		store := filled(t, small)
		played(t, small, store)
		if err := store.Update(t.Context(), func(tx txn.Tx) error {
			old, err := tx.Get(c.key)
			if err != nil {
				return err
			}
			edited := c.edit(slices.Clone(row(old)))
			if edited == nil {
				return tx.Delete(c.key)
			}
			return tx.Put(c.key, edited)
		}); err != nil {
			t.Fatal(err)
		}
		_, err := checked(t, small, store)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("key %#x: got %v, want an error with %q", c.key, err, c.want)
		}
	}
}

// Condition 1 is between rows that a payment changes, and is checked beside others.
func TestYears(t *testing.T) {
	store := filled(t, small)
	var err error
	if viewErr := store.Update(t.Context(), func(tx txn.Tx) error {
		r, getErr := get(tx, keyOf(districts, 2, 1, 0), districtBytes)
		err = errors.Join(getErr, small.Years(tx, 2), tx.Put(keyOf(districts, 2, 1, 0), slices.Clone(r).add(dYTD, 1)))
		if err == nil {
			err = small.Years(tx, 2)
		}
		return nil
	}); viewErr != nil {
		t.Fatal(viewErr)
	}
	if err == nil || !strings.Contains(err.Error(), "condition 1 ") {
		t.Errorf("got %v, want an error of condition 1", err)
	}
}

// NURand has the constants of TPC-C at its sizes, and reaches all numbers at any.
func TestNonUniform(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{1, 2, 3, 10, 100} {
		seen := map[int]bool{}
		for range 200 * n {
			seen[nonUniform(rng, n, customerShare)] = true
		}
		if all := slices.Sorted(maps.Keys(seen)); len(all) != n || all[0] != 1 || all[n-1] != n {
			t.Errorf("of %d: got %d numbers from %d to %d, want all from 1", n, len(all), all[0], all[len(all)-1])
		}
	}
	// The numbers with many ones in binary are hot: more so than a uniform choice has it.
	counts := map[int]int{}
	const draws = 30_000
	for range draws {
		counts[nonUniform(rng, 3000, customerShare)]++
	}
	most := slices.Max(slices.Collect(maps.Values(counts)))
	if most < 5*draws/3000 {
		t.Errorf("the hottest of 3000 customers: got it %d times in %d, want more than 5 times its share", most, draws)
	}
}
