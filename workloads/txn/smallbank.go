package txn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// smallbank is the procedures of SmallBank, whose mix under snapshot isolation has write
// skew: WriteCheck reads the savings that TransactSavings changes.
//
// Source: Alomari et al. 2008, "The Cost of Serializability on Platforms That Use Snapshot
// Isolation", ICDE, §III; Cahill 2009, §5.1. SendPayment is that of H-Store.
var smallbank = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "smallbank", Turn: "transaction",
		About:     "n workers call the six procedures of a bank, mostly for hot customers",
		Params:    []harness.AnyParam{load.Goroutines, customers, hot, hotPct, yields, backoff},
		Metrics:   metrics,
		CurveAxis: hot, Allocates: true, AtLeast: window,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(hot.In(10, 100, 1000), load.Goroutines.In(2, 8))},
			Stress: yielding(yields.In(1, 3),
				harness.Within(load.Goroutines, 2, 16), harness.Within(customers, 2, 200), hot.In(1, 2, 10),
			),
		},
		Share: 2,
	},
	Run: runSmallBank,
}

var (
	customers = harness.Param[int]{
		Key: "customers", About: "customers, 2 to 1000000", Default: 10_000, Valid: harness.Between(2, 1_000_000),
	}
	hot = harness.Param[int]{
		Key: "hot", About: "hot customers, at most all, 1 to 1000000", Default: 100, Valid: harness.Between(1, 1_000_000),
	}
	hotPct = harness.Param[int]{
		Key: "hot-pct", About: "transactions for hot customers, percent", Default: 90, Valid: harness.Between(0, 100),
	}
)

// The tables of SmallBank. The number of a customer is the rest of a key.
const (
	accountTable  uint64 = iota << 32
	savingsTable  uint64 = iota << 32
	checkingTable uint64 = iota << 32
)

// A procedure is a transaction of SmallBank.
type procedure uint8

const (
	balance procedure = iota
	depositChecking
	transactSavings
	amalgamate
	writeCheck
	sendPayment
	procedures
)

// deposited is what each of a customer's two accounts has at first.
const deposited = 1000

