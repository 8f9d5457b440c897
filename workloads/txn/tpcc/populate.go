package tpcc

import "math/rand/v2"

// The amounts of the population, in cents.
const (
	paidFirst  = 10_00
	maxAmount  = 9_999_99
	maxPrice   = 100_00
	fullCredit = 10_000 // hundredths of a percent
)

// Populate calls put with each row of the tables, by §4.3.3.1. The values are put's to
// keep.
func (s Scale) Populate(rng *rand.Rand, put func(key uint64, value []byte) error) error {
	for i := 1; i <= s.Items; i++ {
		r := make(row, itemBytes).set(iPrice, int64(1_00+rng.IntN(maxPrice-1_00+1)))
		r.set(iImage, int64(1+rng.IntN(10_000))).set(iOriginal, oneIn(rng, 10))
		if err := put(keyOf(items, 0, 0, uint64(i)), r); err != nil {
			return err
		}
	}
	for w := 1; w <= s.Warehouses; w++ {
		r := make(row, warehouseBytes).set(wTax, int64(rng.IntN(2001)))
		r.set(wYTD, int64(s.Districts*s.Customers*paidFirst))
		if err := put(keyOf(warehouses, w, 0, 0), r); err != nil {
			return err
		}
		for i := 1; i <= s.Items; i++ {
			r := make(row, stockBytes).set(sQuantity, int64(10+rng.IntN(91))).set(sOriginal, oneIn(rng, 10))
			if err := put(keyOf(stocks, w, 0, uint64(i)), r); err != nil {
				return err
			}
		}
		for d := 1; d <= s.Districts; d++ {
			if err := s.populateDistrict(rng, w, d, put); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s Scale) populateDistrict(rng *rand.Rand, w, d int, put func(key uint64, value []byte) error) error {
	r := make(row, districtBytes).set(dTax, int64(rng.IntN(2001)))
	r.set(dYTD, int64(s.Customers*paidFirst)).set(dNext, int64(s.Customers+1))
	if err := put(keyOf(districts, w, d, 0), r); err != nil {
		return err
	}
	places := make([]int, s.names()) // C_FIRST is random, so any order of those of one name is
	for c := 1; c <= s.Customers; c++ {
		name := s.lastName(c)
		r := make(row, customerBytes).set(cLast, int64(name)).set(cCredit, oneIn(rng, 10))
		r.set(cDiscount, int64(rng.IntN(5001))).set(cBalance, -paidFirst).set(cPaid, paidFirst).set(cPayments, 1)
		h := make(row, historyBytes).set(hCustomer, int64(c)).set(hCustomerDistrict, int64(d))
		h.set(hCustomerWarehouse, int64(w)).set(hAmount, paidFirst)
		for key, value := range map[uint64]row{
			keyOf(customers, w, d, uint64(c)):                                 r,
			keyOf(byName, w, d, uint64(name)<<nameShift|uint64(places[name])): make(row, 8).set(0, int64(c)),
			keyOf(histories, w, d, uint64(c)):                                 h,
		} {
			if err := put(key, value); err != nil {
				return err
			}
		}
		places[name]++
	}
	for i, c := range rng.Perm(s.Customers) {
		if err := s.populateOrder(rng, w, d, i+1, c+1, put); err != nil {
			return err
		}
	}
	return nil
}

func (s Scale) populateOrder(
	rng *rand.Rand, w, d, order, customer int, put func(key uint64, value []byte) error,
) error {
	n := 5 + rng.IntN(11)
	o := make(row, orderBytes).set(oCustomer, int64(customer)).set(oLines, int64(n)).set(oAllLocal, 1)
	delivered := order <= s.delivered()
	if delivered {
		o.set(oCarrier, int64(1+rng.IntN(10)))
	} else if err := put(keyOf(newOrders, w, d, uint64(order)), make(row, newOrderBytes)); err != nil {
		return err
	}
	for i := 1; i <= n; i++ {
		l := make(row, lineBytes).set(lItem, int64(1+rng.IntN(s.Items))).set(lSupply, int64(w)).set(lQuantity, 5)
		if delivered {
			l.set(lDelivered, 1)
		} else {
			l.set(lAmount, int64(1+rng.IntN(maxAmount)))
		}
		if err := put(lineKey(w, d, uint64(order), i), l); err != nil {
			return err
		}
	}
	return put(keyOf(orders, w, d, uint64(order)), o)
}

// oneIn returns 1 once in n calls, and 0 otherwise.
func oneIn(rng *rand.Rand, n int) int64 {
	if rng.IntN(n) == 0 {
		return 1
	}
	return 0
}
