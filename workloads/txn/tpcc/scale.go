package tpcc

import (
	"math/bits"
	"math/rand/v2"
)

// Scale is the size of the tables. TPC-C has 10 districts, 3000 customers of each and
// 100,000 items.
type Scale struct{ Warehouses, Districts, Customers, Items int }

// The numbers that a customer and an item can have, at most.
const (
	MaxCustomers = 1 << 20
	MaxItems     = 1 << 24
)

// delivered returns how many of the first orders of a district are delivered: 70 %, as
// §4.3.3.1 has it.
func (s Scale) delivered() int { return s.Customers * 7 / 10 }

// names returns how many last names there are: three customers have the same one, and
// there are at most 1000.
func (s Scale) names() int { return max(1, min(1000, s.Customers/3)) }

// lastName returns the last name of a customer at first, as a number. The first of them
// have one each.
func (s Scale) lastName(customer int) int { return (customer - 1) % s.names() }

// nonUniform is the function NURand of §2.1.6 from 1 to n. Its constant A is the largest
// number of ones in binary up to n/share: 1023 for 3000 customers, 255 for 1000 last names
// with a share of 2, and 8191 for 100,000 items with a share of 8, as in TPC-C.
func nonUniform(rng *rand.Rand, n, share int) int {
	a := 1<<(bits.Len(uint(max(n/share, 1)+1))-1) - 1
	const c = 123 // any constant; see §2.1.6.1
	return ((rng.IntN(a+1)|(1+rng.IntN(n)))+c)%n + 1
}

// The shares of nonUniform.
const (
	customerShare = 2
	nameShare     = 2
	itemShare     = 8
)

func (s Scale) customer(rng *rand.Rand) int { return nonUniform(rng, s.Customers, customerShare) }
func (s Scale) item(rng *rand.Rand) int     { return nonUniform(rng, s.Items, itemShare) }
func (s Scale) name(rng *rand.Rand) int     { return nonUniform(rng, s.names(), nameShare) - 1 }
