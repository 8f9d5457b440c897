package txn

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
)

// money is what an account of SmallBank has, and how often that was changed.
type money struct {
	amount  int64
	version uint64
}

func getBalance(tx txns.Tx, key uint64) (money, error) {
	value, err := tx.Get(key)
	if err == nil && len(value) != 16 {
		err = fmt.Errorf("a transaction read %d bytes of an account that all keep, want 16", len(value))
	}
	if err != nil {
		return money{}, err
	}
	return balanceOf(value), nil
}

func balanceOf(value []byte) money {
	return money{int64(binary.LittleEndian.Uint64(value)), binary.LittleEndian.Uint64(value[8:])}
}

func putBalance(tx txns.Tx, key uint64, m money) error {
	value := binary.LittleEndian.AppendUint64(make([]byte, 0, 16), uint64(m.amount))
	return tx.Put(key, binary.LittleEndian.AppendUint64(value, m.version))
}

// A witness is a state of a customer's accounts, by their versions, in which a procedure
// found them or left them.
type witness struct{ customer, savings, checking uint64 }

// remembered is how many witnesses a worker keeps, the latest.
const remembered = 4096

// remember keeps what the transaction that was committed is witness to.
func (c *teller) remember() {
	switch c.do {
	case balance, amalgamate:
		c.keep(c.found)
	case writeCheck:
		c.keep(c.found)
		c.keep(witness{c.found.customer, c.found.savings, c.found.checking + 1})
	}
}

func (c *teller) keep(one witness) {
	if len(c.seen) < remembered {
		c.seen = append(c.seen, one)
		return
	}
	c.seen[c.at] = one
	c.at = (c.at + 1) % remembered
}

// checkSmallBank adds up all money, looks for savings that were overdrawn, and for
// procedures that cannot have run one after the other.
func checkSmallBank(t *harness.Trial, s *site, size int, tellers []*teller) error {
	want, got := int64(2*deposited*size), int64(0)
	var all []witness
	for _, c := range tellers {
		want += c.committed
		all = append(all, c.seen...)
	}
	for _, table := range []uint64{savingsTable, checkingTable} {
		err := inChunks(size, func(from, to int) error {
			part, count := int64(0), 0
			err := s.View(t.Context, func(tx txns.Tx) error {
				part, count = 0, 0
				var overdrawn error
				err := tx.Scan(table+uint64(from), table+uint64(to-1), func(key uint64, value []byte) bool {
					m := balanceOf(value)
					part += m.amount
					count++
					if table == savingsTable && m.amount < 0 {
						overdrawn = fmt.Errorf("the savings of customer %d are overdrawn: %d", key-table, m.amount)
					}
					return true
				})
				if !promises(t, isolated) {
					overdrawn = nil
				}
				return errors.Join(err, overdrawn)
			})
			got += part
			if err == nil && count != to-from {
				err = fmt.Errorf("a scan of %d accounts saw %d", to-from, count)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	switch {
	case got != want && promises(t, isolated):
		return fmt.Errorf("the accounts hold %d, but %d were paid in and not paid out", got, want)
	case promises(t, serial):
		return inOneOrder(all)
	}
	return nil
}

// inOneOrder returns an error if a customer's accounts had two states that cannot follow
// each other: one has the older savings, and the other one the older checking account.
// Under snapshot isolation, WriteCheck leaves such a state after a Balance has seen the
// savings of a TransactSavings that committed beside it.
func inOneOrder(all []witness) error {
	slices.SortFunc(all, func(a, b witness) int {
		return cmp.Or(
			cmp.Compare(a.customer, b.customer), cmp.Compare(a.checking, b.checking), cmp.Compare(a.savings, b.savings),
		)
	})
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.customer == b.customer && a.savings > b.savings {
			return fmt.Errorf("write skew: the accounts of customer %d had versions %d (savings) and %d (checking), "+
				"and also %d and %d", a.customer, a.savings, a.checking, b.savings, b.checking)
		}
	}
	return nil
}
