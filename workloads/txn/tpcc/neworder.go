package tpcc

import (
	"errors"

	"github.com/contendbench/contend/impls/txn"
)

// ErrUnused rolls a New-Order back whose last item does not exist (§2.4.1.4).
var ErrUnused = errors.New("no item has this number")

// A newOrder is the input of a New-Order (§2.4.1).
type newOrder struct {
	district, customer int
	lines              []line
	local              bool
}

type line struct{ item, supply, quantity int }

// DrawNewOrder draws the input of the next New-Order.
func (t *Terminal) DrawNewOrder() {
	o := &t.order
	o.district, o.customer = 1+t.rng.IntN(t.scale.Districts), t.scale.customer(t.rng)
	o.lines, o.local = o.lines[:0], true
	for range 5 + t.rng.IntN(11) {
		l := line{t.scale.item(t.rng), t.home, 1 + t.rng.IntN(10)}
		if t.scale.Warehouses > 1 && t.rng.IntN(100) == 0 {
			l.supply, o.local = t.another(), false
		}
		o.lines = append(o.lines, l)
	}
	if t.rng.IntN(100) == 0 {
		o.lines[len(o.lines)-1].item = t.scale.Items + 1
	}
}

// another draws another warehouse than the terminal's.
func (t *Terminal) another() int {
	return 1 + (t.home+t.rng.IntN(t.scale.Warehouses-1))%t.scale.Warehouses
}

// NewOrder is the body of a New-Order (§2.4.2).
func (t *Terminal) NewOrder(tx txn.Tx) error {
	t.calls = 0
	o := &t.order
	warehouse, err := t.must(tx, keyOf(warehouses, t.home, 0, 0), warehouseBytes)
	if err != nil {
		return err
	}
	tax := warehouse.get(wTax)
	district, err := t.change(tx, keyOf(districts, t.home, o.district, 0), districtBytes, func(r row) { r.add(dNext, 1) })
	if err != nil {
		return err
	}
	tax += district.get(dTax)
	number := uint64(district.get(dNext) - 1)
	customer, err := t.must(tx, keyOf(customers, t.home, o.district, uint64(o.customer)), customerBytes)
	if err != nil {
		return err
	}
	if err := t.insertOrder(tx, number); err != nil {
		return err
	}
	total := int64(0)
	for i, l := range o.lines {
		amount, err := t.orderLine(tx, number, i+1, l)
		if err != nil {
			return err
		}
		total += amount
	}
	// What the terminal shows, and nothing stores.
	_ = total * (fullCredit - customer.get(cDiscount)) / fullCredit * (fullCredit + tax) / fullCredit
	return nil
}

func (t *Terminal) insertOrder(tx txn.Tx, number uint64) error {
	o := &t.order
	clear(t.scratch[:orderBytes])
	r := t.scratch[:orderBytes].set(oCustomer, int64(o.customer)).set(oEntered, int64(number))
	r.set(oLines, int64(len(o.lines)))
	if o.local {
		r.set(oAllLocal, 1)
	}
	if err := t.put(tx, keyOf(orders, t.home, o.district, number), r); err != nil {
		return err
	}
	return t.put(tx, keyOf(newOrders, t.home, o.district, number), make(row, newOrderBytes))
}

// orderLine orders an item, and returns the price of it all.
func (t *Terminal) orderLine(tx txn.Tx, order uint64, number int, l line) (amount int64, err error) {
	item, err := t.read(tx, keyOf(items, 0, 0, uint64(l.item)), itemBytes)
	if err != nil {
		return 0, err
	}
	if item == nil {
		return 0, ErrUnused
	}
	amount = item.get(iPrice) * int64(l.quantity)
	_, err = t.change(tx, keyOf(stocks, l.supply, 0, uint64(l.item)), stockBytes, func(r row) {
		left := r.get(sQuantity) - int64(l.quantity)
		if left < 10 {
			left += 91
		}
		r.set(sQuantity, left).add(sYTD, int64(l.quantity)).add(sOrders, 1)
		if l.supply != t.home {
			r.add(sRemote, 1)
		}
	})
	if err != nil {
		return 0, err
	}
	clear(t.scratch[:lineBytes])
	r := t.scratch[:lineBytes].set(lItem, int64(l.item)).set(lSupply, int64(l.supply))
	r.set(lQuantity, int64(l.quantity)).set(lAmount, amount)
	return amount, t.put(tx, lineKey(t.home, t.order.district, order, number), r)
}
