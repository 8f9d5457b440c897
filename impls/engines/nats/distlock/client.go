package distlock

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
	"github.com/contendbench/contend/impls/engines/nats"
)

// client is a lock client.
type client struct {
	conn   *natsgo.Conn
	js     jetstream.JetStream
	kv     jetstream.KeyValue
	bucket string
	held   lease.Held
	watch  watch
}

func dial(ctx context.Context, endpoint string) (locks.Client, error) {
	at, err := cluster.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	conn, js, err := nats.Connect(at)
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

// Acquire creates the key. While another client has it, it waits for news of its end.
func (c *client) Acquire(ctx context.Context, key string, ttl time.Duration) (locks.Lease, error) {
	if c.held.Closed() {
		return nil, locks.ErrClosed
	}
	name := "k" + base64.RawURLEncoding.EncodeToString([]byte(key)) // a name has at least one character
	a := acquisition{
		client: c, key: name, id: []byte(rand.Text()),
		ttl: (max(ttl, minTTL) + time.Second - 1).Truncate(time.Second), // the server rounds down to seconds
	}
	return cluster.Retry(ctx, func() (*lease.Lease, error) { return a.wait(ctx) })
}

// Close releases what the client still holds.
func (c *client) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	err := c.held.Release(ctx)
	c.watch.stop()
	c.conn.Close()
	return err
}
