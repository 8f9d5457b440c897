package distlock

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
)

// company is the clients of a load that plays rounds: one event, one question. It is in
// several groups, each with keys of its own.
//
// A round that goes wrong decides nothing if this process or the lock's servers stalled
// for a part of the time that the round allows.
type company struct {
	*deployment
	slack   time.Duration
	process faults.Pulse
	servers faults.Pulse // beats when the servers have answered
	ctx     context.Context
	over    chan struct{} // closed after the last round
}

// groups is how many groups play at the same time.
var groups = harness.Param[int]{
	Key: "groups", About: "groups of clients, each with its own keys, 1 to 64", Default: 2,
	Valid: harness.Between(1, 64), Crowd: true,
}

// group is the clients of one worker. It is for one goroutine at a time.
type group struct {
	*company
	rng     *rand.Rand
	a, b, c locks.Client
	proxy   *faults.Proxy // by which a reaches the servers; nil: there is none
	name    string
	rounds  int
}

// rounds is a load whose groups play rounds.
type rounds struct {
	play  func(*group) error
	lasts func(*company) time.Duration // the minimum length of a window; nil: shortWindow
	check func(*company) error         // after the window; nil: there is none
	alone bool                         // there is only one group, because it uses any keys

	proxied bool // one client of each group reaches the servers by a proxy
}

// shortWindow is the length of a window of rounds that wait for no time to live. It has
// some rounds of each kind.
const shortWindow = 100 * time.Millisecond

// run is the body of the load.
func (r rounds) run(t *harness.Trial, b locks.Backend) error {
	d, err := deploy(t, b, b.Start)
	if err != nil {
		return err
	}
	return d.close(t.Window(func(w *harness.Window) error {
		d.windows++
		c := &company{deployment: d, slack: time.Duration(slackMs.Of(t)) * time.Millisecond, ctx: t.Context}
		c.over = make(chan struct{})
		n := 1
		if !r.alone {
			n = groups.Of(t)
		}
		all, err := c.gather(n, r.proxied)
		if err != nil {
			return err
		}
		w.AtLeast(shortWindow)
		if r.lasts != nil {
			w.AtLeast(r.lasts(c))
		}
		w.Go("group", n, func(w *harness.Worker) {
			g := all[w.ID]
			for g.rng = w.Rand(); w.Next(); {
				g.rounds++
				if err := r.play(g); err != nil {
					w.Fail(fmt.Errorf("group %d: %w", w.ID, err))
					return
				}
			}
		}, harness.Then(func() { close(c.over) }))
		w.Check(func() error {
			defer c.closeAll()
			if r.check == nil {
				return nil
			}
			return r.check(c)
		})
		return c.pulses(w)
	}))
}

// gather makes n groups.
func (c *company) gather(n int, proxied bool) ([]*group, error) {
	all := make([]*group, n)
	for i := range all {
		clients, err := c.dialAll(3)
		if err != nil {
			return nil, err
		}
		g := &group{
			company: c, a: clients[0], b: clients[1], c: clients[2], name: fmt.Sprintf("w%d-g%d", c.windows, i),
		}
		if proxied {
			if err := g.useProxy(); err != nil {
				return nil, err
			}
		}
		all[i] = g
	}
	return all, nil
}

// useProxy has the group's first client reach the servers by a proxy.
func (g *group) useProxy() (err error) {
	if g.proxy, err = faults.NewProxy(g.cluster.Endpoint()); err != nil {
		return err
	}
	if g.a, err = g.backend.Dial(g.ctx, g.proxy.Endpoint()); err != nil {
		return errors.Join(fmt.Errorf("dialing the lock by a proxy: %w", err), g.proxy.Close())
	}
	g.open = append(g.open, g.a, g.proxy)
	return nil
}

