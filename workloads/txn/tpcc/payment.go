package tpcc

import (
	"fmt"

	"github.com/contendbench/contend/impls/txn"
)

// A payment is the input of a Payment (§2.5.1).
type payment struct {
	district          int
	warehouse, origin int // of the customer: the warehouse, and the district
	customer          int // 0: by name
	name              int
	amount            int64
	number            uint64
}

// DrawPayment draws the input of the next Payment.
func (t *Terminal) DrawPayment() {
	t.payments++
	p := payment{district: 1 + t.rng.IntN(t.scale.Districts), warehouse: t.home, number: t.payments}
	p.origin = p.district
	if t.scale.Warehouses > 1 && t.rng.IntN(100) < 15 {
		p.warehouse, p.origin = t.another(), 1+t.rng.IntN(t.scale.Districts)
	}
	if t.rng.IntN(100) < 60 {
		p.name = t.scale.name(t.rng)
	} else {
		p.customer = t.scale.customer(t.rng)
	}
	p.amount = int64(1_00 + t.rng.IntN(5_000_00-1_00+1))
	t.payment = p
}

// Payment is the body of a Payment (§2.5.2).
func (t *Terminal) Payment(tx txn.Tx) error {
	t.calls = 0
	p := &t.payment
	_, err := t.change(tx, keyOf(warehouses, t.home, 0, 0), warehouseBytes, func(r row) { r.add(wYTD, p.amount) })
	if err != nil {
		return err
	}
	_, err = t.change(tx, keyOf(districts, t.home, p.district, 0), districtBytes, func(r row) { r.add(dYTD, p.amount) })
	if err != nil {
		return err
	}
	customer := p.customer
	if customer == 0 {
		if customer, err = t.named(tx); err != nil {
			return err
		}
	}
	_, err = t.change(tx, keyOf(customers, p.warehouse, p.origin, uint64(customer)), customerBytes, func(r row) {
		r.add(cBalance, -p.amount).add(cPaid, p.amount).add(cPayments, 1)
		if r.get(cCredit) == badCredit {
			t.note(r, customer)
		}
	})
	if err != nil {
		return err
	}
	clear(t.scratch[:historyBytes])
	r := t.scratch[:historyBytes].set(hCustomer, int64(customer)).set(hCustomerDistrict, int64(p.origin))
	r.set(hCustomerWarehouse, int64(p.warehouse)).set(hAmount, p.amount)
	return t.put(tx, keyOf(histories, t.home, p.district, uint64(t.number)<<terminalShift|p.number), r)
}

// named returns the customer in the middle of those of the name, rounded up.
func (t *Terminal) named(tx txn.Tx) (int, error) {
	p := &t.payment
	t.calls++
	var all []int
	first := keyOf(byName, p.warehouse, p.origin, uint64(p.name)<<nameShift)
	err := tx.Scan(first, first|(1<<nameShift-1), func(_ uint64, value []byte) bool {
		all = append(all, int(row(value).get(0)))
		return true
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("no customer of warehouse %d, district %d has last name %d", p.warehouse, p.origin, p.name)
	}
	if err != nil {
		return 0, err
	}
	return all[(len(all)+1)/2-1], nil
}

// note writes the payment at the front of the text of a customer with bad credit.
func (t *Terminal) note(r row, customer int) {
	p, data := &t.payment, r[cData:cData+cDataBytes]
	text := fmt.Sprintf("%d %d %d %d %d %d|", customer, p.origin, p.warehouse, p.district, t.home, p.amount)
	copy(data[len(text):], data)
	copy(data, text)
}
