package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	accounts = harness.Param[int]{
		Key: "accounts", About: "accounts, 2 to 1000000", Default: 1000, Valid: harness.Between(2, 1_000_000),
	}
	transactions = size("transactions", "transactions of the teller", 50_000)
)

// bank moves money between accounts. An account waits for the answer of the other one
// before its next transaction, and puts aside what comes before. Money goes to accounts of
// a higher number only, so that accounts do not wait in a circle.
var bank = program{
	name: "bank", about: "accounts exchange money, one transaction at a time (Savina: Bank Transaction)",
	params: []harness.AnyParam{accounts, transactions}, per: per("transaction"), floods: true, curve: accounts,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(accounts.In(10, 1000))},
		Stress: []harness.Grid{harness.Over(
			harness.Within(accounts, 2, 500), harness.Within(transactions, 1, 1000), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, orders := accounts.Of(t), transactions.Of(t)
		return run{units: orders, play: func(s *stage) func() error { return playBank(s, n, orders) }}
	},
}

type (
	// transfer is an order of the teller.
	transfer struct{ from, to, amount int }

	debit    struct{ *transfer } // to the account that pays
	credit   struct{ *transfer } // to the account that is paid
	credited struct{ *transfer } // to the account that pays
)

// account is the state of an actor.
type account struct {
	balance int
	waits   bool  // for the answer to its transfer
	aside   []any // what came while it waited
}

// openingBalance is that of each account.
const openingBalance = 1 << 20

func playBank(s *stage, n, count int) func() error {
	orders := drawOrders(n, count)
	all, refs := make([]account, n), make([]actors.Ref, n)
	// The teller gives orders while answers come. Both never wait for each other.
	teller := s.spawn(count, countTo(s, count))
	for i := range all {
		a := &all[i]
		a.balance = openingBalance
		refs[i] = s.spawn(flooded, func(_ actors.Context, m any) { a.receive(s, refs, teller, m) })
	}
	for i := range orders {
		s.tell(refs[orders[i].from], debit{&orders[i]})
	}
	return func() error { return checkBank(all, orders) }
}

func drawOrders(n, count int) []transfer {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(count)))
	orders := make([]transfer, count)
	payers := max(n*8/10, 1)
	for i := range orders {
		from := rng.IntN(min(payers, n-1))
		orders[i] = transfer{from: from, to: from + 1 + rng.IntN(n-from-1), amount: rng.IntN(1000)}
	}
	return orders
}

func (a *account) receive(s *stage, refs []actors.Ref, teller actors.Ref, m any) {
	if _, ok := m.(credited); !ok && a.waits {
		a.aside = append(a.aside, m)
		return
	}
	for a.handle(s, refs, teller, m); !a.waits && len(a.aside) > 0; a.handle(s, refs, teller, m) {
		m = a.aside[0]
		a.aside = a.aside[1:]
	}
}

func (a *account) handle(s *stage, refs []actors.Ref, teller actors.Ref, m any) {
	switch m := m.(type) {
	case debit:
		a.balance -= m.amount
		a.waits = true
		s.tell(refs[m.to], credit(m))
	case credit:
		a.balance += m.amount
		s.tell(refs[m.from], credited(m))
	case credited:
		if !a.waits {
			s.fail(errors.New("an account got an answer that it did not wait for"))
		}
		a.waits = false
		s.tell(teller, starts{})
	}
}

// checkBank makes the orders again, one after the other.
func checkBank(all []account, orders []transfer) error {
	want := make([]int, len(all))
	for i := range want {
		want[i] = openingBalance
	}
	for _, o := range orders {
		want[o.from] -= o.amount
		want[o.to] += o.amount
	}
	var errs []error
	for i := range all {
		if got := all[i].balance; got != want[i] {
			errs = append(errs, fmt.Errorf("account %d: got balance %d, want %d", i, got, want[i]))
		}
	}
	return errors.Join(errs...)
}
