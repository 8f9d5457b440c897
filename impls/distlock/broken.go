package distlock

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

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

// anyTTL is core that keeps one time to live for each key, which every request sets.
type anyTTL struct{ *core }

func (c *anyTTL) acquire(s *session, m message) {
	if r := c.holder(m.key); r != nil {
		r.ttl = m.ttl // bug: core keeps what the holder asked for
		c.watch(r)    // …
	}
	c.core.acquire(s, m)
}

// oldTimer is core with a timer for each acquisition, which a release forgets to stop. It
// then ends the lease that the same client has got since.
type oldTimer struct {
	*core
	timers map[*request]time.Duration
}

func (c *oldTimer) release(s *session, m message) {
	if r := c.holder(m.key); r != nil {
		c.timers[r] = s.heard + r.ttl // bug: core looks at leases that have not ended
	}
	c.core.release(s, m)
}

func (c *oldTimer) expire(now time.Duration) {
	c.core.expire(now)
	for old, end := range c.timers {
		if end > now {
			continue
		}
		delete(c.timers, old)
		if r := c.holder(old.lock.key); r != nil && r.session == old.session { // …
			c.end(r)                                              // …
			c.say(r.session, message{op: opLost, token: r.token}) // …
		}
	}
}

// revived is core whose heartbeat keeps alive what its client held last, and not what it
// holds. A heartbeat that overtakes a release makes the released lease again.
type revived struct {
	*core
	last map[*session]*request
}

func (c *revived) release(s *session, m message) {
	if r := c.holder(m.key); r != nil && r.session == s && r.token == m.token {
		c.last[s] = r
	}
	c.core.release(s, m)
}

func (c *revived) answer(s *session, m message) {
	r := c.last[s]
	if delete(c.last, s); m.op == opHeartbeat && r != nil && c.holder(r.lock.key) == nil {
		c.lock(r.lock.key).holder = &request{session: s, lock: c.lock(r.lock.key), ttl: r.ttl, token: r.token} // bug
	}
	c.core.answer(s, m)
}

// byLink is core that takes a broken connection for the end of its client.
type byLink struct{ *core }

func (c *byLink) drop(s *session) {
	for _, r := range s.sorted() { // bug: core ends the requests that wait
		c.end(r)
	}
	c.core.drop(s)
}

// lingering is core in which a client that closes leaves its leases behind.
type lingering struct{ *core }

func (c *lingering) leave(s *session) { c.drop(s) } // bug: core ends its leases, too

// unsynced is a store whose files do not sync.
type unsynced struct{ store }

func (u unsynced) create(name string) (storeFile, error) {
	f, err := u.store.create(name)
	return unsyncedFile{f}, err
}

type unsyncedFile struct{ storeFile }

func (unsyncedFile) Sync() error { return nil } // bug: a disk writes what is in memory

// unlinked is Flock that removes the file of a key when it releases the key. A client that
// waits for the removed file then holds the key beside one that makes the file again.
type unlinked struct {
	Client
	dir string
}

func (u unlinked) Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error) {
	l, err := u.Client.Acquire(ctx, key, ttl)
	return unlinkedLease{l, filepath.Join(u.dir, fileName(key))}, err
}

type unlinkedLease struct {
	Lease
	file string
}

func (l unlinkedLease) Release(ctx context.Context) error {
	err := os.Remove(l.file) // bug: Flock leaves the file
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(l.Lease.Release(ctx), err)
}

// plainNames is Flock that names files by the texts of keys.
type plainNames struct{ Client }

func (p plainNames) Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error) {
	plain := strings.NewReplacer("/", "_", "\x00", "_", " ", "_").Replace(key) // bug: Flock encodes all of the text
	return p.Client.Acquire(ctx, plain, ttl)
}

// obedient is a client whose releases obey their contexts before anything else.
type obedient struct{ Client }

func (o obedient) Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error) {
	l, err := o.Client.Acquire(ctx, key, ttl)
	return obedientLease{l}, err
}

type obedientLease struct{ Lease }

func (l obedientLease) Release(ctx context.Context) error {
	if err := ctx.Err(); err != nil { // bug: a release must reach the server
		return err // …
	}
	return l.Lease.Release(ctx)
}

// watched is a client that watches the context of each Acquire, and never stops.
type watched struct{ Client }

func (w watched) Acquire(ctx context.Context, key string, ttl time.Duration) (Lease, error) {
	go func() { <-ctx.Done() }() // bug: a client waits for the context in the call only
	return w.Client.Acquire(ctx, key, ttl)
}

// clients returns a backend with other clients.
func (b Backend) clients(other func(c Client, endpoint string) Client) Backend {
	dial := b.Dial
	b.Dial = func(ctx context.Context, endpoint string) (Client, error) {
		c, err := dial(ctx, endpoint)
		if err != nil {
			return nil, err
		}
		return other(c, endpoint), nil
	}
	return b
}
