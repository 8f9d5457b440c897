package nats

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/lease"
)

// acquisition is one try to have a key.
type acquisition struct {
	client   *client
	key      string
	id       []byte // the value, by which it knows its own
	ttl      time.Duration
	revision uint64 // of the key, as last written
}

func (a *acquisition) wait(ctx context.Context) (*lease.Lease, error) {
	c := a.client
	c.watch.drain()
	for ctx.Err() == nil {
		asked := time.Now()
		err := a.create()
		switch {
		case err == nil:
			l := c.held.New(a.revision, a.free)
			l.Keep(a.ttl, asked, a.renew)
			return l, nil
		case !errors.Is(err, jetstream.ErrKeyExists):
			return nil, err
		}
		if err := c.watch.until(ctx, c.kv, a.key); err != nil {
			return nil, err
		}
	}
	return nil, ctx.Err()
}

// create is not cut off with the caller's context: what comes of it would not be known, and the servers answer in milliseconds. If
// they do not, the key, should it have come to be, is taken back or expires.
func (a *acquisition) create() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	revision, err := a.client.kv.Create(ctx, a.key, a.id, jetstream.KeyTTL(a.ttl))
	if err == nil || errors.Is(err, jetstream.ErrKeyExists) {
		a.revision = revision
		return err
	}
	ctx, cancel = context.WithTimeout(context.Background(), patience)
	defer cancel()
	if a.find(ctx) == nil {
		return errors.Join(err, a.free(ctx))
	}
	return err
}

// find looks for the present revision of the key; distlock.ErrLost says that it is not this acquisition's.
func (a *acquisition) find(ctx context.Context) error {
	e, err := a.client.kv.Get(ctx, a.key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return distlock.ErrLost
	case err != nil:
		return err
	case string(e.Value()) != string(a.id):
		return distlock.ErrLost
	}
	a.revision = e.Revision()
	return nil
}

// renew writes the key anew, so that its time to live begins anew; the library can give a time to live to a new key only.
func (a *acquisition) renew(ctx context.Context) error {
	c := a.client
	ack, err := c.js.Publish(ctx, subject(c.bucket, a.key), a.id,
		jetstream.WithExpectLastSequencePerSubject(a.revision), jetstream.WithMsgTTL(a.ttl))
	switch {
	case err == nil:
		a.revision = ack.Sequence
	case code(err) == jetstream.JSErrCodeStreamWrongLastSequence:
		// Perhaps an earlier renewal was written and its answer lost.
		return errors.Join(err, a.find(ctx))
	}
	return err
}

// free deletes the key if it is this acquisition's still.
func (a *acquisition) free(ctx context.Context) error {
	for {
		err := a.client.kv.Delete(ctx, a.key, jetstream.LastRevision(a.revision))
		switch code(err) {
		case jetstream.JSErrCodeStreamWrongLastSequence:
			if err := a.find(ctx); err != nil {
				return err
			}
		case jetstream.JSErrCodeStreamWrongLastSequenceConstant:
			// Several servers refuse so while any write of the key is under way, whatever its revision.
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(time.Millisecond):
		}
	}
}

// code is that of a server's error; 0: it is none.
func code(err error) jetstream.ErrorCode {
	var e *jetstream.APIError
	if errors.As(err, &e) {
		return e.ErrorCode
	}
	return 0
}
