package distlock

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/faults"
)

// late downgrades a violation to harness.ErrUnknown if one of the clients involved may
// have been stalled. The victim's clients are in its process, and all others in this one.
func (c *scene) late(err error, r report, clients []string) error {
	stall := time.Duration(0)
	for _, name := range clients {
		if name == c.name || name == second(c.name) {
			stall = max(stall, r.Stalls[c.name])
		} else {
			stall = max(stall, c.pulse.Stall())
		}
	}
	return faults.UnlessStalled(err, stall, c.maxStall())
}

// maxStall is the longest stall of a process that cannot make its leases late, even if
// another process stalls, too.
func (c *scene) maxStall() time.Duration { return c.ttl / 10 }

// tooLate is the error that something did not happen in time. It decides nothing if this
// process stalled for a good part of that time.
func (c *scene) tooLate(format string, args ...any) error {
	return faults.UnlessStalled(fmt.Errorf(format, args...), c.pulse.Stall(), c.slack/2)
}

// tooLong reports whether the servers were gone for so long that clients may have given
// up their leases.
func (c *scene) tooLong() bool { return c.gone > c.ttl/3 }

// settled is the verdict on a window.
func (c *scene) settled() error {
	r, err := c.report()
	if err != nil {
		return err
	}
	var certain, doubtful []error
	for _, w := range r.Wrong {
		if err := errors.New(w.Text); len(w.Late) == 0 {
			certain = append(certain, err)
		} else {
			doubtful = append(doubtful, c.late(err, r, w.Late))
		}
	}
	for _, text := range r.Told {
		if strings.HasPrefix(text, freed) {
			certain = append(certain, errors.New("the victim "+text))
		}
	}
	if c.tooLong() {
		doubtful = append(doubtful,
			fmt.Errorf("%w: the servers were gone for %v", harness.ErrUnknown, c.gone.Round(time.Millisecond)))
	}
	c.measure(r)
	c.cancel()
	c.closeAll()
	if len(certain) > 0 {
		return errors.Join(certain...)
	}
	return errors.Join(doubtful...)
}

// measure reports the window's metrics.
func (c *scene) measure(r report) {
	ms := func(d time.Duration) float64 { return d.Seconds() * 1e3 }
	if c.overtaken > 0 {
		c.window.Set(takeoverTime, ms(c.overtaken))
	}
	if c.recovered > 0 {
		c.window.Set(recoveryTime, ms(c.recovered))
	}
	c.window.Set(unavailableTime, ms(c.fault.Unavailable(c.entries...)))
	c.window.Set(staleAttempted, float64(r.Attempted))
	c.window.Set(staleRejected, float64(r.Rejected))
	c.window.Set(overlaps, float64(r.Overlaps))
}
