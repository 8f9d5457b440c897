package distlock

import (
	"time"

	"github.com/contendbench/contend/impls"
)

// expires is when the victim's key must be free at the latest, if the lock promises that at all, after the server has last heard of the victim.
func (c *scene) expires() time.Duration { return c.ttl + c.slack }

// crash kills the holder. A lock that promises to free what a dead process held does it at once, another one when its time has passed.
func crash(c *scene) error {
	before := c.others.Load()
	if err := c.strike("kill", c.victim.Kill, c.name, second(c.name)); err != nil {
		return err
	}
	limit := c.expires()
	if c.trial.Promises(impls.Released) {
		limit = c.slack
	}
	if err := c.takeover(c.struck, limit); err != nil {
		return err
	}
	c.goOn()
	return c.traffic(before)
}

// pause stops the holder for longer than its time to live, and lets it go on: late, and without knowing it.
func pause(c *scene) error {
	before := c.others.Load()
	if err := c.strike("pause", c.victim.Pause, c.name, second(c.name)); err != nil {
		return err
	}
	if !c.trial.Promises(impls.Expires) {
		return c.blocked(before)
	}
	if err := c.takeover(c.struck, c.expires()); err != nil {
		return err
	}
	c.goOn()
	if err := c.traffic(before); err != nil {
		return err
	}
	if err := c.ends("resume", c.victim.Resume); err != nil {
		return err
	}
	if err := c.comesBack(); err != nil {
		return err
	}
	return c.staleWrites()
}

// blocked is what remains of a pause where a lock does not expire: everybody waits until the holder has gone on and ends.
func (c *scene) blocked(before uint64) error {
	if err := c.nobody(3 * c.ttl); err != nil {
		return err
	}
	if err := c.traffic(before); err != nil {
		return err
	}
	if err := c.ends("resume", c.victim.Resume); err != nil {
		return err
	}
	if err := c.nobody(c.ttl / 2); err != nil {
		return err
	}
	return c.killHolder(c.slack)
}

// killHolder kills the victim, which holds the key, and waits for what follows.
func (c *scene) killHolder(limit time.Duration) error {
	if err := c.excuse(c.name, second(c.name)); err != nil {
		return err
	}
	c.line.Mark("kill the holder")
	from := time.Now()
	if err := c.victim.Kill(); err != nil {
		return err
	}
	return c.takeover(from, limit)
}

// partition cuts the victim off from the lock, not from the resource.
func partition(c *scene) error {
	before := c.others.Load()
	cut := map[string]func() error{
		"requests": func() error { c.proxy.requests.shut(); return nil },
		"replies":  func() error { c.proxy.replies.shut(); return nil },
		"both":     func() error { c.proxy.requests.shut(); c.proxy.replies.shut(); return nil },
		"closed":   func() error { c.proxy.refuse(); return nil },
	}[cutOff.Of(c.trial)]
	if err := c.strike("cut", cut, c.name, second(c.name)); err != nil {
		return err
	}
	// What the server still hears of the victim counts, until the victim has given up, which takes it as long.
	limit := c.ttl + c.expires()
	if err := c.takeover(c.struck, limit); err != nil {
		return err
	}
	if err := c.waitTold(noticed, limit); err != nil {
		return err
	}
	c.goOn()
	if err := c.traffic(before); err != nil {
		return err
	}
	if err := c.ends("heal", func() error { c.proxy.heal(); return nil }); err != nil {
		return err
	}
	return c.comesBack()
}
