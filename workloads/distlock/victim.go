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
	"github.com/contendbench/contend/workloads/faults"
	"github.com/contendbench/contend/workloads/load"
)

// victimEntry is the process that a fault hits. It has two clients: the holder, and one
// that waits behind it.
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

// What a victim reports of itself.
const (
	noticed  = "noticed that its lease had ended"
	released = "was told by its release that the lease was lost"
	freed    = "freed the lease of another client" // and how
	back     = "was inside again"
)

const writeEvery = time.Millisecond

func serveVictim(h *harness.Helper, b locks.Backend, args json.RawMessage) error {
	var v victimArgs
	if err := json.Unmarshal(args, &v); err != nil {
		return err
	}
	r, err := dialResource(h.Context, v.Resource, v.Name)
	if err != nil {
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
	if _, err := r.do(request{Do: "enter", Key: v.Key, Token: l.Token()}); err != nil {
		return err
	}
	waitBehind, err := v.behind(h.Context, b)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	behind := make(chan error, 1)
	load.QueueUp(&group, func() { behind <- waitBehind() })
	if err := h.Ready(nil); err != nil {
		return err
	}
	if err := v.hold(h.Context, r, l); err != nil {
		return err
	}
	if err := v.again(h.Context, r, c); err != nil {
		return err
	}
	if err := <-behind; err != nil {
		return err
	}
	<-h.Context.Done()
	return nil
}

// hold writes until the victim knows that its lease has ended, and reports what happened.
// It also returns when ctx ends.
func (v victimArgs) hold(ctx context.Context, r *access, l locks.Lease) error {
	var pulse faults.Pulse
	go pulse.Beat(func() bool { return ctx.Err() == nil })
	write := func() error {
		_, err := r.do(request{Do: "write", Key: v.Key, Token: l.Token(), Stall: pulse.Stall()})
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
	// This is the write that the victim had decided on before it looked. No client can
	// rule it out; a token is there to stop it.
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
		text = fmt.Sprintf("%s: its late release returned %v", freed, err)
	}
	_, err := r.do(request{Do: "tell", Text: text})
	return err
}

// again gets the key once more, as a client that has come back.
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
	_ = l.Release(ctx) // see behind
	return c.Close()
}

// behind returns the wait of the second client, which queues up behind the holder.
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
		// The victim does not judge this release: a fault may have made it late.
		_ = l.Release(ctx)
		return c.Close()
	}, nil
}
