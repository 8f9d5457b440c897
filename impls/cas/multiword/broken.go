package multiword

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// ownVerdict is MCAS that settles by its own claims. When a helper was faster, it finds
// new values in the words and takes the operation for failed.
type ownVerdict struct{ MCAS }

func (m *ownVerdict) CompareAndSwap(swaps []Swap) bool {
	o := m.start(swaps)
	status := o.claim()
	o.status.CompareAndSwap(undecided, status)
	return o.settle(status) // bug: MCAS goes by the operation's status
}
