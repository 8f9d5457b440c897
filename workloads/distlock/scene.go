package distlock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// scene is a window with a fault: a victim holds the first key, clients wait for it, and other clients go on with the other keys.
type scene struct {
	*set
	window  *harness.Window
	line    *harness.Timeline
	pulse   pulse
	control *access // the trial's own way to the resource
	victim  impls.Process
	name    string // of the victim
	proxy   *proxy // before the victim's way to the lock; nil: there is none
	keys    []string
	slack   time.Duration
	lease   time.Duration // what clients ask for

	ctx      context.Context // of the clients
	cancel   context.CancelFunc
	mayLose  atomic.Bool     // every client may lose what it holds
	killed   atomic.Bool     // the servers were
	newest   []atomic.Uint64 // token of each key
	entries  [][]time.Time
	heirs    chan time.Time // when the first client got in on the victim's key
	others   atomic.Uint64  // entries on other keys
	struck   time.Time
	healed   time.Time
	gone     time.Duration // how long the servers were, where nobody should notice
	overtake time.Duration // 0: none

	recovered time.Duration // from the fault's end until its victim, or whoever came first, was served again
}

// fault is what play brings about and judges.
type fault struct {
	play    func(*scene) error
	cut     bool // the victim reaches the lock by a proxy
	forgets bool // a lock that is not durable forgets its tokens by it
	long    bool // leases last much longer than the slack, so that no hand-over can be their expiry
}

// run is a workload's body.
func (f fault) run(t *harness.Trial, b locks.Backend) error {
	s, err := newSet(t, b)
	if err != nil {
		return err
	}
	p, err := s.host.Start(t.Context, impls.Program{Name: resourceEntry, Entry: resourceEntry})
	if err != nil {
		return s.close(err)
	}
	var address string
	if err := json.Unmarshal(p.Message(), &address); err != nil {
		return s.close(fmt.Errorf("where the resource listens: %w", err))
	}
	return s.close(t.Window(func(w *harness.Window) error {
		c, err := s.scene(w, address, f)
		if err != nil {
			return err
		}
		w.At(lead, "fault", func() error {
			err := f.play(c)
			if err == nil {
				err = c.finish()
			}
			if err != nil {
				c.cancel() // nobody may be left waiting for a key that will not be free
			}
			return err
		})
		w.Check(c.settled)
		return nil
	}))
}

// lead is how long the load runs before the fault.
const lead = 20 * time.Millisecond

// scene sets a window up. The victim holds its key when it returns.
func (s *set) scene(w *harness.Window, resource string, f fault) (*scene, error) {
	s.windows++
	n := waiters.Of(s.trial)
	c := &scene{
		set: s, window: w, name: fmt.Sprintf("victim-%d", s.windows), slack: time.Duration(slackMs.Of(s.trial)) * time.Millisecond,
		entries: make([][]time.Time, n+1), heirs: make(chan time.Time, 1), newest: make([]atomic.Uint64, faultKeys.Of(s.trial)),
	}
	c.lease = c.ttl
	if f.long && s.trial.Promises(impls.Released) {
		c.lease += 10 * c.slack
	}
	c.ctx, c.cancel = context.WithCancel(s.trial.Context)
	for i := range faultKeys.Of(s.trial) {
		c.keys = append(c.keys, fmt.Sprintf("w%d-key-%d", s.windows, i))
	}
	var err error
	if c.control, err = dialResource(s.trial.Context, resource, "trial"); err != nil {
		return nil, err
	}
	s.open = append(s.open, c.control)
	fenced := s.trial.Promises(impls.Fenced) && (s.trial.Promises(impls.Durable) || !f.forgets)
	if _, err := c.control.do(request{Do: "begin", Fenced: fenced}); err != nil {
		return nil, err
	}
	endpoint := s.cluster.Endpoint()
	if f.cut {
		if c.proxy, endpoint, err = throughProxy(endpoint); err != nil {
			return nil, err
		}
		s.open = append(s.open, c.proxy)
	}
	c.victim, err = s.host.Start(s.trial.Context, impls.Program{
		Name: victimEntry, Entry: victimEntry,
		Args: victimArgs{Name: c.name, Endpoint: endpoint, Resource: resource, Key: c.keys[0], TTL: c.lease},
	})
	if err != nil {
		return nil, err
	}
	c.line = w.Timeline(max(c.ttl/20, 2*time.Millisecond))
	return c, c.roles(resource, n)
}

