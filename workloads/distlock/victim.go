package distlock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

// victimEntry is the process that a fault hits: a holder, and behind it in the line a second client of the same process.
const victimEntry = "victim"

type victimArgs struct {
	Name     string        `json:"name"`
	Endpoint string        `json:"endpoint"`
	Resource string        `json:"resource"`
	Key      string        `json:"key"`
	TTL      time.Duration `json:"ttl_ns"`
}

// second is the name of a victim's second client.
func second(victim string) string { return victim + "+1" }

// What a victim tells of itself.
const (
	noticed  = "noticed that its lease had ended"
	released = "was told so by its release"
	freed    = "freed what others held" // and how
	back     = "was inside again"
)

const writeEvery = time.Millisecond

func serveVictim(p *harness.Peer, b locks.Backend, args json.RawMessage) error {
	var v victimArgs
	if err := json.Unmarshal(args, &v); err != nil {
		return err
	}
	r, err := dialResource(p.Context, v.Resource, v.Name)
	if err != nil {
		return err
	}
	c, err := b.Dial(p.Context, v.Endpoint)
	if err != nil {
		return err
	}
	l, err := c.Acquire(p.Context, v.Key, v.TTL)
	if err != nil {
		return err
	}
	if _, err := r.do(request{Do: "enter", Key: v.Key, Token: l.Token()}); err != nil {
		return err
	}
	wait, err := v.behind(p.Context, b)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	behind := make(chan error, 1)
	load.Line(&group, func() { behind <- wait() })
	if err := p.Ready(nil); err != nil {
		return err
	}
	if err := v.hold(p.Context, r, l); err != nil {
		return err
	}
	if err := v.again(p.Context, r, c); err != nil {
		return err
	}
	if err := <-behind; err != nil {
		return err
	}
	<-p.Context.Done()
	return nil
}

// hold writes until the victim knows that its lease has ended, and tells what happened. It returns when ctx ends, too.
func (v victimArgs) hold(ctx context.Context, r *access, l locks.Lease) error {
	var own pulse
	go own.beat(func() bool { return ctx.Err() == nil })
	write := func() error {
		_, err := r.do(request{Do: "write", Key: v.Key, Token: l.Token(), Stall: own.stall()})
		return err
	}
	for every := time.NewTicker(writeEvery); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
			if err := write(); err != nil {
				return err
			}
			continue
		case <-l.Done():
		}
		break
	}
	// The write that it had decided on before it looked: that is what no client can rule out, and what a token is for.
	if err := write(); err != nil {
		return err
	}
	if _, err := r.do(request{Do: "tell", Text: noticed}); err != nil {
		return err
	}
	if _, err := r.do(request{Do: "leave", Key: v.Key}); err != nil {
		return err
	}
	text := released
	if err := l.Release(ctx); !errors.Is(err, locks.ErrLost) {
		text = fmt.Sprintf("%s: its late release said %v", freed, err)
	}
	_, err := r.do(request{Do: "tell", Text: text})
	return err
}

// again gets in once more, as a client that has come back.
func (v victimArgs) again(ctx context.Context, r *access, c locks.Client) error {
	l, err := c.Acquire(ctx, v.Key, v.TTL)
	if err != nil {
		return err
	}
	if err := r.visit(v.Key, l.Token(), func() {}); err != nil {
		return err
	}
	if _, err := r.do(request{Do: "tell", Text: back}); err != nil {
		return err
	}
	_ = l.Release(ctx) // as behind
	return c.Close()
}

// behind returns what stands in line behind the holder, as another client of the process.
func (v victimArgs) behind(ctx context.Context, b locks.Backend) (func() error, error) {
	r, err := dialResource(ctx, v.Resource, second(v.Name))
	if err != nil {
		return nil, err
	}
	c, err := b.Dial(ctx, v.Endpoint)
	if err != nil {
		return nil, err
	}
	return func() error {
		l, err := c.Acquire(ctx, v.Key, v.TTL)
		if err != nil {
			return err
		}
		if err := r.visit(v.Key, l.Token(), func() {}); err != nil {
			return err
		}
		// What a late fault makes of this release, the victim does not judge.
		_ = l.Release(ctx)
		return c.Close()
	}, nil
}
