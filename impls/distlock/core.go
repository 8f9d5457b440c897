package distlock

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
	"time"
)

// core is what a lease server knows: who holds a key, who waits for it in which order, and when it last heard of each client. A lease, and a
// place in a line, is lost when the server has not heard of its client for the time to live that the client asked for.
//
// It reads no clock and does no input or output: a call is told the time, and what there is to say and to
// write down lies there until take. So what it does depends on the calls alone. One goroutine at a time may use it.
//
// Source: Gray and Cheriton 1989, §2 (leases); Burrows 2006, §2.4 (sequencers, which are the tokens here) and §2.8 (sessions).
// Progress: FIFO for each key, and a waiter whose client has fallen silent holds nobody up.
// Space: a lock only while it is held or waited for, a session while its client has something or is connected.
// Tokens are of one counter for all keys, so that a key that is free takes no memory.
type core struct {
	locks    map[string]*lock
	sessions map[uint64]*session
	silent   silence
	freed    []*lock // not served yet
	token    uint64  // the last one given out
	replies  []reply
	changes  []message
}

// machine is what a server drives: a core. m.id, where a call has one, names what the replies answer.
type machine interface {
	open(now time.Duration, m message) *session // begins a session, or resumes it
	acquire(s *session, m message)
	cancel(s *session, m message)
	release(s *session, m message)
	answer(s *session, m message) // says opDone
	drop(s *session)              // its connection is gone
	leave(s *session)             // it ends
	expire(now time.Duration)     // ends what has not been heard of
	serve()                       // gives what has become free to those who wait
	next() (time.Duration, bool)  // when to expire
	take() (replies []reply, changes []message)
	restore(now time.Duration, log []message)
	state() []message // a log that restore makes the same state of
}

// reply is a message for a session's client.
type reply struct {
	session *session
	message
}

type lock struct {
	key    string
	holder *request
	line   []*request // first come, first served
	over   int        // of those in line
}

// request is an acquisition, from the call to the end of its lease.
type request struct {
	session *session
	lock    *lock
	id      uint64
	ttl     time.Duration
	token   uint64 // 0: it waits
	over    bool
}

type session struct {
	id       uint64
	heard    time.Duration // when its client last said anything
	open     bool          // it has a connection
	requests map[uint64]*request
	deadline time.Duration // when one of them may end; it may turn out that it does not
	place    int           // in core.silent, from 1; 0: none
}

func newCore() *core { return &core{locks: map[string]*lock{}, sessions: map[uint64]*session{}} }

func (c *core) say(s *session, m message) { c.replies = append(c.replies, reply{s, m}) }

// session returns the session of an identity, which is new if it had been forgotten.
func (c *core) session(now time.Duration, id uint64) *session {
	s := c.sessions[id]
	if s == nil {
		s = &session{id: id, requests: map[uint64]*request{}}
		c.sessions[id] = s
	}
	s.heard = now
	return s
}

// lock returns the lock of a key.
func (c *core) lock(key string) *lock {
	l := c.locks[key]
	if l == nil {
		l = &lock{key: key}
		c.locks[key] = l
	}
	return l
}

// open resumes a session with what both sides agree on: what only the server knows of was granted or released while the
// connection broke, and what only the client knows of is lost.
func (c *core) open(now time.Duration, m message) *session {
	s := c.session(now, m.session)
	s.open = true
	client := map[uint64]bool{}
	for _, t := range m.tokens {
		client[t] = true
	}
	for _, r := range s.sorted() {
		if !client[r.token] {
			c.end(r)
		}
		delete(client, r.token)
	}
	for _, t := range slices.Sorted(maps.Keys(client)) {
		c.say(s, message{op: opLost, token: t})
	}
	c.say(s, message{op: opWelcome, id: m.id})
	return s
}

func (c *core) acquire(s *session, m message) {
	if s.requests[m.id] != nil {
		return // a client that calls two things by one name gets one answer
	}
	l := c.lock(m.key)
	r := &request{session: s, lock: l, id: m.id, ttl: m.ttl}
	s.requests[r.id] = r
	l.line = append(l.line, r)
	c.watch(r)
	c.freed = append(c.freed, l)
}

// watch makes sure that expire looks at a request in time.
func (c *core) watch(r *request) {
	s, end := r.session, r.session.heard+r.ttl
	switch {
	case s.place == 0:
		s.deadline = end
		heap.Push(&c.silent, s)
	case end < s.deadline:
		s.deadline = end
		heap.Fix(&c.silent, s.place-1)
	}
}

func (c *core) cancel(s *session, m message) {
	if r := s.requests[m.id]; r != nil && r.token == 0 {
		c.end(r)
		c.say(s, message{op: opEnded, id: r.id})
	}
}

// release frees what this session acquired with this token, and nothing else.
func (c *core) release(s *session, m message) {
	r := c.holder(m.key)
	if r != nil && (r.session != s || r.token != m.token) {
		r = nil
	}
	c.free(s, m, r)
}

// holder returns who holds a key, or nil.
func (c *core) holder(key string) *request {
	if l := c.locks[key]; l != nil {
		return l.holder
	}
	return nil
}

// free ends r, and answers the release m; nil: there is nothing to end.
func (c *core) free(s *session, m message, r *request) {
	if r == nil {
		c.say(s, message{op: opNotHeld, id: m.id})
		return
	}
	c.end(r)
	c.say(s, message{op: opReleased, id: m.id})
}

func (c *core) answer(s *session, m message) { c.say(s, message{op: opDone, id: m.id}) }

// drop ends what the session waits for: the answer would have nowhere to go. What it holds it may come back for.
func (c *core) drop(s *session) {
	s.open = false
	for _, r := range s.sorted() {
		if r.token == 0 {
			c.end(r)
		}
	}
	c.forget(s)
}

func (c *core) leave(s *session) {
	s.open = false
	for _, r := range s.sorted() {
		c.end(r)
	}
	c.forget(s)
}

// forget lets go of a session that has nothing, unless its client has come back by another one.
func (c *core) forget(s *session) {
	if !s.open && len(s.requests) == 0 && c.sessions[s.id] == s {
		delete(c.sessions, s.id)
	}
}

// sorted are the session's requests, the oldest first.
func (s *session) sorted() []*request {
	return slices.SortedFunc(maps.Values(s.requests), func(a, b *request) int { return cmp.Compare(a.id, b.id) })
}

// mostOver is how many requests that are over may stand in a line; it is swept when they are also half of it.
const mostOver = 32

// end ends a request. One that waits stays in line and is passed over there.
func (c *core) end(r *request) {
	r.over = true
	delete(r.session.requests, r.id)
	l := r.lock
	if l.holder == r {
		l.holder = nil
		c.changes = append(c.changes, message{op: opFreed, token: r.token, key: l.key})
		c.freed = append(c.freed, l)
		return
	}
	l.over++
	if l.over > mostOver && 2*l.over > len(l.line) {
		l.line = slices.DeleteFunc(l.line, func(r *request) bool { return r.over })
		l.over = 0
	}
}
