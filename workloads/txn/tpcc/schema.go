// Package tpcc is the New-Order and the Payment transaction of TPC-C, on a store of bytes
// under numbers.
//
// A row is a value of fixed size. Its fields are words of 8 bytes. Text that no
// transaction looks at is zeros, so that the row has about the size that TPC-C gives it.
// Money is in cents, and rates are in hundredths of a percent.
//
// Source: TPC Benchmark C, revision 5.11, 2010: §1.3 (tables), §2.4 (New-Order), §2.5
// (Payment), §3.3.2 (consistency), §4.3.3 (population).
package tpcc

import "encoding/binary"

// The tables, as the highest bits of a key. Below them are the warehouse, the district and
// what is unique there. byName is the index of customers by their last names.
const (
	warehouses uint64 = iota
	districts
	customers
	byName
	histories
	newOrders
	orders
	orderLines
	items
	stocks
)

const (
	tableShift     = 60
	warehouseShift = 44
	districtShift  = 40
	lineShift      = 4  // below the number of an order: that of a line
	nameShift      = 24 // below the number of a last name: the place among those who have it
	terminalShift  = 23 // below the number of a terminal: that of a payment
)

// MaxTerminals is how many terminals there can be.
const MaxTerminals = 1<<(districtShift-terminalShift) - 1

// Districts is how many districts a warehouse has at most.
const Districts = 10

func keyOf(table uint64, w, d int, rest uint64) uint64 {
	return table<<tableShift | uint64(w)<<warehouseShift | uint64(d)<<districtShift | rest
}

// lineKey is the key of a line of an order.
func lineKey(w, d int, order uint64, line int) uint64 {
	return keyOf(orderLines, w, d, order<<lineShift|uint64(line))
}

// allOf returns the first and the last key of a table's rows in a district.
func allOf(table uint64, w, d int) (first, last uint64) {
	return keyOf(table, w, d, 0), keyOf(table, w, d+1, 0) - 1
}

// A row is the value of a row.
type row []byte

// A field is a word of a row.
type field int

func (r row) get(f field) int64 { return int64(binary.LittleEndian.Uint64(r[8*f:])) }

func (r row) set(f field, v int64) row {
	binary.LittleEndian.PutUint64(r[8*f:], uint64(v))
	return r
}

func (r row) add(f field, v int64) row { return r.set(f, r.get(f)+v) }

// The fields of WAREHOUSE, and its size.
const (
	wTax field = iota
	wYTD
	warehouseBytes = 96
)

// DISTRICT.
const (
	dTax field = iota
	dYTD
	dNext
	districtBytes = 104
)

// CUSTOMER. Its C_DATA is text that a payment changes.
const (
	cLast field = iota // the number that makes the last name
	cCredit
	cDiscount
	cBalance
	cPaid
	cPayments
	cData         = 160
	cDataBytes    = 500
	customerBytes = 664
)

// The values of C_CREDIT.
const (
	goodCredit = iota
	badCredit
)

// HISTORY.
const (
	hCustomer field = iota
	hCustomerDistrict
	hCustomerWarehouse
	hAmount
	historyBytes = 64
)

// ORDER.
const (
	oCustomer field = iota
	oEntered
	oCarrier // 0: none
	oLines
	oAllLocal
	orderBytes = 40
)

// newOrderBytes is the size of a row of NEW-ORDER, whose key says all.
const newOrderBytes = 8

// ORDER-LINE.
const (
	lItem field = iota
	lSupply
	lDelivered // 0: not yet
	lQuantity
	lAmount
	lineBytes = 64
)

// ITEM.
const (
	iPrice field = iota
	iImage
	iOriginal // 1: its data contain ORIGINAL
	itemBytes = 96
)

// STOCK.
const (
	sQuantity field = iota
	sYTD
	sOrders
	sRemote
	sOriginal
	stockBytes = 320
)