func runSmallBank(t *harness.Trial, b txns.Backend) error {
	n, size := load.Goroutines.Of(t), customers.Of(t)
	fill := func(s txns.Store) error {
		return inChunks(size, func(from, to int) error {
			return s.Update(t.Context, func(tx txns.Tx) error {
				for c := uint64(from); c < uint64(to); c++ {
					err := errors.Join(
						tx.Put(accountTable|c, setCounter(make([]byte, 8), c)),
						putBalance(tx, savingsTable|c, money{deposited, 0}), putBalance(tx, checkingTable|c, money{deposited, 0}))
					if err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	return onStores(t, b, n, fill, func(w *harness.Window, s *site) error {
		tellers := make([]*teller, n)
		w.Go("worker", n, func(w *harness.Worker) {
			c := &teller{
				rng: w.Rand(), s: s, tally: &s.tallies[w.ID],
				size: size, hot: min(hot.Of(t), size), hotPct: hotPct.Of(t), yields: yields.Of(t),
			}
			c.body = c.call
			tellers[w.ID] = c
			for w.Next() {
				if err := c.transact(); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error { return checkSmallBank(t, s, size, tellers) })
		return nil
	})
}

// A teller is a worker of smallbank.
type teller struct {
	rng               *rand.Rand
	s                 *site
	tally             *tally
	size, hot, hotPct int
	yields            int // after each read of an account
	body              func(txns.Tx) error

	do     procedure
	one    uint64 // the customer
	other  uint64 // of amalgamate and sendPayment
	amount int64
	change int64 // of all money by this attempt
	found  witness

	committed int64 // changes of all money
	seen      []witness
	at        int // of seen, once it is full
}

// errRefused is the error by which a procedure rolls back.
var errRefused = errors.New("the account has too little")

// transact calls the next procedure.
func (c *teller) transact() error {
	c.do, c.amount = procedure(c.rng.IntN(int(procedures))), int64(1+c.rng.IntN(deposited/2))
	c.one, c.other = c.customer(), c.customer()
	for c.other == c.one {
		c.other = uint64(c.rng.IntN(c.size))
	}
	run := c.s.Update
	if c.do == balance {
		run = c.s.View
	}
	err := run(context.Background(), c.body)
	if err != nil && !errors.Is(err, errRefused) {
		return fmt.Errorf("calling a procedure: %w", err)
	}
	c.tally.commit()
	if err == nil {
		c.committed += c.change
		c.remember()
	}
	return nil
}

func (c *teller) customer() uint64 {
	if c.rng.IntN(100) < c.hotPct {
		return uint64(c.rng.IntN(c.hot))
	}
	return uint64(c.rng.IntN(c.size))
}

// call is the body of a transaction.
func (c *teller) call(tx txns.Tx) error {
	c.tally.begin()
	c.change = 0
	if err := c.lookUp(tx, c.one); err != nil {
		return err
	}
	switch c.do {
	case balance:
		return c.balance(tx)
	case depositChecking:
		c.change = c.amount
		return c.add(tx, checkingTable|c.one, c.amount)
	case transactSavings:
		return c.transactSavings(tx)
	case amalgamate:
		return c.amalgamate(tx)
	case writeCheck:
		return c.writeCheck(tx)
	default:
		return c.sendPayment(tx)
	}
}

// lookUp finds the account of a customer.
func (c *teller) lookUp(tx txns.Tx, customer uint64) error {
	c.tally.now++
	value, err := tx.Get(accountTable | customer)
	if err != nil {
		return err
	}
	n, err := counterOf(value)
	if err == nil && n != customer {
		err = fmt.Errorf("a transaction read the account of customer %d as that of %d", n, customer)
	}
	return err
}

func (c *teller) get(tx txns.Tx, key uint64) (money, error) {
	c.tally.now++
	defer yield(c.yields)
	return getBalance(tx, key)
}

func (c *teller) put(tx txns.Tx, key uint64, m money, amount int64) error {
	c.tally.now++
	return putBalance(tx, key, money{m.amount + amount, m.version + 1})
}

func (c *teller) add(tx txns.Tx, key uint64, amount int64) error {
	m, err := c.get(tx, key)
	if err != nil {
		return err
	}
	return c.put(tx, key, m, amount)
}

// both reads the savings and the checking account of the customer.
func (c *teller) both(tx txns.Tx) (savings, checking money, err error) {
	if savings, err = c.get(tx, savingsTable|c.one); err != nil {
		return savings, checking, err
	}
	checking, err = c.get(tx, checkingTable|c.one)
	c.found = witness{c.one, savings.version, checking.version}
	return savings, checking, err
}

func (c *teller) balance(tx txns.Tx) error {
	_, _, err := c.both(tx)
	return err
}

// transactSavings deposits, or withdraws at most what there is.
func (c *teller) transactSavings(tx txns.Tx) error {
	savings, err := c.get(tx, savingsTable|c.one)
	if err != nil {
		return err
	}
	c.change = c.amount
	if c.amount%2 == 0 {
		c.change = -c.amount
	}
	if savings.amount+c.change < 0 {
		return errRefused
	}
	return c.put(tx, savingsTable|c.one, savings, c.change)
}

// amalgamate moves all that a customer has to another one.
func (c *teller) amalgamate(tx txns.Tx) error {
	if err := c.lookUp(tx, c.other); err != nil {
		return err
	}
	savings, checking, err := c.both(tx)
	if err != nil {
		return err
	}
	if err := c.add(tx, checkingTable|c.other, savings.amount+checking.amount); err != nil {
		return err
	}
	if err := c.put(tx, savingsTable|c.one, savings, -savings.amount); err != nil {
		return err
	}
	return c.put(tx, checkingTable|c.one, checking, -checking.amount)
}

// writeCheck may overdraw the account. That costs 1 if both accounts have too little.
func (c *teller) writeCheck(tx txns.Tx) error {
	savings, checking, err := c.both(tx)
	if err != nil {
		return err
	}
	c.change = -c.amount
	if savings.amount+checking.amount < c.amount {
		c.change--
	}
	return c.put(tx, checkingTable|c.one, checking, c.change)
}

// sendPayment pays another customer out of what is in the checking account.
func (c *teller) sendPayment(tx txns.Tx) error {
	if err := c.lookUp(tx, c.other); err != nil {
		return err
	}
	checking, err := c.get(tx, checkingTable|c.one)
	if err != nil {
		return err
	}
	if checking.amount < c.amount {
		return errRefused
	}
	if err := c.add(tx, checkingTable|c.other, c.amount); err != nil {
		return err
	}
	return c.put(tx, checkingTable|c.one, checking, -c.amount)
}
