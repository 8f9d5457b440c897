package distlock

import "time"

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked.
// They prove that the checks find what they should. None of them may be used.

// unowned is core whose release frees a key for any client.
type unowned struct{ *core }

func (c *unowned) release(s *session, m message) {
	c.free(s, m, c.holder(m.key)) // bug: core checks that this acquisition is the holder
}

// byOwner is core that knows an acquisition by its client only. A repeated release then
// frees what the client has acquired since.
type byOwner struct{ *core }

func (c *byOwner) release(s *session, m message) {
	r := c.holder(m.key)
	if r != nil && r.session != s { // bug: core compares the token, too
		r = nil
	}
	c.free(s, m, r)
}

// notAgain is core that checks a client when it starts to wait, and not when its turn
// comes.
type notAgain struct{ *core }

func (c *notAgain) serve() {
	for _, l := range c.freed {
		if l.holder == nil && len(l.queue) > 0 {
			c.grant(l.first()) // bug: core skips requests that have ended
		}
		c.tidy(l)
	}
	c.freed = c.freed[:0]
}

// byConnection is core that takes an open connection for a heartbeat. A connection
// outlives a client that has stalled.
type byConnection struct{ *core }

func (c *byConnection) expire(now time.Duration) {
	for _, s := range c.sessions {
		if s.open { // bug: core waits for a message of the client
			s.heard = now
		}
	}
	c.core.expire(now)
}

// forgetful is core that restores the holders, and not the counter.
type forgetful struct{ *core }

func (c *forgetful) restore(now time.Duration, log []message) {
	c.core.restore(now, log)
	c.token = 0 // bug: core continues from the logged counter
}
