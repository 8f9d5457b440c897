package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
)

// victimEntry is a holder in a process of its own, which is killed or paused.
const victimEntry = "victim"

type victimArgs struct {
	Endpoint string        `json:"endpoint"`
	Key      string        `json:"key"`
	TTL      time.Duration `json:"ttl_ns"`
}

// serveVictim acquires a key and reports its token. When it is asked to end, it fails if
// its lease had ended.
func serveVictim(h *harness.Helper, b locks.Backend, args json.RawMessage) error {
	var v victimArgs
	if err := json.Unmarshal(args, &v); err != nil {
		return err
	}
	c, err := b.Dial(h.Context, v.Endpoint)
	if err != nil {
		return err
	}
	l, err := c.Acquire(h.Context, v.Key, v.TTL)
	if err != nil {
		return err
	}
	if err := h.Ready(l.Token()); err != nil {
		return err
	}
	<-h.Context.Done()
	if ended(l) {
		return errors.New("the lease had ended")
	}
	return c.Close()
}

func (p *prober) victim(key string) (impls.Process, uint64, error) {
	args := victimArgs{Endpoint: p.cluster.Endpoint(), Key: key, TTL: p.ttl}
	v, err := p.host.Start(p.ctx, impls.Program{Name: victimEntry, Entry: victimEntry, Args: args})
	if err != nil {
		return nil, 0, err
	}
	var token uint64
	return v, token, json.Unmarshal(v.Message(), &token)
}

// freesDeadHolders reports whether the lock says anything about a holder that is gone.
// Without that, no other process may be able to reach the lock.
func (p *prober) freesDeadHolders() bool {
	return p.promises(locks.Expires) || p.promises(locks.Released)
}

// crash: the key of a killed process is free at once, or when its time to live is over,
// as the lock promises.
func (p *prober) crash(_, b locks.Client, key string) error {
	if !p.freesDeadHolders() {
		return nil
	}
	v, token, err := p.victim(key)
	if err != nil {
		return err
	}
	if err := v.Kill(); err != nil {
		return err
	}
	start := time.Now()
	l, err := p.get(b, key, p.ttl+slack)
	if err != nil {
		return err
	}
	took := time.Since(start)
	if atOnce := took < p.ttl/2; atOnce != p.promises(locks.Released) {
		return fmt.Errorf("the key of a killed holder was free after %v; the lock promises to free it at once: %v",
			took, !atOnce)
	}
	return errors.Join(p.checkToken(l, token), l.Release(p.ctx))
}

// pause: while its holder stalls, the lock expires, or no other client gets it.
func (p *prober) pause(_, b locks.Client, key string) error {
	if !p.freesDeadHolders() {
		return nil
	}
	v, token, err := p.victim(key)
	if err != nil {
		return err
	}
	if err := v.Pause(); err != nil {
		return err
	}
	if !p.promises(locks.Expires) {
		err := p.excluded(b, key, 2*p.ttl+slack)
		return errors.Join(err, v.Resume(), v.Stop())
	}
	l, err := p.get(b, key, p.ttl+slack)
	if err != nil {
		return err
	}
	if err := errors.Join(p.checkToken(l, token), v.Resume()); err != nil {
		return err
	}
	time.Sleep(p.ttl/2 + slack/2)
	if v.Stop() == nil {
		return errors.New("the holder did not notice that it had lost the lock")
	}
	if ended(l) {
		return errors.New("the late holder ended the lease of another client")
	}
	return l.Release(p.ctx)
}

// restart: a restarted server knows the holder, or not, as the lock promises.
func (p *prober) restart(a, b locks.Client, key string) error {
	if len(p.cluster.Nodes()) != 1 {
		return nil
	}
	l, err := p.get(a, key, patience)
	if err != nil {
		return err
	}
	if err := errors.Join(faults.KillAll(p.cluster), faults.RestartAll(p.ctx, p.cluster)); err != nil {
		return err
	}
	if !p.promises(locks.Durable) {
		return p.forgotten(b, key)
	}
	if err := p.excluded(b, key, soon); err != nil {
		return err
	}
	if err := l.Release(p.ctx); err != nil {
		return fmt.Errorf("the holder's release after the restart: %w", err)
	}
	next, err := p.get(b, key, patience)
	if err != nil {
		return err
	}
	return errors.Join(p.checkToken(next, l.Token()), next.Release(p.ctx))
}

// forgotten: a server without files forgets its holders. A server that has files and
// syncs them late forgets only what a loss of power takes, which cannot be made here.
func (p *prober) forgotten(b locks.Client, key string) error {
	if p.promises(locks.Fenced) {
		return nil
	}
	l, err := p.get(b, key, patience)
	if err != nil {
		return err
	}
	return l.Release(p.ctx)
}

// loss: the loss of one server of several costs a pause at most.
func (p *prober) loss(a, b locks.Client, key string) error {
	if !p.promises(locks.Survives) || len(p.cluster.Nodes()) == 0 {
		return nil
	}
	before, err := p.get(a, key, patience)
	if err != nil {
		return err
	}
	if err := before.Release(p.ctx); err != nil {
		return err
	}
	i, err := p.cluster.Leader(p.ctx)
	if err != nil { // where there is no leader, the loss of any server will do
		i = 0
	}
	if err := p.cluster.Nodes()[i].Kill(); err != nil {
		return err
	}
	for start := time.Now(); ; {
		after, err := p.get(b, key, patience)
		if err != nil {
			return err
		}
		if err := p.checkToken(after, before.Token()); err != nil {
			return err
		}
		err = after.Release(p.ctx)
		if errors.Is(err, locks.ErrLost) && time.Since(start) < patience {
			continue // a lease may end during the pause
		}
		return err
	}
}
