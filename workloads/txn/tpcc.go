package txn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/txn/tpcc"
)

// tpccMix is New-Order and Payment of TPC-C. One warehouse is one hot record, and each
// district is another one.
var tpccMix = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "tpcc", Turn: "transaction", About: "n terminals enter the New-Orders and the Payments of TPC-C",
		Params: []harness.AnyParam{
			load.Goroutines, stores, paymentPct, districtsOf, customersOf, itemsOf, auditors, backoff,
		},
		Metrics:   metrics,
		CurveAxis: stores, Allocates: true, AtLeast: window,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(stores.In(1, 4), paymentPct.In(0, 50, 100))},
			Stress: []harness.Grid{
				harness.Over(
					load.Goroutines.In(1, 2, 4, 8), stores.In(1, 2), districtsOf.In(1, 2), customersOf.In(2, 7),
					itemsOf.In(1, 10), paymentPct.In(20, 50), auditors.In(0, 1), backoffs,
				),
			},
		},
		Share: 2,
	},
	Run: runTPCC,
}

// The parameters of TPC-C. The defaults are smaller than TPC-C has it, so that a window is
// filled soon.
var (
	stores = harness.Param[int]{
		Key: "warehouses", About: "warehouses, 1 to 1000", Default: 1, Valid: harness.Between(1, 1000),
	}
	paymentPct = harness.Param[int]{
		Key: "payment-pct", About: "transactions that are Payments, percent", Default: 50, Valid: harness.Between(0, 100),
	}
	districtsOf = harness.Param[int]{
		Key: "districts", About: "districts of a warehouse, 1 to 10; TPC-C has 10", Default: tpcc.Districts,
		Valid: harness.Between(1, tpcc.Districts),
	}
	customersOf = harness.Param[int]{
		Key: "customers", About: "customers of a district, as many as orders at first, 1 to 1048576; TPC-C has 3000",
		Default: 30, Valid: harness.Between(1, tpcc.MaxCustomers),
	}
	itemsOf = harness.Param[int]{
		Key: "items", About: "items, 1 to 16777215; TPC-C has 100000",
		Default: 1000, Valid: harness.Between(1, tpcc.MaxItems-1),
	}
	auditors = harness.Param[int]{
		Key: "auditors", About: "goroutines that check the consistency of a warehouse, 0 to 1000", Default: 0,
		Valid: harness.Between(0, 1000), Crowd: true,
	}
)

func runTPCC(t *harness.Trial, b txns.Backend) error {
	n := load.Goroutines.Of(t)
	if n > tpcc.MaxTerminals {
		return &harness.SkipError{Reason: fmt.Sprintf("TPC-C has at most %d terminals here", tpcc.MaxTerminals)}
	}
	scale := tpcc.Scale{
		Warehouses: stores.Of(t), Districts: districtsOf.Of(t), Customers: customersOf.Of(t), Items: itemsOf.Of(t),
	}
	fill := func(s txns.Store) error {
		c := &chunk{t: t, s: s}
		if err := scale.Populate(rand.New(rand.NewPCG(1, 1)), c.put); err != nil {
			return err
		}
		return c.flush()
	}
	return onStores(t, b, n, fill, func(w *harness.Window, s *site) error {
		all := make([]*operator, n)
		w.Go("terminal", n, func(w *harness.Worker) {
			o := &operator{Terminal: scale.NewTerminal(w.Rand(), w.ID), s: s, tally: &s.tallies[w.ID]}
			all[w.ID] = o
			for w.Next() {
				if err := o.transact(w.Rand().IntN(100) < paymentPct.Of(t)); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		if promises(t, isolated) {
			w.Go("auditor", auditors.Of(t), func(w *harness.Worker) {
				for w.Next() {
					if err := audit(t, s, scale, 1+w.Rand().IntN(scale.Warehouses), 1+w.Rand().IntN(scale.Districts)); err != nil {
						w.Fail(err)
						return
					}
				}
			})
		}
		w.Check(func() error { return checkTPCC(t, s, scale, all) })
		return nil
	})
}

// An operator is a worker of tpcc.
type operator struct {
	*tpcc.Terminal
	s     *site
	tally *tally

	want tpcc.Totals // what was committed
}

func (o *operator) transact(pays bool) error {
	body := o.NewOrder
	if pays {
		o.DrawPayment()
		body = o.Payment
	} else {
		o.DrawNewOrder()
	}
	err := o.s.Update(context.Background(), func(tx txns.Tx) error {
		o.tally.begin()
		err := body(tx)
		o.tally.now = uint64(o.Calls())
		return err
	})
	switch {
	case err == nil && pays:
		o.want.Payments++
	case err == nil:
		o.want.NewOrders++
	case pays || !errors.Is(err, tpcc.ErrUnused):
		return fmt.Errorf("a transaction that nothing forbids: %w", err)
	}
	o.tally.commit()
	return nil
}

// audit checks what is consistent also while others run: all of it in one transaction.
func audit(t *harness.Trial, s *site, scale tpcc.Scale, w, d int) error {
	return s.View(context.Background(), func(tx txns.Tx) error {
		if err := scale.Years(tx, w); err != nil || !promises(t, stable) {
			return err
		}
		return scale.Numbers(tx, w, d)
	})
}

func checkTPCC(t *harness.Trial, s *site, scale tpcc.Scale, all []*operator) error {
	if !promises(t, isolated) {
		return nil
	}
	var want tpcc.Totals
	for _, o := range all {
		want.NewOrders += o.want.NewOrders
		want.Payments += o.want.Payments
	}
	got, err := scale.Check(func(body func(txns.Tx) error) error { return s.View(t.Context, body) })
	if err == nil && got != want {
		err = fmt.Errorf("the tables have %d New-Orders and %d Payments, but %d and %d were committed",
			got.NewOrders, got.Payments, want.NewOrders, want.Payments)
	}
	return err
}

// A chunk puts rows, some in each transaction.
type chunk struct {
	t    *harness.Trial
	s    txns.Store
	rows []row
}

type row struct {
	key   uint64
	value []byte
}

func (c *chunk) put(key uint64, value []byte) error {
	c.rows = append(c.rows, row{key, value})
	if len(c.rows) < filled {
		return nil
	}
	return c.flush()
}

func (c *chunk) flush() error {
	err := c.s.Update(c.t.Context, func(tx txns.Tx) error {
		for _, r := range c.rows {
			if err := tx.Put(r.key, r.value); err != nil {
				return err
			}
		}
		return nil
	})
	c.rows = c.rows[:0]
	return err
}
