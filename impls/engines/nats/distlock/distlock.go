// Package distlock holds a lock on the key-value store of NATS JetStream.
package distlock

import (
	"context"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/nats"
)

const (
	// minTTL is the shortest time to live of a message.
	minTTL = time.Second
	// requestTime bounds a request that is not made for a caller.
	requestTime = 2 * time.Second
)

// Backend is a key that one client can create at a time, on n servers that each hold the
// bucket. The key has a time to live, which its holder renews by writing it again. A
// waiter watches the key and creates it when it is gone. With direct reads, a bucket's
// default, any server answers a read, even one that is behind. Without them, the bucket's
// leader does.
//
// Source: github.com/nats-io/nats.go v1.55.0, jetstream.KeyValue, on
// github.com/nats-io/nats-server/v2 v2.15.2.
// Progress: may starve. A release wakes all waiters, and the first that creates the key
// has it. Often, that is the client which released it.
// Promises: the key of a holder that is gone or stalls expires after whole seconds. The
// server looks for expired keys once a second. The token is the key's revision, a number
// in the bucket's stream, which grows while the files last. The files are synced late, so
// the lock does not promise to be durable. Three servers continue without one.
// Space: a key for each lock, which stays as a marker of its deletion. A consumer on the
// servers for each waiting client.
// Observed: a new key takes three calls, because the marker of the deletion is in its
// place. A bucket on several servers refuses a deletion with the right revision while
// another write of the key is under way (code 10164, not 10071), so it must be retried.
// With direct reads, a server that is behind may report that a free key is taken, or that
// the client's own key does not exist. A waiter therefore looks again without news, here
// every 100 ms.
// Wins: it needs no process but the server, which may serve messages already. Loses: many
// waiters, and takeovers, which take seconds.
func Backend(n int, direct bool) locks.Backend {
	service := nats.Service(n)
	service.Start = func(ctx context.Context, host impls.Host) (impls.Cluster, error) {
		c, err := nats.Start(ctx, host, n)
		if err == nil {
			err = open(ctx, c, n, direct)
		}
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	return locks.Backend{Service: service, Dial: dial, MinTTL: minTTL}
}

// open makes the bucket.
func open(ctx context.Context, c *cluster.Cluster, n int, direct bool) error {
	conn, js, err := nats.Connect(c.At)
	if err != nil {
		return err
	}
	config := jetstream.KeyValueConfig{Bucket: bucket(c.At), Replicas: n, LimitMarkerTTL: minTTL}
	_, err = cluster.Retry(ctx, func() (jetstream.Stream, error) {
		limited, cancel := context.WithTimeout(ctx, requestTime)
		defer cancel()
		return create(limited, js, config, direct)
	})
	if err != nil {
		conn.Close()
		return err
	}
	c.Shut = func() error { conn.Close(); return nil }
	c.Lead = func(ctx context.Context) (int, error) { return nats.Leader(ctx, js, stream(config.Bucket)) }
	c.Clean = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, requestTime)
		defer cancel()
		return js.DeleteKeyValue(ctx, config.Bucket)
	}
	return nil
}

// bucket is the name of the bucket for the endpoint's prefix. Names have no slash.
func bucket(at cluster.At) string { return strings.ReplaceAll(strings.Trim(at.Prefix, "/"), "/", "-") }

// stream is the name of a bucket's stream, and subject that of a key in it.
func stream(bucket string) string       { return "KV_" + bucket }
func subject(bucket, key string) string { return "$KV." + bucket + "." + key }

// create makes the bucket. The library makes every bucket with direct reads, which its
// stream can change.
func create(
	ctx context.Context, js jetstream.JetStream, config jetstream.KeyValueConfig, direct bool,
) (jetstream.Stream, error) {
	if _, err := js.CreateOrUpdateKeyValue(ctx, config); err != nil {
		return nil, err
	}
	s, err := js.Stream(ctx, stream(config.Bucket))
	if err != nil {
		return nil, err
	}
	c := s.CachedInfo().Config
	if c.AllowDirect == direct {
		return s, nil
	}
	c.AllowDirect = direct
	return js.UpdateStream(ctx, c)
}
