package counter

// Channel keeps the sum in a channel of capacity one. The goroutine that has received it
// owns it.
//
// Source: Hoare 1978, §5; Effective Go, Share by communicating.
// Progress: blocking; waiters sleep, in order of arrival. Space: a channel. Ordering:
// that of the channel.
// Wins: never. Loses: an addition costs two channel operations.
//
// NewChannel makes it.
type Channel struct{ sum chan int64 }

// NewChannel makes a counter.
func NewChannel() *Channel {
	c := &Channel{make(chan int64, 1)}
	c.sum <- 0
	return c
}

// Add adds delta.
func (c *Channel) Add(delta int64) { c.sum <- <-c.sum + delta }

// Load returns the sum.
func (c *Channel) Load() int64 {
	sum := <-c.sum
	c.sum <- sum
	return sum
}

// Reset sets the sum to 0 and returns what it was.
func (c *Channel) Reset() int64 {
	sum := <-c.sum
	c.sum <- 0
	return sum
}
