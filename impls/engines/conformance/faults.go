package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// hold is what a victim is told.
type hold struct {
	Endpoint string        `json:"endpoint"`
	Key      string        `json:"key"`
	TTL      time.Duration `json:"ttl"`
}

// victim is a holder in a process of its own, which is killed or paused. It says its token. When it is asked to end, it fails if
// its lease had ended, and says so.
func victim(p *harness.Peer, b locks.Backend, args json.RawMessage) error {
	var h hold
	if err := json.Unmarshal(args, &h); err != nil {
		return err
	}
	c, err := b.Dial(p.Context, h.Endpoint)
	if err != nil {
		return err
	}
	l, err := c.Acquire(p.Context, h.Key, h.TTL)
	if err != nil {
		return err
	}
	if err := p.Ready(l.Token()); err != nil {
		return err
	}
	<-p.Context.Done()
	if ended(l) {
		return errors.New("the lease had ended")
	}
	return c.Close()
}

func (p *prober) victim(key string) (impls.Process, uint64, error) {
	h := hold{Endpoint: p.cluster.Endpoint(), Key: key, TTL: p.ttl}
	v, err := p.host.Start(p.ctx, impls.Program{Name: "victim", Entry: "victim", Args: h})
	if err != nil {
		return nil, 0, err
	}
	var token uint64
	return v, token, json.Unmarshal(v.Message(), &token)
}

// crash: the lock of a process that was killed is free at once, or when its time to live has passed, as the row promises.
func (p *prober) crash(_, b locks.Client, key string) error {
	v, token, err := p.victim(key)
	if err != nil {
		return err
	}
	if err := v.Kill(); err != nil {
		return err
	}
	begin := time.Now()
	l, err := p.gets(b, key, p.ttl+slack)
	if err != nil {
		return err
	}
	took := time.Since(begin)
	if atOnce := took < p.ttl/2; atOnce != p.row.Has(impls.Released) {
		return fmt.Errorf("free after %v", took)
	}
	return errors.Join(p.token(l, token), l.Release(p.ctx))
}

// pause: while its holder stands still, a lock expires, or nobody gets in.
func (p *prober) pause(_, b locks.Client, key string) error {
	v, token, err := p.victim(key)
	if err != nil {
		return err
	}
	if err := v.Pause(); err != nil {
		return err
	}
	if !p.row.Has(impls.Expires) {
		err := p.shut(b, key, 2*p.ttl+slack)
		return errors.Join(err, v.Resume(), v.Stop())
	}
	l, err := p.gets(b, key, p.ttl+slack)
	if err != nil {
		return err
	}
	if err := errors.Join(p.token(l, token), v.Resume()); err != nil {
		return err
	}
	time.Sleep(p.ttl/2 + slack/2)
	if v.Stop() == nil {
		return errors.New("the holder did not notice that it had lost the lock")
	}
	if ended(l) {
		return errors.New("the holder that came late ended another's lease")
	}
	return l.Release(p.ctx)
}

// restart: a server that starts anew knows the holder, or not, as the row promises.
func (p *prober) restart(a, b locks.Client, key string) error {
	nodes := p.cluster.Nodes()
	if len(nodes) != 1 {
		return nil
	}
	l, err := p.gets(a, key, patience)
	if err != nil {
		return err
	}
	if err := errors.Join(nodes[0].Kill(), nodes[0].Restart(p.ctx)); err != nil {
		return err
	}
	if !p.row.Has(impls.Durable) {
		return p.forgotten(b, key)
	}
	if err := p.shut(b, key, soon); err != nil {
		return err
	}
	if err := l.Release(p.ctx); err != nil {
		return fmt.Errorf("the holder's release says %w", err)
	}
	next, err := p.gets(b, key, patience)
	if err != nil {
		return err
	}
	return errors.Join(p.token(next, l.Token()), next.Release(p.ctx))
}

// forgotten: a server without files forgets. One that has them and syncs them late forgets only what a loss of power takes, which
// cannot be made here.
func (p *prober) forgotten(b locks.Client, key string) error {
	if p.row.Has(impls.Fenced) {
		return nil
	}
	l, err := p.gets(b, key, patience)
	if err != nil {
		return err
	}
	return l.Release(p.ctx)
}

// loss: of several servers, the loss of one costs a pause at most.
func (p *prober) loss(a, b locks.Client, key string) error {
	if !p.row.Has(impls.Survives) || len(p.cluster.Nodes()) == 0 {
		return nil
	}
	before, err := p.gets(a, key, patience)
	if err != nil {
		return err
	}
	if err := before.Release(p.ctx); err != nil {
		return err
	}
	i, err := p.cluster.Leader(p.ctx)
	if err != nil { // servers without a leader: any
		i = 0
	}
	if err := p.cluster.Nodes()[i].Kill(); err != nil {
		return err
	}
	for begin := time.Now(); ; {
		after, err := p.gets(b, key, patience)
		if err != nil {
			return err
		}
		if err := p.token(after, before.Token()); err != nil {
			return err
		}
		err = after.Release(p.ctx)
		if errors.Is(err, locks.ErrLost) && time.Since(begin) < patience {
			continue // a lease may end in the pause
		}
		return err
	}
}
