package cas

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/puzpuzpuz/xsync/v4"
	uber "go.uber.org/atomic"
)

// Xsync is the striped counter of the module xsync.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, Counter. Its Reset may lose an Add that comes meanwhile, and says so; so it is not offered here.
// Progress: lock-free. Space: a line a processor, rounded up to a power of two. Ordering: a Load is no instant.
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
// Wins, loses: as FetchAndAdd, which it calls.
//
// The zero value is 0; it must not be copied.
type Uber struct{ sum uber.Int64 }

// Add adds delta.
func (c *Uber) Add(delta int64) { c.sum.Add(delta) }

// Load returns the sum.
func (c *Uber) Load() int64 { return c.sum.Load() }

// Reset sets the sum to 0 and returns what it was.
func (c *Uber) Reset() int64 { return c.sum.Swap(0) }

// Prometheus is the counter of the monitoring client. It holds a float64, and a word beside it for whole numbers.
//
// Source: github.com/prometheus/client_golang, prometheus.Counter.
// Progress: wait-free for whole numbers. Space: some words and a description. Ordering: that of sync/atomic.
// Wins: it is exported. Loses: Load builds a message.
//
// NewPrometheus makes it; sums above 2^53 are rounded.
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
		panic(err) // a counter without labels has nothing that could fail
	}
	return int64(m.GetCounter().GetValue())
}
