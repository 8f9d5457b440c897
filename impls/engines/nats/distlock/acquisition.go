package distlock

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/lease"
)

// acquisition is one try to get a key.
type acquisition struct {
	client   *client
	key      string
	id       []byte // the value, by which it recognizes its own key
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

// create does not end with the caller's context: its outcome would be unknown, and the
// servers answer in milliseconds. If they do not, the key is deleted if it exists, or
// expires.
func (a *acquisition) create() error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	revision, err := a.client.kv.Create(ctx, a.key, a.id, jetstream.KeyTTL(a.ttl))
	if err == nil || errors.Is(err, jetstream.ErrKeyExists) {
		a.revision = revision
		return err
	}
	ctx, cancel = context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	if a.find(ctx) == nil {
		return errors.Join(err, a.free(ctx))
	}
	return err
}

// find looks for the present revision of the key. The error is locks.ErrLost if the key
// is not this acquisition's.
func (a *acquisition) find(ctx context.Context) error {
	e, err := a.client.kv.Get(ctx, a.key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return locks.ErrLost
	case err != nil:
		return err
	case string(e.Value()) != string(a.id):
		return locks.ErrLost
	}
	a.revision = e.Revision()
	return nil
}

// renew writes the key again, so that its time to live starts again. The library can give
// a time to live to a new key only.
func (a *acquisition) renew(ctx context.Context) error {
	c := a.client
	ack, err := c.js.Publish(ctx, subject(c.bucket, a.key), a.id,
		jetstream.WithExpectLastSequencePerSubject(a.revision), jetstream.WithMsgTTL(a.ttl))
	switch {
	case err == nil:
		a.revision = ack.Sequence
	case code(err) == jetstream.JSErrCodeStreamWrongLastSequence:
		// An earlier renewal may have been written and its answer lost.
		return errors.Join(err, a.find(ctx))
	}
	return err
}

// free deletes the key if it is still this acquisition's.
func (a *acquisition) free(ctx context.Context) error {
	for {
		err := a.client.kv.Delete(ctx, a.key, jetstream.LastRevision(a.revision))
		switch code(err) {
		case jetstream.JSErrCodeStreamWrongLastSequence:
			if err := a.find(ctx); err != nil {
				return err
			}
		case jetstream.JSErrCodeStreamWrongLastSequenceConstant:
			// Several servers refuse while any write of the key is under way, whatever
			// its revision.
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

// code is the code of a server's error. 0: the error is not a server's.
func code(err error) jetstream.ErrorCode {
	var e *jetstream.APIError
	if errors.As(err, &e) {
		return e.ErrorCode
	}
	return 0
}
