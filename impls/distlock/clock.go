package distlock

import (
	"time"

	"github.com/contendbench/contend/impls"
)

// clock is the time by which a server's leases run. It is the process's own clock until
// skew disturbs it.
type clock struct {
	start time.Time
	shown time.Duration // what the clock showed at start
	rate  float64
}

func newClock() *clock { return &clock{start: time.Now(), rate: 1} }

// now is the time since the server's start, by this clock.
func (c *clock) now() time.Duration {
	return c.shown + time.Duration(float64(time.Since(c.start))*c.rate)
}

// until is the real time until the clock shows t.
func (c *clock) until(t time.Duration) time.Duration {
	return time.Duration(float64(t-c.now()) / c.rate)
}

func (c *clock) skew(s impls.Skew) {
	*c = clock{start: time.Now(), shown: c.now() + s.Jump, rate: s.Rate}
}
