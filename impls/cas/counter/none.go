package counter

// None adds without synchronization. It shows what the loop and the interface call cost.
type None struct{ sum int64 }

// Add adds delta.
func (c *None) Add(delta int64) { c.sum += delta }

// Load returns the sum.
func (c *None) Load() int64 { return c.sum }
