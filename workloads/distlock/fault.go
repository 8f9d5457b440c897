package distlock

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
)

// asks gets the resource's report.
func (c *scene) asks() (report, error) {
	r, err := c.control.do(request{Do: "report"})
	if err != nil {
		return report{}, err
	}
	return *r.Report, nil
}

// excuse tells the resource whom the fault hits.
func (c *scene) excuse(names ...string) error {
	for _, n := range names {
		if _, err := c.control.do(request{Do: "excuse", Text: n}); err != nil {
			return err
		}
		if n == everybody {
			c.mayLose.Store(true)
		}
	}
	return nil
}

// has reports whether the resource was told a text.
func (r report) has(text string) bool { return slices.Contains(r.Told, text) }

// isInside reports whether a client is inside.
func (r report) isInside(key, client string) bool { return slices.Contains(r.Inside, key+" "+client) }

// strike checks that the fault will hit a holder, excuses who may be late by it, and begins the fault.
func (c *scene) strike(name string, do func() error, excused ...string) error {
	r, err := c.lives()
	if err != nil {
		return err
	}
	if !r.isInside(c.keys[0], c.name) || len(r.Told) > 0 {
		return fmt.Errorf("%w: the fault would not have hit a holder: inside are %v, and the victim told %v", harness.ErrUnknown, r.Inside, r.Told)
	}
	if err := c.excuse(excused...); err != nil {
		return err
	}
	c.struck = time.Now()
	c.line.Mark(name)
	return do()
}

// lives waits until the victim has written twice, so that it has told how long it stood still until now, and returns the report of then.
func (c *scene) lives() (r report, err error) {
	first := -1
	for begin := time.Now(); ; time.Sleep(time.Millisecond) {
		if r, err = c.asks(); err != nil {
			return r, err
		}
		switch writes := r.Writes[c.name]; {
		case first < 0:
			first = writes
		case writes >= first+2 || len(r.Told) > 0:
			return r, nil
		}
		if time.Since(begin) > c.slack {
			return r, fmt.Errorf("%w: the victim does not write", harness.ErrUnknown)
		}
	}
}

// ends ends the fault.
func (c *scene) ends(name string, do func() error) error {
	c.line.Mark(name)
	err := do()
	c.healed = time.Now()
	return err
}

// takeover waits until another client has got in on the victim's key.
func (c *scene) takeover(from time.Time, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case at := <-c.heirs:
			if at.Before(from) {
				continue // the judge knows what that was
			}
			c.overtake = at.Sub(from)
			c.line.Mark("takeover")
			return nil
		case <-c.ctx.Done():
			return errBrokenOff
		case <-timer.C:
			return c.tooLate("nobody got the victim's key within %v", limit)
		}
	}
}

// nobody checks for a while that nobody gets in on the victim's key.
func (c *scene) nobody(while time.Duration) error {
	select {
	case <-c.heirs:
		r, err := c.lives()
		if err != nil && !errors.Is(err, harness.ErrUnknown) {
			return err
		}
		return c.late(errors.New("another client got the victim's key, whose lease had not ended"), r, []string{c.name})
	case <-c.ctx.Done():
		return errBrokenOff
	case <-time.After(while):
		return nil
	}
}

// errBrokenOff follows what a client has failed by.
var errBrokenOff = errors.New("the window was broken off")

// waitTold waits until the victim has told a text of itself.
func (c *scene) waitTold(text string, limit time.Duration) error {
	for begin := time.Now(); ; time.Sleep(time.Millisecond) {
		r, err := c.asks()
		if err != nil {
			return err
		}
		if r.has(text) {
			return nil
		}
		if c.ctx.Err() != nil {
			return errBrokenOff
		}
		if time.Since(begin) > limit {
			return c.tooLate("within %v the victim has not told that it %s, but %q", limit, text, r.Told)
		}
	}
}

// recovery is how long a pause may last that no promise bounds.
func (c *scene) recovery() time.Duration { return c.ttl + 3*c.slack + c.backend.Elects }

// comesBack waits for what a victim does that has survived: it notices its loss, is told so by its release, and gets in again.
func (c *scene) comesBack() error {
	for _, text := range []string{released, back} {
		if err := c.waitTold(text, c.recovery()); err != nil {
			return err
		}
	}
	c.recovered = time.Since(c.healed)
	return nil
}

// staleWrites checks that the victim did write late: otherwise a pause says nothing about tokens. After other faults it may notice in time.
func (c *scene) staleWrites() error {
	r, err := c.asks()
	if err == nil && r.Attempted == 0 && c.trial.Promises(impls.Fenced) {
		err = fmt.Errorf("%w: no stale write was attempted", harness.ErrUnknown)
	}
	return err
}

// traffic checks that others went on meanwhile.
func (c *scene) traffic(before uint64) error {
	if len(c.keys) > 1 && c.others.Load() == before {
		return fmt.Errorf("%w: there was no traffic on other keys during the fault", harness.ErrUnknown)
	}
	return nil
}

// goOn lets the load go on for a while, so that a timeline shows it.
func (c *scene) goOn() { time.Sleep(c.ttl / 2) }

// finish ends the victim, so that its key becomes free.
func (c *scene) finish() error {
	if err := c.excuse(c.name, second(c.name)); err != nil {
		return err
	}
	if err := c.victim.Kill(); !errors.Is(err, os.ErrProcessDone) { // the fault may have been its end
		return err
	}
	return nil
}
