package counter

// Batched gives each goroutine an Adder, which adds every batch of additions to the sum
// as one.
//
// Source: Boyd-Wickizer et al. 2010, §4.3 (sloppy counters).
// Progress: wait-free. Space: a word, and one for each Adder. Ordering: what an Adder
// keeps back is not in the sum.
// Wins: everywhere, if readers can wait. Loses: for each Adder that is not flushed, the
// sum lacks up to one batch.
//
// The zero value is 0; it must not be copied.
type Batched struct{ FetchAndAdd }

// batch is the sum at which an Adder stops keeping additions back.
const batch = 64

// Local returns an Adder.
func (c *Batched) Local() Adder { return &local{total: &c.FetchAndAdd} }

type local struct {
	total *FetchAndAdd
	kept  int64
}

// Add adds delta.
func (a *local) Add(delta int64) {
	a.kept += delta
	if a.kept >= batch {
		a.Flush()
	}
}

// Flush adds to the sum what was kept back.
func (a *local) Flush() {
	a.total.Add(a.kept)
	a.kept = 0
}
