package distlock

import (
	"cmp"
	"slices"
	"time"
)

// tick ends the leases that may have ended at the server, and returns how long to wait
// until the next tick. If l is not nil, the heartbeat is to be posted now. If broken, the
// link must be broken: the server is silent, or a message on the way would keep alive
// what has just ended here.
func (c *client) tick(now time.Time) (wait time.Duration, l link, heartbeat message, broken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shortest = c.shortestNow(); c.shortest == 0 {
		return time.Hour, nil, heartbeat, false // newMinimum comes first
	}
	beat := min(c.shortest/3, maxBeat)
	wait = beat
	for token, l := range c.leases {
		left := c.acked.Add(l.ttl).Sub(now)
		if left <= 0 {
			c.lose(token)
			broken = true
		} else {
			wait = min(wait, left)
		}
	}
	for _, k := range c.calls {
		broken = broken || k.op == opHeartbeat && now.Sub(k.sent) >= min(c.shortest, maxBeat)
	}
	if broken || c.link == nil || len(c.calls) == 0 && len(c.leases) == 0 {
		return wait, nil, heartbeat, broken
	}
	if due := c.lastBeat.Add(beat).Sub(now); due > 0 {
		return min(wait, due), nil, heartbeat, false
	}
	c.lastBeat = now
	k := newCall(message{op: opHeartbeat})
	k.abandoned = true
	c.register(k)
	return wait, c.link, k.message, false
}

// maxBeat is the longest time between two heartbeats. A server cuts off a connection that
// is silent for longer.
const maxBeat = idleTime / 4

// shortestNow returns the shortest time to live of what is held or waited for, or 0. The
// caller holds mu.
func (c *client) shortestNow() (shortest time.Duration) {
	look := func(ttl time.Duration) {
		if shortest == 0 || ttl < shortest {
			shortest = ttl
		}
	}
	for _, l := range c.leases {
		look(l.ttl)
	}
	for _, k := range c.calls {
		if k.op == opAcquire {
			look(k.ttl)
		}
	}
	return shortest
}

// connected takes a new link, whose greeting was sent at a time. It returns the
// unanswered calls, to be posted again.
func (c *client) connected(l link, greeted time.Time) (again []message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = l
	if greeted.After(c.acked) {
		c.acked = greeted
	}
	for id, k := range c.calls {
		if k.op == opAcquire && k.abandoned {
			delete(c.calls, id) // the server ended it with the old link
			continue
		}
		again = append(again, k.message)
	}
	slices.SortFunc(again, func(a, b message) int { return cmp.Compare(a.id, b.id) })
	return again
}

// disconnected removes a broken link, and the heartbeats that were not answered.
func (c *client) disconnected() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = nil
	for id, k := range c.calls {
		if k.op == opHeartbeat {
			delete(c.calls, id)
		}
	}
}

// held returns the tokens of the leases that this process counts on.
func (c *client) held() (tokens []uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.leases {
		tokens = append(tokens, t)
	}
	return tokens
}
