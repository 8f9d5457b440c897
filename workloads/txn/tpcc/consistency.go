package tpcc

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/impls/txn"
)

// inconsistent is the error of a consistency condition of §3.3.2.
func inconsistent(condition, w, d int, format string, args ...any) error {
	where := fmt.Sprintf("warehouse %d, district %d", w, d)
	if d == 0 {
		where = fmt.Sprintf("warehouse %d", w)
	}
	return fmt.Errorf("consistency condition %d of TPC-C, %s: %s", condition, where, fmt.Sprintf(format, args...))
}

// each calls visit for all rows of a table in a district.
func each(tx txn.Tx, table uint64, w, d, bytes int, visit func(rest uint64, r row) error) error {
	first, last := allOf(table, w, d)
	var wrong error
	err := tx.Scan(first, last, func(key uint64, value []byte) bool {
		if len(value) != bytes {
			wrong = fmt.Errorf("the row of key %#x has %d bytes, want %d", key, len(value), bytes)
		} else {
			wrong = visit(key-first, value)
		}
		return wrong == nil
	})
	return errors.Join(err, wrong)
}

// get returns a row that is never deleted.
func get(tx txn.Tx, key uint64, bytes int) (row, error) { return new(Terminal).must(tx, key, bytes) }

// Years checks condition 1: W_YTD is the sum of D_YTD.
func (s Scale) Years(tx txn.Tx, w int) error {
	warehouse, err := get(tx, keyOf(warehouses, w, 0, 0), warehouseBytes)
	if err != nil {
		return err
	}
	sum := int64(0)
	for d := 1; d <= s.Districts; d++ {
		district, err := get(tx, keyOf(districts, w, d, 0), districtBytes)
		if err != nil {
			return err
		}
		sum += district.get(dYTD)
	}
	if ytd := warehouse.get(wYTD); ytd != sum {
		return inconsistent(1, w, 0, "W_YTD is %d, and the sum of D_YTD is %d", ytd, sum)
	}
	return nil
}

// Numbers checks conditions 2, 3 and 11 in a district: its last order has the number
// before D_NEXT_O_ID, also in NEW-ORDER, which has no gap, and the first orders alone
// are delivered.
func (s Scale) Numbers(tx txn.Tx, w, d int) error {
	district, err := get(tx, keyOf(districts, w, d, 0), districtBytes)
	if err != nil {
		return err
	}
	var count, waiting, first, last, lastOrder uint64
	err = each(tx, newOrders, w, d, newOrderBytes, func(number uint64, _ row) error {
		if waiting == 0 {
			first = number
		}
		waiting, last = waiting+1, number
		return nil
	})
	if err != nil {
		return err
	}
	err = each(tx, orders, w, d, orderBytes, func(number uint64, _ row) error {
		count, lastOrder = count+1, number
		return nil
	})
	if err != nil {
		return err
	}
	next := uint64(district.get(dNext))
	switch {
	case next-1 != lastOrder || waiting > 0 && next-1 != last:
		return inconsistent(2, w, d, "D_NEXT_O_ID is %d, max(O_ID) %d, max(NO_O_ID) %d", next, lastOrder, last)
	case waiting > 0 && last-first+1 != waiting:
		return inconsistent(3, w, d, "NEW-ORDER has %d rows from %d to %d", waiting, first, last)
	case count-waiting != uint64(s.delivered()):
		return inconsistent(11, w, d, "%d orders, and %d of them new, want %d others", count, waiting, s.delivered())
	}
	return nil
}

// Totals is what New-Orders and Payments have left in the tables.
type Totals struct{ NewOrders, Payments int }

// delivery is what an order says of its lines.
type delivery struct {
	lines    int64
	carrier  bool
	customer int64
}

// books is what the rows of some districts add up to.
type books struct {
	scale     Scale
	totals    Totals
	sum       int64            // of H_AMOUNT
	paid      map[uint64]int64 // H_AMOUNT by the key of the customer
	delivered map[uint64]int64 // OL_AMOUNT of delivered lines, likewise
	ordered   map[uint64]stock // of items by the key of the stock
}

type stock struct{ quantity, orders, remote int64 }

func (s Scale) newBooks() *books {
	return &books{scale: s, paid: map[uint64]int64{}, delivered: map[uint64]int64{}, ordered: map[uint64]stock{}}
}

// add adds the books of other districts.
func (b *books) add(other *books) {
	b.totals.NewOrders += other.totals.NewOrders
	b.totals.Payments += other.totals.Payments
	b.sum += other.sum
	for key, amount := range other.paid {
		b.paid[key] += amount
	}
	for key, amount := range other.delivered {
		b.delivered[key] += amount
	}
	for key, s := range other.ordered {
		all := b.ordered[key]
		b.ordered[key] = stock{all.quantity + s.quantity, all.orders + s.orders, all.remote + s.remote}
	}
}

// Check checks all conditions of §3.3.2 at rest, and that the stocks have lost what was
// ordered. view runs a transaction.
func (s Scale) Check(view func(func(txn.Tx) error) error) (Totals, error) {
	b := s.newBooks()
	for w := 1; w <= s.Warehouses; w++ {
		before := b.sum
		for d := 1; d <= s.Districts; d++ {
			var part *books
			err := view(func(tx txn.Tx) error {
				part = s.newBooks()
				return part.district(tx, w, d)
			})
			if err != nil {
				return Totals{}, err
			}
			b.add(part)
		}
		if err := view(func(tx txn.Tx) error { return s.year(tx, w, b.sum-before) }); err != nil {
			return Totals{}, err
		}
	}
	for w := 1; w <= s.Warehouses; w++ {
		if err := view(func(tx txn.Tx) error { return b.warehouse(tx, w) }); err != nil {
			return Totals{}, err
		}
	}
	return b.totals, nil
}

