package engines

import (
	"context"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	goredis "github.com/redis/go-redis/v9"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
	"go.uber.org/zap"

	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls/engines/cluster"
	"github.com/contendbench/contend/impls/engines/postgres"
	"github.com/contendbench/contend/impls/engines/redis"
	"github.com/contendbench/contend/impls/loopback"
)

// mine is a key of the user's. It must stay, and nothing else may.
const mine = "mine"

// own is a user's own server: its address, and the keys that it holds.
type own struct {
	address string
	keys    func(context.Context) ([]string, error)
}

// A user's own servers are used in place of started ones, and nothing is left there.
func TestOwnServers(t *testing.T) {
	for _, c := range []struct {
		engine, impl string
		start        func(*testing.T, int, int) own
	}{
		{"etcd", "etcd", ownEtcd},
		{"nats", "nats", ownNATS},
		{"redis", "redsync", ownRedis},
	} {
		t.Run(c.engine, func(t *testing.T) {
			t.Parallel()
			port, peer := ports(t)
			server := c.start(t, port, peer)
			trial(t, c.impl, map[string]string{c.engine: server.address})
			onlyMine(t, c.impl, server)
		})
	}
}

// ports returns two free ones.
func ports(t *testing.T) (port, peer int) {
	t.Helper()
	two, err := loopback.Ports(2)
	if err != nil {
		t.Fatal(err)
	}
	return two[0], two[1]
}

// onlyMine fails unless the server has what is the user's, and nothing else.
func onlyMine(t *testing.T, impl string, server own) {
	t.Helper()
	keys, err := server.keys(t.Context())
	if err != nil || len(keys) != 1 || keys[0] != mine {
		t.Errorf("%s: got keys %v, %v, want only %q", impl, keys, err, mine)
	}
}

func ownEtcd(t *testing.T, port, peer int) own {
	c := embed.NewConfig()
	c.Dir, c.LogLevel = t.TempDir(), "error"
	c.MaxTxnOps = 1 << 14 // the loads fill a store by large transactions
	c.ListenClientUrls[0].Host = fmt.Sprintf("127.0.0.1:%d", port)
	c.ListenPeerUrls[0].Host = fmt.Sprintf("127.0.0.1:%d", peer)
	c.AdvertisePeerUrls = c.ListenPeerUrls
	c.InitialCluster = c.InitialClusterFromName(c.Name)
	e, err := embed.StartEtcd(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	<-e.Server.ReadyNotify()
	config := clientv3.Config{Endpoints: []string{c.ListenClientUrls[0].Host}, Logger: zap.NewNop()}
	client, err := clientv3.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	if _, err := client.Put(t.Context(), mine, ""); err != nil {
		t.Fatal(err)
	}
	return own{c.ListenClientUrls[0].Host, func(ctx context.Context) ([]string, error) {
		all, err := client.Get(ctx, "", clientv3.WithPrefix(), clientv3.WithKeysOnly())
		if err != nil {
			return nil, err
		}
		var keys []string
		for _, kv := range all.Kvs {
			keys = append(keys, string(kv.Key))
		}
		return keys, nil
	}}
}

func ownNATS(t *testing.T, port, _ int) own {
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: t.TempDir(), NoSigs: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Shutdown)
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not listen")
	}
	conn, err := natsgo.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: mine}); err != nil {
		t.Fatal(err)
	}
	return own{s.ClientURL(), func(ctx context.Context) ([]string, error) {
		var names []string
		buckets := js.KeyValueStoreNames(ctx)
		for name := range buckets.Name() {
			names = append(names, name)
		}
		return names, buckets.Error()
	}}
}

func ownRedis(t *testing.T, port, _ int) own {
	if err := redis.Missing(); err != nil {
		t.Skip(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	cmd := exec.Command("redis-server",
		"--bind", "127.0.0.1", "--port", fmt.Sprint(port), "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	client := goredis.NewClient(&goredis.Options{Addr: address})
	t.Cleanup(func() { client.Close() })
	for start := time.Now(); client.Set(t.Context(), mine, "", 0).Err() != nil; time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			t.Fatal("the Redis server does not answer")
		}
	}
	return own{"redis://" + address, func(ctx context.Context) ([]string, error) {
		keys, err := client.Keys(ctx, "*").Result()
		return keys, err
	}}
}

// ownPostgres is a server with a table. It chooses its port.
func ownPostgres(t *testing.T, _, _ int) own {
	if err := postgres.Missing(); err != nil {
		t.Skip(err)
	}
	host, err := process.New(process.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := host.Close(); err != nil {
			t.Errorf("ending PostgreSQL: got %v, want none", err)
		}
	})
	c, err := postgres.Service().Start(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	at, err := cluster.Parse(c.Endpoint())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), at.Addresses[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), "create table "+mine+" ()"); err != nil {
		t.Fatal(err)
	}
	return own{at.Addresses[0], func(ctx context.Context) ([]string, error) {
		rows, err := conn.Query(ctx, "select tablename from pg_tables where schemaname = current_schema")
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, pgx.RowTo[string])
	}}
}
