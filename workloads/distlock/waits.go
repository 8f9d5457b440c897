package distlock

import (
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/faults"
)

// expiry is by when the victim's key must be free after the server last heard of the
// victim, if the lock promises that.
func (c *scene) expiry() time.Duration { return c.ttl + c.slack }

// maxPause is how long the servers may take to serve again after a fault of their own. No
// promise bounds that.
func (c *scene) maxPause() time.Duration { return c.ttl + 3*c.slack + c.backend.ElectionTimeout }

// poll is the time between two looks at what is awaited.
const poll = time.Millisecond

// report gets the resource's report.
func (c *scene) report() (report, error) {
	r, err := c.control.do(request{Do: "report"})
	if err != nil {
		return report{}, err
	}
	return *r.Report, nil
}

// awaitWrites waits until the victim has written twice, so that it has reported its
// stalls until now. It returns the report of that instant.
func (c *scene) awaitWrites() (r report, err error) {
	first := -1
	for start := time.Now(); ; time.Sleep(poll) {
		if r, err = c.report(); err != nil {
			return r, err
		}
		switch writes := r.Writes[c.name]; {
		case first < 0:
			first = writes
		case writes >= first+2 || len(r.Told) > 0:
			return r, nil
		}
		if time.Since(start) > c.slack {
			return r, fmt.Errorf("%w: the victim does not write", harness.ErrUnknown)
		}
	}
}

// awaitSuccessor waits until another client gets the victim's key. It returns the time
// since from.
func (c *scene) awaitSuccessor(from time.Time, limit time.Duration) (time.Duration, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case at := <-c.successors:
			if at.Before(from) {
				continue // the judge decides whether that was wrong
			}
			c.fault.Mark("takeover")
			return at.Sub(from), nil
		case <-c.ctx.Done():
			return 0, faults.ErrBrokenOff
		case <-timer.C:
			return 0, c.tooLate("no client got the victim's key within %v", limit)
		}
	}
}

// takeover waits until another client gets the victim's key after the fault's start.
func (c *scene) takeover(limit time.Duration) (err error) {
	c.overtaken, err = c.awaitSuccessor(c.fault.Started, limit)
	return err
}

// notEarly checks that the victim's key was not taken over before its time to live can be
// over. A living client sends some heartbeats during that time, so the last one was sent
// after the first part of it.
func (c *scene) notEarly() error {
	if c.overtaken >= c.ttl/4 {
		return nil
	}
	r, err := c.report()
	if err != nil {
		return err
	}
	return c.late(fmt.Errorf("another client got the victim's key %v after the fault, before its time to live of %v",
		c.overtaken.Round(time.Millisecond), c.ttl), r, []string{c.name})
}

// noSuccessor checks for a time that no other client gets the victim's key.
func (c *scene) noSuccessor(during time.Duration) error {
	select {
	case <-c.successors:
		r, err := c.awaitWrites()
		if err != nil && !errors.Is(err, harness.ErrUnknown) {
			return err
		}
		return c.late(errors.New("another client got the victim's key, whose lease had not ended"), r, []string{c.name})
	case <-c.ctx.Done():
		return faults.ErrBrokenOff
	case <-time.After(during):
		return nil
	}
}

// awaitTold waits until the victim has reported a text.
func (c *scene) awaitTold(text string, limit time.Duration) error {
	for start := time.Now(); ; time.Sleep(poll) {
		r, err := c.report()
		if err != nil {
			return err
		}
		if r.has(text) {
			return nil
		}
		if c.ctx.Err() != nil {
			return faults.ErrBrokenOff
		}
		if time.Since(start) > limit {
			return c.tooLate("within %v the victim reported %q, and not that it %s", limit, r.Told, text)
		}
	}
}

// awaitReturn waits for what a surviving victim does: its release reports that the lease
// was lost, and then it gets the key again.
func (c *scene) awaitReturn() error {
	for _, text := range []string{released, back} {
		if err := c.awaitTold(text, c.maxPause()); err != nil {
			return err
		}
	}
	return nil
}

// awaitService waits until a client gets another key.
func (c *scene) awaitService() error {
	served, err := c.others.Await(c.ctx, c.maxPause())
	if err == nil && !served {
		err = c.tooLate("no client got any key within %v after the servers' fault", c.maxPause())
	}
	return err
}

// recover notes how long after the fault's end a client was served again, after a wait
// for that.
func (c *scene) recover(err error) error {
	if err == nil {
		c.recovered = time.Since(c.fault.Ended)
	}
	return err
}

// traffic checks that clients got other keys during the fault.
func (c *scene) traffic(before uint64) error {
	if len(c.keys) == 1 {
		return nil
	}
	return c.others.AtLeast(1, before)
}
