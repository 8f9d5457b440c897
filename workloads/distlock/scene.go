package distlock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
)

// scene is a window with a fault: a victim holds the first key, clients wait for it, and
// other clients use the other keys.
type scene struct {
	*deployment
	window  *harness.Window
	fault   *faults.Fault
	line    *harness.Timeline
	pulse   faults.Pulse
	control *access // the trial's own connection to the resource
	victim  impls.Process
	name    string        // of the victim
	proxy   *faults.Proxy // between the victim and the lock; nil: there is none
	keys    []string
	slack   time.Duration
	lease   time.Duration // the time to live that the victim asks for
	asked   time.Duration // the one that other clients ask for

	ctx    context.Context // of the clients
	cancel context.CancelFunc

	mayLose    atomic.Bool     // every client may lose what it holds
	killed     atomic.Bool     // the servers were killed
	newest     []atomic.Uint64 // token of each key
	entries    [][]time.Time   // by client
	successors chan time.Time  // when another client first got the victim's key
	others     faults.Traffic  // entries on other keys

	overtaken time.Duration // from the fault until another client got the victim's key; 0: none did
	recovered time.Duration // from the fault's end until a client that it hit was served again; 0: unknown
	gone      time.Duration // how long the servers were gone, where no client should notice
}

// scene sets a window up. The victim holds its key when it returns.
func (d *deployment) scene(w *harness.Window, resource string, f fault) (*scene, error) {
	d.windows++
	n := waiters.Of(d.trial)
	c := &scene{
		deployment: d, window: w, name: fmt.Sprintf("victim-%d", d.windows),
		slack: time.Duration(slackMs.Of(d.trial)) * time.Millisecond, lease: d.ttl,
		entries: make([][]time.Time, n+1), successors: make(chan time.Time, 1),
		newest: make([]atomic.Uint64, faultKeys.Of(d.trial)),
	}
	if f.longLease && d.trial.Promises(locks.Released) {
		c.lease += 10 * c.slack
	}
	if c.asked = c.lease; f.longWaits {
		c.asked += 10 * c.slack
	}
	c.ctx, c.cancel = context.WithCancel(d.trial.Context)
	for i := range faultKeys.Of(d.trial) {
		c.keys = append(c.keys, fmt.Sprintf("w%d-key-%d", d.windows, i))
	}
	var err error
	if c.control, err = dialResource(d.trial.Context, resource, "trial"); err != nil {
		return nil, err
	}
	d.open = append(d.open, c.control)
	fenced := d.trial.Promises(locks.Fenced) && (d.trial.Promises(locks.Durable) || !f.forgets)
	if _, err := c.control.do(request{Do: "begin", Fenced: fenced}); err != nil {
		return nil, err
	}
	if err := c.startVictim(resource, f.proxied); err != nil {
		return nil, err
	}
	c.line = w.Timeline(max(c.ttl/20, 2*time.Millisecond))
	c.fault = faults.New(c.line)
	return c, c.roles(resource, n)
}

// startVictim starts the process that the fault hits. It holds its key when startVictim
// returns.
func (c *scene) startVictim(resource string, proxied bool) (err error) {
	endpoint := c.cluster.Endpoint()
	if proxied {
		if c.proxy, err = faults.NewProxy(endpoint); err != nil {
			return err
		}
		c.open = append(c.open, c.proxy)
		endpoint = c.proxy.Endpoint()
	}
	c.victim, err = c.host.Start(c.trial.Context, impls.Program{
		Name: victimEntry, Entry: victimEntry,
		Args: victimArgs{Name: c.name, Endpoint: endpoint, Resource: resource, Key: c.keys[0], TTL: c.lease},
	})
	return err
}

// roles declares the clients: n of them, whose acquisitions the row counts, one that soon
// gives up each wait, and the pulse.
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
		key := i % n % len(c.keys)
		all = append(all, &contender{
			scene: c, client: client, resource: r, track: c.line.Track(), keyIndex: key, key: c.keys[key], id: i,
		})
	}
	c.window.Go("client", n, func(w *harness.Worker) { all[w.ID].run(w) })
	c.window.Go("impatient", 1, func(w *harness.Worker) { all[n].runImpatient(w) })
	c.window.Go("pulse", 1, func(w *harness.Worker) { c.pulse.Beat(w.Next) })
	return nil
}

// strike starts the fault, if it will hit a holder. The clients that it may delay are
// excused.
func (c *scene) strike(name string, inject func() error, excused ...string) error {
	return c.fault.Start(name, func() error {
		r, err := c.awaitWrites()
		if err != nil {
			return err
		}
		if !r.isInside(c.keys[0], c.name) || len(r.Told) > 0 {
			return faults.Misses("the clients inside are %v, and the victim reported %v", r.Inside, r.Told)
		}
		return c.excuse(excused...)
	}, inject)
}

// excuse tells the resource which clients the fault hits.
func (c *scene) excuse(names ...string) error {
	for _, n := range names {
		if _, err := c.control.do(request{Do: "excuse", Text: n}); err != nil {
			return err
		}
		if n == everyClient {
			c.mayLose.Store(true)
		}
	}
	return nil
}

// killHolder kills the victim, which holds its key, and returns how long another client
// then took to get it.
func (c *scene) killHolder(limit time.Duration) (time.Duration, error) {
	if err := c.excuse(c.name, second(c.name)); err != nil {
		return 0, err
	}
	c.fault.Mark("kill the holder")
	from := time.Now()
	if err := c.victim.Kill(); err != nil {
		return 0, err
	}
	return c.awaitSuccessor(from, limit)
}

// continueLoad lets the load run for a while, so that a timeline shows it.
func (c *scene) continueLoad() { time.Sleep(c.ttl / 2) }

// finish ends the victim, so that its key becomes free.
func (c *scene) finish() error {
	if err := c.excuse(c.name, second(c.name)); err != nil {
		return err
	}
	if err := c.victim.Kill(); !errors.Is(err, os.ErrProcessDone) { // the fault may have killed it
		return err
	}
	return nil
}
