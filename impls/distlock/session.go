package distlock

import (
	"cmp"
	"slices"
	"time"
)

// tick ends the leases that may have ended at the server, and says how long to wait until the next tick. It returns the sign of life to post now, if
// link is not nil, and whether the link must be broken: because the server is silent, or because what goes over it would keep alive what
// has just ended here.
func (c *client) tick(now time.Time) (wait time.Duration, l link, alive message, broken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shortest == 0 {
		return time.Hour, nil, alive, false // sooner comes first
	}
	beat := c.shortest / 3
	wait = beat
	for token, l := range c.leases {
		left := c.known.Add(l.ttl).Sub(now)
		if left <= 0 {
			c.lose(token)
			broken = true
		} else {
			wait = min(wait, left)
		}
	}
	for _, k := range c.calls {
		broken = broken || k.op == opAlive && now.Sub(k.sent) >= c.shortest
	}
	if broken || c.link == nil || len(c.calls) == 0 && len(c.leases) == 0 {
		return wait, nil, alive, broken
	}
	if due := c.beaten.Add(beat).Sub(now); due > 0 {
		return min(wait, due), nil, alive, false
	}
	c.beaten = now
	k := newCall(message{op: opAlive})
	k.given = true
	c.register(k)
	return wait, c.link, k.message, false
}

// joined takes a new link, whose greeting was sent at a time, and returns what is under way, to be posted again.
func (c *client) joined(l link, greeted time.Time) (again []message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = l
	if greeted.After(c.known) {
		c.known = greeted
	}
	for id, k := range c.calls {
		if k.op == opAcquire && k.given {
			delete(c.calls, id) // the server has ended it with the old link
			continue
		}
		again = append(again, k.message)
	}
	slices.SortFunc(again, func(a, b message) int { return cmp.Compare(a.id, b.id) })
	return again
}

// parted takes a broken link away, and with it the signs of life that nobody has heard.
func (c *client) parted() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = nil
	for id, k := range c.calls {
		if k.op == opAlive {
			delete(c.calls, id)
		}
	}
}

// held are the tokens of the leases that this process counts on.
func (c *client) held() (tokens []uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.leases {
		tokens = append(tokens, t)
	}
	return tokens
}
