package counter

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/puzpuzpuz/xsync/v4"
	uber "go.uber.org/atomic"
)

// Xsync is the striped counter of the module xsync. The module documents that a Reset can
// lose an Add that runs at the same time, so Xsync does not offer Reset.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, Counter.
// Progress: lock-free. Space: a line for each processor, rounded up to a power of two.
// Ordering: Load is not atomic; it reads each word at a different time.
// Wins: many processors that add. Loses: Load.
//
// NewXsync makes it.
type Xsync struct{ *xsync.Counter }

// NewXsync makes a counter.
func NewXsync() Xsync { return Xsync{xsync.NewCounter()} }

// Load returns the sum.
func (c Xsync) Load() int64 { return c.Value() }

// Uber is the typed wrapper of the module go.uber.org/atomic.
//
// Source: go.uber.org/atomic v1.12.0, Int64.
// Progress: wait-free. Space: a word. Ordering: sequentially consistent.
// Wins, loses: as FetchAndAdd, whose instruction it uses.
//
// The zero value is 0; it must not be copied.
type Uber struct{ sum uber.Int64 }

// Add adds delta.
func (c *Uber) Add(delta int64) { c.sum.Add(delta) }

// Load returns the sum.
func (c *Uber) Load() int64 { return c.sum.Load() }

// Reset sets the sum to 0 and returns what it was.
func (c *Uber) Reset() int64 { return c.sum.Swap(0) }

// Prometheus is the counter of the monitoring client. It holds a float64, and beside it a
// word for whole numbers.
//
// Source: github.com/prometheus/client_golang v1.25.0, Counter.
// Progress: wait-free for whole numbers. Space: some words and a description. Ordering:
// that of sync/atomic.
// Wins: it can be exported. Loses: Load builds a message.
//
// NewPrometheus makes it. It rounds sums above 2^53, which its limit on SumBits states.
type Prometheus struct{ sum prometheus.Counter }

// NewPrometheus makes a counter.
func NewPrometheus() Prometheus {
	return Prometheus{prometheus.NewCounter(prometheus.CounterOpts{Name: "contend"})}
}

// Add adds delta.
func (c Prometheus) Add(delta int64) { c.sum.Add(float64(delta)) }

// Load returns the sum.
func (c Prometheus) Load() int64 {
	var m dto.Metric
	if err := c.sum.Write(&m); err != nil {
		panic(err) // cannot happen: the counter has no labels
	}
	return int64(m.GetCounter().GetValue())
}