// year checks conditions 1 and 8 of a warehouse with a sum of H_AMOUNT.
func (s Scale) year(tx txn.Tx, w int, sum int64) error {
	warehouse, err := get(tx, keyOf(warehouses, w, 0, 0), warehouseBytes)
	if err != nil {
		return err
	}
	if ytd := warehouse.get(wYTD); ytd != sum {
		return inconsistent(8, w, 0, "W_YTD is %d, and the sum of H_AMOUNT is %d", ytd, sum)
	}
	return s.Years(tx, w)
}

// district checks conditions 2 to 7, 9 and 11.
func (b *books) district(tx txn.Tx, w, d int) error {
	if err := b.scale.Numbers(tx, w, d); err != nil {
		return err
	}
	if err := b.lines(tx, w, d); err != nil {
		return err
	}
	rows := 0
	err := each(tx, histories, w, d, historyBytes, func(_ uint64, r row) error {
		b.sum += r.get(hAmount)
		from := int(r.get(hCustomerWarehouse))
		b.paid[keyOf(customers, from, int(r.get(hCustomerDistrict)), uint64(r.get(hCustomer)))] += r.get(hAmount)
		rows++
		return nil
	})
	if err != nil {
		return err
	}
	b.totals.Payments = rows - b.scale.Customers
	district, err := get(tx, keyOf(districts, w, d, 0), districtBytes)
	if err == nil && district.get(dYTD) != b.sum {
		err = inconsistent(9, w, d, "D_YTD is %d, and the sum of H_AMOUNT is %d", district.get(dYTD), b.sum)
	}
	return err
}

// lines checks conditions 4 to 7.
func (b *books) lines(tx txn.Tx, w, d int) error {
	all := map[uint64]delivery{}
	total, rows := int64(0), int64(0)
	err := each(tx, orders, w, d, orderBytes, func(number uint64, r row) error {
		all[number] = delivery{r.get(oLines), r.get(oCarrier) != 0, r.get(oCustomer)}
		total += r.get(oLines)
		return nil
	})
	if err != nil {
		return err
	}
	isNew := map[uint64]bool{}
	err = each(tx, newOrders, w, d, newOrderBytes, func(number uint64, _ row) error {
		isNew[number] = true
		return nil
	})
	if err != nil {
		return err
	}
	for number, o := range all {
		if o.carrier == isNew[number] {
			return inconsistent(5, w, d, "order %d has a carrier: %v; it is in NEW-ORDER: %v", number, o.carrier, isNew[number])
		}
	}
	found := map[uint64]int64{}
	err = each(tx, orderLines, w, d, lineBytes, func(rest uint64, r row) error {
		number := rest >> lineShift
		rows++
		found[number]++
		o := all[number]
		if delivered := r.get(lDelivered) != 0; delivered != o.carrier {
			return inconsistent(7, w, d, "order %d has a carrier: %v; a line of it is delivered: %v",
				number, o.carrier, delivered)
		} else if delivered {
			b.delivered[keyOf(customers, w, d, uint64(o.customer))] += r.get(lAmount)
		}
		if number > uint64(b.scale.Customers) {
			b.order(r, w)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for number, o := range all {
		if found[number] != o.lines {
			return inconsistent(6, w, d, "order %d has O_OL_CNT %d, and %d lines", number, o.lines, found[number])
		}
	}
	if rows != total {
		return inconsistent(4, w, d, "the sum of O_OL_CNT is %d, and ORDER-LINE has %d rows", total, rows)
	}
	b.totals.NewOrders = len(all) - b.scale.Customers
	return nil
}

// order adds a line of an order of warehouse w.
func (b *books) order(r row, w int) {
	key := keyOf(stocks, int(r.get(lSupply)), 0, uint64(r.get(lItem)))
	s := b.ordered[key]
	s.quantity += r.get(lQuantity)
	s.orders++
	if r.get(lSupply) != int64(w) {
		s.remote++
	}
	b.ordered[key] = s
}

// warehouse checks conditions 10 and 12 of the customers of a warehouse, and its stocks.
func (b *books) warehouse(tx txn.Tx, w int) error {
	for d := 1; d <= b.scale.Districts; d++ {
		err := each(tx, customers, w, d, customerBytes, func(c uint64, r row) error {
			key := keyOf(customers, w, d, c)
			switch paid, delivered := b.paid[key], b.delivered[key]; {
			case r.get(cBalance) != delivered-paid:
				return inconsistent(10, w, d, "customer %d has C_BALANCE %d; %d are delivered, and H_AMOUNT adds up to %d",
					c, r.get(cBalance), delivered, paid)
			case r.get(cBalance)+r.get(cPaid) != delivered:
				return inconsistent(12, w, d, "customer %d has C_BALANCE %d and C_YTD_PAYMENT %d; %d are delivered",
					c, r.get(cBalance), r.get(cPaid), delivered)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return each(tx, stocks, w, 0, stockBytes, func(item uint64, r row) error {
		want := b.ordered[keyOf(stocks, w, 0, item)]
		if got := (stock{r.get(sYTD), r.get(sOrders), r.get(sRemote)}); got != want {
			return fmt.Errorf("stock of item %d in warehouse %d: S_YTD, S_ORDER_CNT, S_REMOTE_CNT are %v, but %v were ordered",
				item, w, got, want)
		}
		return nil
	})
}
