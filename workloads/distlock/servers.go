package distlock

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// skew disturbs the server's clock: it jumps ahead of the holder's time to live, or runs so fast that the holder's signs of life come too late.
// Any client may lose what it holds then, and a token must stop it.
func skew(c *scene) error {
	s := map[string]locks.Skew{
		"jump": {Jump: 2 * c.ttl, Rate: 1},
		"fast": {Rate: 5},
	}[clockGoes.Of(c.trial)]
	set := func(s locks.Skew) func() error {
		return func() error { return c.backend.Skew(c.trial.Context, c.cluster.Endpoint(), s) }
	}
	if err := c.strike("skew", set(s), everybody); err != nil {
		return err
	}
	if err := c.takeover(c.struck, c.expires()); err != nil {
		return err
	}
	if err := c.waitTold(noticed, c.expires()); err != nil {
		return err
	}
	c.goOn()
	if err := c.ends("right again", set(locks.Skew{Rate: 1})); err != nil {
		return err
	}
	return c.comesBack()
}

// restart kills all servers and starts them again, while the holder lives: it is still the holder then, and when it dies it loses the key.
func restart(c *scene) error {
	// A release that is under way when the server dies may have happened or not.
	c.mayLose.Store(true)
	if err := c.strike("kill", c.kill); err != nil {
		return err
	}
	if err := c.ends("restart", c.start); err != nil {
		return err
	}
	if c.gone = c.healed.Sub(c.struck); c.tooLong() {
		return c.serves()
	}
	if err := c.serves(); err != nil {
		return err
	}
	if err := c.nobody(c.ttl / 4); err != nil {
		return err
	}
	r, err := c.asks()
	if err != nil {
		return err
	}
	if len(r.Told) > 0 {
		return c.late(fmt.Errorf("the victim was not the holder any more: it told %q", r.Told), r, []string{c.name})
	}
	return c.killHolder(c.expires())
}

// tooLong reports whether the servers were gone for so long that clients may have given up.
func (c *scene) tooLong() bool { return c.gone > c.ttl/3 }

// outage kills all servers for longer than the time to live: the holder must give up by itself, and the servers go on afterwards.
func outage(c *scene) error {
	if err := c.strike("kill", c.kill, everybody); err != nil {
		return err
	}
	if err := c.waitTold(noticed, c.expires()); err != nil {
		return err
	}
	time.Sleep(time.Until(c.struck.Add(c.ttl + c.ttl/4)))
	if err := c.ends("restart", c.start); err != nil {
		return err
	}
	if err := c.serves(); err != nil {
		return err
	}
	c.goOn()
	return c.comesBack()
}

var errNotOurs = fmt.Errorf("%w: the servers are not ours to kill", harness.ErrUnknown)

func (c *scene) kill() error {
	if len(c.cluster.Nodes()) == 0 {
		return errNotOurs
	}
	c.killed.Store(true)
	return each(c.cluster.Nodes(), impls.Process.Kill)
}

func (c *scene) start() error {
	return each(c.cluster.Nodes(), func(p impls.Process) error { return p.Restart(c.trial.Context) })
}

// serves waits until somebody gets in on another key.
func (c *scene) serves() error {
	before := c.others.Load()
	for begin := time.Now(); c.others.Load() == before; time.Sleep(time.Millisecond) {
		if c.ctx.Err() != nil {
			return errBrokenOff
		}
		if time.Since(begin) > c.recovery() {
			return c.tooLate("nobody got any key within %v after the servers' fault", c.recovery())
		}
	}
	if !c.healed.IsZero() {
		c.recovered = time.Since(c.healed)
	}
	return nil
}

// leader kills the server that serves writes, of several: the others go on after a pause.
func leader(c *scene) error {
	i, err := c.cluster.Leader(c.trial.Context)
	if errors.Is(err, locks.ErrNoLeader) {
		i, err = 0, nil // any of them
	}
	if err != nil {
		return fmt.Errorf("%w: who leads: %w", harness.ErrUnknown, err)
	}
	if i >= len(c.cluster.Nodes()) {
		return errNotOurs
	}
	node := c.cluster.Nodes()[i]
	// The pause may be longer than a time to live.
	if err := c.strike("kill the leader", node.Kill, everybody); err != nil {
		return err
	}
	if err := c.serves(); err != nil {
		return err
	}
	c.goOn()
	if err := c.ends("restart", func() error { return node.Restart(c.trial.Context) }); err != nil {
		return err
	}
	return c.serves()
}

// each does something to all processes at once.
func each(processes []impls.Process, do func(impls.Process) error) error {
	errs := make([]error, len(processes))
	var group sync.WaitGroup
	for i, p := range processes {
		group.Go(func() { errs[i] = do(p) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
