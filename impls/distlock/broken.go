package distlock

import "time"

// The seeded bugs: each is its twin minus one idea, and none may be used.

// unowned is core that frees a key for whoever asks.
type unowned struct{ *core }

func (c *unowned) release(s *session, m message) {
	c.free(s, m, c.holder(m.key)) // bug: core asks whether it is this acquisition that holds
}

// byOwner is core that knows an acquisition by its client only: a late second release frees what the client has acquired since.
type byOwner struct{ *core }

func (c *byOwner) release(s *session, m message) {
	r := c.holder(m.key)
	if r != nil && r.session != s { // bug: core compares the token, too
		r = nil
	}
	c.free(s, m, r)
}

// notAgain is core that looks at a client when it begins to wait, and not when its turn comes.
type notAgain struct{ *core }

func (c *notAgain) serve() {
	for _, l := range c.freed {
		if l.holder == nil && len(l.line) > 0 {
			c.grant(l.first()) // bug: core passes over who has ended meanwhile
		}
		c.tidy(l)
	}
	c.freed = c.freed[:0]
}

// byConnection is core that takes an open connection for a sign of life, which outlives its client's.
type byConnection struct{ *core }

func (c *byConnection) expire(now time.Duration) {
	for _, s := range c.sessions {
		if s.open { // bug: core waits for the client to say something
			s.heard = now
		}
	}
	c.core.expire(now)
}

// forgetful is core that restores the holders, and not the counter.
type forgetful struct{ *core }

func (c *forgetful) restore(now time.Duration, log []message) {
	c.core.restore(now, log)
	c.token = 0 // bug: core goes on where it was
}