// pulses declares the roles that notice stalls, until the last round has ended.
func (c *company) pulses(w *harness.Window) error {
	client, err := c.dial()
	if err != nil {
		return err
	}
	key := fmt.Sprintf("w%d-pulse", c.windows)
	more := func(w *harness.Worker) bool {
		select {
		case <-c.over:
			return false
		default:
			return w.Next()
		}
	}
	w.Go("pulse", 1, func(w *harness.Worker) { c.process.Beat(func() bool { return more(w) }) }, harness.After("group"))
	w.Go("caller", 1, func(w *harness.Worker) {
		c.servers.Beat(func() bool {
			if !more(w) {
				return false
			}
			l, err := client.Acquire(c.ctx, key, restTTL)
			if err == nil {
				err = l.Release(c.ctx)
			}
			if err != nil {
				w.Fail(fmt.Errorf("a client of its own key: %w", err))
			}
			return err == nil
		})
	}, harness.After("group"))
	return nil
}

// restTTL is a time to live that no window outlasts: nothing expires.
const restTTL = time.Minute

// restTTLMs is the time to live of loads in which nothing expires.
var restTTLMs = harness.Param[int]{
	Key: "ttl-ms", About: "time to live of a lease, ms, 20 to 60000", Default: int(restTTL / time.Millisecond),
	Valid: harness.Between(20, 60_000),
}

// unlessStalled downgrades a violation to harness.ErrUnknown if this process or the
// servers stalled for longer than limit.
func (c *company) unlessStalled(err error, limit time.Duration) error {
	return faults.UnlessStalled(err, max(c.process.Stall(), c.servers.Stall()), limit)
}

// key is the group's key of the present round.
func (g *group) key() string { return fmt.Sprintf("%s-r%d", g.name, g.rounds) }

// get acquires a key that is free.
func (c *company) get(k locks.Client, key string, ttl, within time.Duration) (locks.Lease, error) {
	return c.getUnless(k, key, ttl, within, within/4)
}

// getUnless is get that decides nothing after a stall of a time.
func (c *company) getUnless(k locks.Client, key string, ttl, within, stall time.Duration) (locks.Lease, error) {
	ctx, cancel := context.WithTimeout(c.ctx, within)
	defer cancel()
	l, err := k.Acquire(ctx, key, ttl)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, c.unlessStalled(fmt.Errorf("a free key, %q, was not granted within %v", brief(key), within), stall)
	}
	if err != nil {
		return nil, fmt.Errorf("acquiring the free key %q: %w", brief(key), err)
	}
	return l, nil
}

// refused checks for a moment that a client does not get a key that is held.
func (c *company) refused(k locks.Client, key string, during time.Duration) error {
	ctx, cancel := context.WithTimeout(c.ctx, during)
	defer cancel()
	l, err := k.Acquire(ctx, key, restTTL)
	switch {
	case err == nil:
		return errors.Join(fmt.Errorf("the key %q was granted while another lease held it", brief(key)), l.Release(c.ctx))
	case !errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("a wait that ran out of time ended with %w", err)
	}
	return nil
}

// free releases a lease that has not ended.
func (c *company) free(l locks.Lease) error {
	if err := l.Release(c.ctx); err != nil {
		return fmt.Errorf("a release of what is held: %w", err)
	}
	if !hasEnded(l) {
		return errors.New("a released lease is not done")
	}
	return nil
}

// follows checks that a token is greater than the one of the acquisition before.
func (c *company) follows(l, before locks.Lease) error {
	if c.trial.Promises(locks.Fenced) && l.Token() <= before.Token() {
		return fmt.Errorf("an acquisition got token %d after token %d", l.Token(), before.Token())
	}
	return nil
}

func hasEnded(l locks.Lease) bool {
	select {
	case <-l.Done():
		return true
	default:
		return false
	}
}

// brief shortens a key for a message.
func brief(key string) string {
	if len(key) <= 40 {
		return key
	}
	return fmt.Sprintf("%s… (%d bytes)", key[:32], len(key))
}
