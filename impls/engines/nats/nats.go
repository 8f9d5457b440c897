// Package nats holds locks on the key-value store of NATS JetStream.
package nats

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/lease"
)

const (
	// least is the shortest time to live of a message.
	least = time.Second
	// patience is how long one request that nobody waits for may take.
	patience = 2 * time.Second
)

// Backend is a key that one client creates at a time, on n servers that each hold the bucket; an even n makes no sense. The key has
// a time to live, which its holder renews by writing it again; a waiter watches the key and creates it when it is gone. With direct
// reads, a bucket's default, any server answers a read, also one that is behind; without, the bucket's leader does.
//
// Source: github.com/nats-io/nats.go v1.55.0, jetstream.KeyValue, on github.com/nats-io/nats-server/v2 v2.15.2; one embedded server a
// process, with its defaults: it hands its files to the kernel at once and syncs them every two minutes, and elects a leader
// after 4 to 9 s without one.
// Progress: may starve. A release wakes all waiters, and the first to create the key has it, often the one that released it.
// Promises: a key whose holder is gone or stands still expires, in whole seconds, and the server looks once a second. The token is the
// key's revision, a number in the bucket's stream, which grows while the files last; because they are synced late, the row does
// not promise to be durable. Three servers go on without one.
// Space: a key a lock, which stays as a mark of its deletion; a consumer, which the servers keep, for each waiting client.
// Observed: a new key takes three calls, because the mark of the deletion stands in its place. A bucket on several servers refuses a
// deletion with the right revision while another write of the key is under way (code 10164, not 10071), so that it must be tried
// again. With direct reads a server that is behind may say that a free key is taken, or that one's own key is not there: a waiter has to
// look again without news, here every 100 ms.
// Wins: no process but the server, and one that may be there for messages already. Loses: many waiters, and takeovers, which last seconds.
func Backend(n int, direct bool) distlock.Backend {
	return distlock.Backend{
		Start: func(ctx context.Context, host impls.Host) (distlock.Cluster, error) {
			return open(ctx, host, n, direct)
		},
		Dial:   dial,
		Least:  least,
		Elects: 40 * time.Second, // 4 to 9 s as a rule, and once 30
		Serve:  serve,
	}
}

func open(ctx context.Context, host impls.Host, n int, direct bool) (distlock.Cluster, error) {
	c := &cluster.Cluster{}
	at, given := cluster.Given(host, "nats")
	if !given {
		addresses, nodes, err := start(ctx, host, n)
		if err != nil {
			return nil, err
		}
		at, c.Processes = cluster.New(addresses...), nodes
	}
	conn, js, err := connect(at)
	if err != nil {
		return nil, err
	}
	config := jetstream.KeyValueConfig{Bucket: bucket(at), Replicas: n, LimitMarkerTTL: least}
	_, err = lease.Until(ctx, func() (jetstream.Stream, error) {
		limited, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		return create(limited, js, config, direct)
	})
	if err != nil {
		conn.Close()
		return nil, err
	}
	c.At = at
	c.Shut = func() error { conn.Close(); return nil }
	c.Lead = func(ctx context.Context) (int, error) { return leader(ctx, js, config.Bucket) }
	c.Clean = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		return js.DeleteKeyValue(ctx, config.Bucket)
	}
	return c, nil
}

// bucket is the name of the bucket that stands for the endpoint's prefix: names have no slash.
func bucket(at cluster.At) string { return strings.ReplaceAll(strings.Trim(at.Prefix, "/"), "/", "-") }

// stream is the name of the stream that a bucket is, and subject that of a key of it.
func stream(bucket string) string       { return "KV_" + bucket }
func subject(bucket, key string) string { return "$KV." + bucket + "." + key }

// create makes the bucket; the library makes all with direct reads, and its stream can be told otherwise.
func create(ctx context.Context, js jetstream.JetStream, config jetstream.KeyValueConfig, direct bool) (jetstream.Stream, error) {
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

// connect reconnects as long as the client lives: a server may be started anew.
func connect(at cluster.At) (*nats.Conn, jetstream.JetStream, error) {
	conn, err := nats.Connect(strings.Join(at.Addresses, ","), nats.MaxReconnects(-1),
		nats.ReconnectWait(20*time.Millisecond), nats.ReconnectJitter(10*time.Millisecond, 10*time.Millisecond))
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return conn, js, nil
}

// leader is the server that leads the bucket's stream; one that stands alone leads.
func leader(ctx context.Context, js jetstream.JetStream, bucket string) (int, error) {
	s, err := js.Stream(ctx, stream(bucket))
	if err != nil {
		return 0, err
	}
	info := s.CachedInfo().Cluster
	if info == nil {
		return 0, nil
	}
	i, err := strconv.Atoi(strings.TrimPrefix(info.Leader, "nats-"))
	if err != nil {
		return 0, errors.Join(fmt.Errorf("the bucket's leader is %q", info.Leader), err)
	}
	return i, nil
}
