package distlock

import (
	"container/heap"
	"maps"
	"math"
	"slices"
	"time"
)

// serve grants every free lock to the first request in its queue that has not ended.
func (c *core) serve() {
	for _, l := range c.freed {
		for l.holder == nil && len(l.queue) > 0 {
			r := l.first()
			if r.ended {
				l.ended--
				c.account(r, -1)
				continue
			}
			c.grant(r)
		}
		c.tidy(l)
	}
	c.freed = c.freed[:0]
}

// first removes the first request of the queue and returns it.
func (l *lock) first() *request {
	r := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return r
}

// granted is the message that r holds its lock, as it is logged.
func (r *request) granted() message {
	return message{op: opGranted, id: r.id, session: r.session.id, token: r.token, ttl: r.ttl, key: r.lock.key}
}

// grant makes r the holder.
func (c *core) grant(r *request) {
	c.token++
	r.token = c.token
	r.lock.holder = r
	c.changes = append(c.changes, r.granted())
	c.say(r.session, message{op: opGranted, id: r.id, token: r.token})
}

// tidy forgets a lock that has no holder and no waiters.
func (c *core) tidy(l *lock) {
	if l.holder == nil && len(l.queue) == 0 {
		delete(c.locks, l.key)
	}
}

// expire ends the requests whose clients have been silent for the time to live that they
// asked for. A heartbeat costs nothing here: a session is looked at only when its
// deadline has come, and usually its client has been heard of since.
func (c *core) expire(now time.Duration) {
	for len(c.silent) > 0 && c.silent[0].deadline <= now {
		s := c.silent[0]
		s.deadline = never
		for _, r := range s.sorted() {
			if end := s.heard + r.ttl; end > now {
				s.deadline = min(s.deadline, end)
				continue
			}
			c.end(r)
			if r.token > 0 {
				c.say(s, message{op: opLost, token: r.token})
			} else {
				c.say(s, message{op: opEnded, id: r.id})
			}
		}
		if s.deadline < never {
			heap.Fix(&c.silent, 0)
			continue
		}
		heap.Pop(&c.silent)
		c.forget(s)
	}
}

const never = time.Duration(math.MaxInt64)

func (c *core) next() (time.Duration, bool) {
	if len(c.silent) == 0 {
		return 0, false
	}
	return c.silent[0].deadline, true
}

func (c *core) take() (replies []reply, changes []message) {
	replies, changes = c.replies, c.changes
	c.replies, c.changes = nil, nil
	return replies, changes
}

// state is what must outlive the server: the holders and the counter. Waiters ask again.
func (c *core) state() []message {
	log := []message{{op: opCounter, token: c.token}}
	for _, key := range slices.Sorted(maps.Keys(c.locks)) {
		if r := c.locks[key].holder; r != nil {
			log = append(log, r.granted())
		}
	}
	return log
}

// restore makes the state of a log. Each holder has its whole time to live again: without
// a server, its heartbeats could not be heard.
func (c *core) restore(now time.Duration, log []message) {
	held := map[string]message{}
	for _, m := range log {
		c.token = max(c.token, m.token)
		switch {
		case m.op == opGranted:
			held[m.key] = m
		case m.op == opFreed && held[m.key].token == m.token:
			delete(held, m.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(held)) {
		m := held[key]
		l, s := c.lock(key), c.session(now, m.session)
		l.holder = &request{session: s, lock: l, id: m.id, ttl: m.ttl, token: m.token}
		s.requests[m.id] = l.holder
		c.account(l.holder, 1)
		c.watch(l.holder)
	}
}

// deadlines is a heap of sessions by deadline.
type deadlines []*session

func (h deadlines) Len() int           { return len(h) }
func (h deadlines) Less(i, j int) bool { return h[i].deadline < h[j].deadline }

func (h deadlines) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

// Push adds a session.
func (h *deadlines) Push(s any) {
	*h = append(*h, s.(*session))
	s.(*session).place = len(*h)
}

// Pop removes the last session and returns it.
func (h *deadlines) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	s.place = 0
	return s
}
