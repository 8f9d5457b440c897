package distlock

import "time"

// clock is the time that a server's leases run by. It is the process's own, until Skew disturbs it.
type clock struct {
	begin time.Time
	shown time.Duration // when begin was
	rate  float64
}

func newClock() *clock { return &clock{begin: time.Now(), rate: 1} }

// now is the time since the server's begin, by this clock.
func (c *clock) now() time.Duration {
	return c.shown + time.Duration(float64(time.Since(c.begin))*c.rate)
}

// until is how long it really takes until the clock shows t.
func (c *clock) until(t time.Duration) time.Duration {
	return time.Duration(float64(t-c.now()) / c.rate)
}

func (c *clock) skew(s Skew) {
	*c = clock{begin: time.Now(), shown: c.now() + s.Jump, rate: s.Rate}
}