// roles declares the clients: n of them, which the row counts, one of little patience, and the pulse.
func (c *scene) roles(resource string, n int) error {
	var all []*contender
	for i := range n + 1 {
		client, err := c.dial()
		if err != nil {
			return err
		}
		r, err := dialResource(c.trial.Context, resource, fmt.Sprintf("client-%d", i))
		if err != nil {
			return err
		}
		c.open = append(c.open, r)
		place := i % n % len(c.keys)
		all = append(all, &contender{scene: c, client: client, resource: r, track: c.line.Track(), place: place, key: c.keys[place], id: i})
	}
	c.window.Go("client", n, func(w *harness.Worker) { all[w.ID].run(w) })
	c.window.Go("impatient", 1, func(w *harness.Worker) { all[n].giveUp(w) })
	c.window.Go("pulse", 1, func(w *harness.Worker) { c.pulse.beat(w.Next) })
	return nil
}

// late lets a wrong thing decide nothing that clients may have done because their process stood still. The victim's process is its own, and the others are
// in this one.
func (c *scene) late(err error, r report, clients []string) error {
	stall := time.Duration(0)
	for _, name := range clients {
		if name == c.name || name == second(c.name) {
			stall = max(stall, r.Stalls[c.name])
		} else {
			stall = max(stall, c.pulse.stall())
		}
	}
	return unlessStalled(err, stall, c.mostStall())
}

// mostStall is how long a process may stand still so that its leases cannot be late by it, even if others do, too.
func (c *scene) mostStall() time.Duration { return c.ttl / 10 }

// tooLate lets what did not happen in time decide nothing, if this process stood still for a good part of it.
func (c *scene) tooLate(format string, args ...any) error {
	return unlessStalled(fmt.Errorf(format, args...), c.pulse.stall(), c.slack/2)
}

// settled is the verdict over a window.
func (c *scene) settled() error {
	r, err := c.asks()
	if err != nil {
		return err
	}
	var certain, doubtful []error
	for _, w := range r.Wrong {
		if err := errors.New(w.Text); len(w.Late) == 0 {
			certain = append(certain, err)
		} else {
			doubtful = append(doubtful, c.late(err, r, w.Late))
		}
	}
	for _, text := range r.Told {
		if strings.HasPrefix(text, freed) {
			certain = append(certain, errors.New("the victim "+text))
		}
	}
	if c.tooLong() {
		doubtful = append(doubtful, fmt.Errorf("%w: the servers were gone for %v", harness.ErrUnknown, c.gone.Round(time.Millisecond)))
	}
	c.window.Metric("unavailable-ms", c.unavailable().Seconds()*1e3)
	if c.overtake > 0 {
		c.window.Metric("takeover-ms", c.overtake.Seconds()*1e3)
	}
	if c.recovered > 0 {
		c.window.Metric("recovery-ms", c.recovered.Seconds()*1e3)
	}
	c.window.Metric("stale-attempted", float64(r.Attempted))
	c.window.Metric("stale-rejected", float64(r.Rejected))
	c.window.Metric("overlaps", float64(r.Overlaps))
	c.cancel()
	c.drop()
	if len(certain) > 0 {
		return errors.Join(certain...)
	}
	return errors.Join(doubtful...)
}

// unavailable is the longest time without an entry, on any key, that ends after the fault and begins before its end.
func (c *scene) unavailable() (longest time.Duration) {
	all := slices.Concat(c.entries...)
	slices.SortFunc(all, time.Time.Compare)
	for i := range all[:max(len(all)-1, 0)] {
		if from, to := all[i], all[i+1]; to.After(c.struck) && (c.healed.IsZero() || from.Before(c.healed)) {
			longest = max(longest, to.Sub(from))
		}
	}
	return longest
}
