package distlock

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
)

// fault is what a load injects, and what the scene needs for it.
type fault struct {
	play      func(*scene) error
	proxied   bool // the victim reaches the lock by a proxy
	kills     bool // it kills servers, which the trial must have started
	power     bool // a server that is killed loses what it has not synced
	forgets   bool // a lock that is not durable forgets its tokens
	longLease bool // of a lock that promises Released: no hand-over can then be an expiry
	longWaits bool // other clients ask for far longer leases than the victim
}

// faultLead is how long the load runs before the fault.
const faultLead = 20 * time.Millisecond

// run is the body of the fault's load.
func (f fault) run(t *harness.Trial, b locks.Backend) error {
	start := starter(b.Start)
	if f.power {
		start = b.LosePower
	}
	d, err := deploy(t, b, start)
	if err != nil {
		return err
	}
	if f.kills && len(d.cluster.Nodes()) == 0 {
		return d.close(faults.ErrNotOurs)
	}
	p, err := d.host.Start(t.Context, impls.Program{Name: resourceEntry, Entry: resourceEntry})
	if err != nil {
		return d.close(err)
	}
	var address string
	if err := json.Unmarshal(p.Message(), &address); err != nil {
		return d.close(fmt.Errorf("reading the resource's address: %w", err))
	}
	return d.close(t.Window(func(w *harness.Window) error {
		c, err := d.scene(w, address, f)
		if err != nil {
			return err
		}
		w.At(faultLead, "fault", func() error {
			err := f.play(c)
			if err == nil {
				err = c.finish()
			}
			if err != nil {
				c.cancel() // no client may be left waiting for a key that will not be free
			}
			return err
		})
		w.Check(c.settled)
		return nil
	}))
}
