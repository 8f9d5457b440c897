package distlock

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
	"time"
)

// core is the state of a lease server: which client holds a key, which clients wait for
// it and in what order, and when the server last heard of each client. A client loses a
// lease, or its position in a queue, when the server has not heard of it for the time to
// live that it asked for.
//
// It reads no clock and does no input or output. Each call is told the time. What must be
// sent and logged is kept until take. So its behaviour depends on the calls alone. It is
// for one goroutine at a time.
//
// Source: Gray and Cheriton 1989, §2 (leases); Burrows 2006, §2.4 (sequencers, here
// called tokens) and §2.8 (sessions).
// Progress: FIFO for each key. A waiter whose client has fallen silent delays no other.
// Space: a lock only while it is held or waited for, a session while its client has a
// request or is connected. Requests of a session beyond maxRequests are refused, and
// beyond a share of the room that is free, so that some is left for others: Choudhury and
// Hahne 1998 (dynamic thresholds).
// Tokens come from one counter for all keys, so that a free key takes no memory.
type core struct {
	locks    map[string]*lock
	sessions map[uint64]*session
	silent   deadlines
	freed    []*lock // to be granted to the next waiters
	token    uint64  // the last one granted
	size     int     // of all requests
	replies  []reply
	changes  []message
}

// machine is what a server drives: a core, or a core with a bug. m.id, where a call has
// one, identifies the call that the replies answer.
type machine interface {
	open(now time.Duration, m message) *session // starts a session, or resumes it; nil: a later m has done so
	acquire(s *session, m message)
	cancel(s *session, m message)
	release(s *session, m message)
	answer(s *session, m message) // replies opDone
	drop(s *session)              // its connection is gone
	leave(s *session)             // it ends
	expire(now time.Duration)     // ends what has expired
	serve()                       // grants freed locks to the next waiters
	next() (time.Duration, bool)  // when to call expire
	take() (replies []reply, changes []message)
	restore(now time.Duration, log []message)
	state() []message // a log from which restore makes the same state
}

// reply is a message for a session's client.
type reply struct {
	session *session
	message
}

type lock struct {
	key    string
	holder *request
	queue  []*request // first come, first served
	ended  int        // requests in the queue that have ended
}

// request is an acquisition, from the call to the end of its lease.
type request struct {
	session *session
	lock    *lock
	id      uint64
	ttl     time.Duration
	token   uint64 // 0: it waits
	ended   bool
}

type session struct {
	id       uint64
	heard    time.Duration // when its client last sent a message
	open     bool          // it has a connection
	greeted  uint64        // id of the greeting that opened it last
	requests map[uint64]*request
	size     int           // of the requests
	deadline time.Duration // when the first of them expires, unless its client is heard of before
	place    int           // in core.silent, from 1; 0: none
}

func newCore() *core { return &core{locks: map[string]*lock{}, sessions: map[uint64]*session{}} }

func (c *core) say(s *session, m message) { c.replies = append(c.replies, reply{s, m}) }

// session returns the session of an identity. It makes one if there is none.
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

// open resumes a session with the leases that both sides know. A lease that only the
// server knows was granted or released while the connection broke. A lease that only the
// client knows is lost. A greeting that a later one has overtaken says nothing of what the
// client holds now.
func (c *core) open(now time.Duration, m message) *session {
	if s := c.sessions[m.session]; s != nil && m.id < s.greeted {
		return nil
	}
	s := c.session(now, m.session)
	s.open, s.greeted = true, m.id
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
		return // a client that uses one id for two calls gets one answer
	}
	if len(s.requests) >= maxRequests || s.size+requestSize+len(m.key) > (maxSize-c.size)/shareOfFree {
		c.say(s, message{op: opRefused, id: m.id})
		return
	}
	l := c.lock(m.key)
	r := &request{session: s, lock: l, id: m.id, ttl: m.ttl}
	c.account(r, 1)
	s.requests[r.id] = r
	l.queue = append(l.queue, r)
	c.watch(r)
	c.freed = append(c.freed, l)
}

const (
	maxRequests = maxTokens + 64 // of a session: more leases than maxTokens cannot be resumed
	maxSize     = 32 << 20       // of all requests, bytes
	requestSize = 512            // of a request and its share of a lock, besides the key
	shareOfFree = 4              // a session has a quarter of what is free, at most
)

// account adds a request n times to the size of all requests and to that of its session.
func (c *core) account(r *request, n int) {
	size := requestSize + len(r.lock.key)
	c.size += n * size
	r.session.size += n * size
}

// watch makes expire look at a request in time.
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

// holder returns the request that holds a key, or nil.
func (c *core) holder(key string) *request {
	if l := c.locks[key]; l != nil {
		return l.holder
	}
	return nil
}

// free ends r and answers the release m. nil: there is nothing to end.
func (c *core) free(s *session, m message, r *request) {
	if r == nil {
		c.say(s, message{op: opNotHeld, id: m.id})
		return
	}
	c.end(r)
	c.say(s, message{op: opReleased, id: m.id})
}

func (c *core) answer(s *session, m message) { c.say(s, message{op: opDone, id: m.id}) }

// drop ends the session's waiting requests, whose answers have no connection to go to. It
// keeps the leases: the client may come back for them.
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

// forget removes a session that has no requests, unless its client has opened another
// one.
func (c *core) forget(s *session) {
	if !s.open && len(s.requests) == 0 && c.sessions[s.id] == s {
		delete(c.sessions, s.id)
	}
}

// sorted returns the session's requests, the oldest first.
func (s *session) sorted() []*request {
	return slices.SortedFunc(maps.Values(s.requests), func(a, b *request) int { return cmp.Compare(a.id, b.id) })
}

// maxEnded is how many ended requests a queue may hold. A queue with more is swept once
// they are half of it.
const maxEnded = 32

// end ends a request. A waiting one stays in its queue, where serve skips it.
func (c *core) end(r *request) {
	r.ended = true
	delete(r.session.requests, r.id)
	l := r.lock
	if l.holder == r {
		l.holder = nil
		c.account(r, -1)
		c.changes = append(c.changes, message{op: opFreed, token: r.token, key: l.key})
		c.freed = append(c.freed, l)
		return
	}
	l.ended++
	if l.ended > maxEnded && 2*l.ended > len(l.queue) {
		l.queue = slices.DeleteFunc(l.queue, func(r *request) bool {
			if r.ended {
				c.account(r, -1)
			}
			return r.ended
		})
		l.ended = 0
	}
}
