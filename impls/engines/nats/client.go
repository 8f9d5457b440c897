package nats

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
)

// client is a distlock.Client.
type client struct {
	conn   *nats.Conn
	js     jetstream.JetStream
	kv     jetstream.KeyValue
	bucket string
	held   lease.Held
	watch  watch
}

func dial(ctx context.Context, endpoint string) (distlock.Client, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	conn, js, err := connect(at)
	if err != nil {
		return nil, err
	}
	kv, err := js.KeyValue(ctx, bucket(at))
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &client{conn: conn, js: js, kv: kv, bucket: bucket(at)}, nil
}

// Acquire creates the key. While somebody else has it, it waits for news of its end.
func (c *client) Acquire(ctx context.Context, key string, ttl time.Duration) (distlock.Lease, error) {
	a := acquisition{
		client: c, key: base64.RawURLEncoding.EncodeToString([]byte(key)), id: []byte(rand.Text()),
		ttl: (max(ttl, least) + time.Second - 1).Truncate(time.Second), // the server cuts off what is less than a second
	}
	return lease.Until(ctx, func() (*lease.Lease, error) { return a.wait(ctx) })
}

// Close gives up what the client still holds.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := c.held.Release(ctx)
	c.watch.stop()
	c.conn.Close()
	return err
}
