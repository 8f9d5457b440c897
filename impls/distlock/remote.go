package distlock

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/loopback"
)

// Remote is a lease server in a process of its own, which clients reach by TCP.
//
// Source: as core; for the log see journal.
// Progress: FIFO for each key. A hand-over is one message: when the server receives the
// release, it answers the next waiter.
// Expires: a client sends a heartbeat every third of the shortest time to live. A paused,
// dead or unreachable client loses what it holds when its time to live is over, not when
// its connection breaks. Before that, it can resume by a new connection. A closed client
// frees its keys at once. A server that has stalled itself waits before it calls a client
// silent.
// Fenced: the tokens come from one counter. Without a log (lease), a restarted server
// knows neither holders nor counter. With a log (lease-wal), an acquisition is on disk
// before its client is answered, and the server forgets nothing.
// Space: a map entry for each key that is held or waited for, and for each session. A
// free key takes nothing. What clients can take is bounded; see limits and maxSize.
// Wins: fast hand-overs, and waits that end when the holder does. Loses: there is one
// server, so that its death stops all clients until it restarts.
type Remote struct {
	fresh   func() machine
	durable bool
	files   func(store) store // what a log is kept in; nil: the store as it is
}

// NewLease makes a server that remembers only while it runs.
func NewLease() Backend { return Remote{fresh: func() machine { return newCore() }}.backend() }

// NewLeaseWAL makes a server with a write-ahead log.
func NewLeaseWAL() Backend {
	return Remote{fresh: func() machine { return newCore() }, durable: true}.backend()
}

func (r Remote) backend() Backend {
	h := &hooks{by: map[string]string{}}
	start := func(volatile bool) func(context.Context, impls.Host) (impls.Cluster, error) {
		return func(ctx context.Context, host impls.Host) (impls.Cluster, error) {
			return h.start(ctx, host, volatile)
		}
	}
	b := Backend{Service: impls.Service{Start: start(false), Serve: r.serve, Skew: h.skew}, Dial: dialLease}
	if r.durable {
		b.LosePower = start(true)
	}
	return b
}

// serverArgs is what a server's process is told.
type serverArgs struct {
	Dir      string `json:"dir"`
	Hook     string `json:"hook"`     // a secret, by which a client may skew the clock
	Volatile bool   `json:"volatile"` // its files lose at a kill what was not synced
}

// hooks are the servers that this process has started: only their hooks skew their clocks.
type hooks struct {
	mu sync.Mutex
	by map[string]string // by address
}

func (h *hooks) start(ctx context.Context, host impls.Host, volatile bool) (impls.Cluster, error) {
	dir, err := os.MkdirTemp(host.Dir(), "lease-")
	if err != nil {
		return nil, err
	}
	args := serverArgs{Dir: dir, Hook: rand.Text(), Volatile: volatile}
	p, err := host.Start(ctx, impls.Program{Name: "lease", Entry: impls.ServerEntry, Args: args})
	if err != nil {
		return nil, err
	}
	var address string
	if err := json.Unmarshal(p.Message(), &address); err != nil {
		return nil, fmt.Errorf("reading the lease server's address: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.by[address] = args.Hook
	return remoteCluster{address, p}, nil
}

// skew skews the clock of a server that this process has started.
func (h *hooks) skew(ctx context.Context, endpoint string, s impls.Skew) error {
	h.mu.Lock()
	hook := h.by[endpoint]
	h.mu.Unlock()
	if hook == "" {
		return fmt.Errorf("skewing the clock at %s: this process has not started that server", endpoint)
	}
	return skewRemote(ctx, endpoint, hook, s)
}

// remoteCluster is one server.
type remoteCluster struct {
	address string
	process impls.Process
}

func (c remoteCluster) Endpoint() string                    { return c.address }
func (c remoteCluster) Nodes() []impls.Process              { return []impls.Process{c.process} }
func (c remoteCluster) Leader(context.Context) (int, error) { return 0, nil }
func (c remoteCluster) Close() error                        { return nil }

// serve is the server's process. After a restart, it listens at the same address.
func (r Remote) serve(ctx context.Context, args json.RawMessage, ready func(string) error) error {
	var s serverArgs
	if err := json.Unmarshal(args, &s); err != nil {
		return fmt.Errorf("reading the lease server's arguments: %w", err)
	}
	m := r.fresh()
	var j *journal
	if r.durable {
		var err error
		if j, err = reopen(r.store(s), m); err != nil {
			return err
		}
	}
	l, err := listenAgain(ctx, filepath.Join(s.Dir, "address"))
	if err != nil {
		return err
	}
	if err := ready(l.Addr().String()); err != nil {
		return err
	}
	server := newServer(m, j)
	server.hook = s.Hook
	return server.run(ctx, l)
}

// store returns what the log of a server is kept in.
func (r Remote) store(s serverArgs) (files store) {
	files = disk(s.Dir)
	if s.Volatile {
		files = volatile{disk(s.Dir)}
	}
	if r.files != nil {
		files = r.files(files)
	}
	return files
}

// reopen gives m the state that a log holds.
func reopen(s store, m machine) (*journal, error) {
	j, log, err := openJournal(s)
	if err != nil {
		return nil, err
	}
	m.restore(0, log)
	return j, j.rewrite(m.state())
}

// bindTime is how long a restarted server tries to listen at its old address, while the
// one before it ends.
const bindTime = 5 * time.Second

// listenAgain listens at the address that a file holds. The first time, it listens at a
// free port and writes the file.
func listenAgain(ctx context.Context, file string) (net.Listener, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		l, err := loopback.Listen()
		if err != nil {
			return nil, err
		}
		return l, keepAddress(file, l.Addr().String())
	}
	if err != nil {
		return nil, err
	}
	if at, err := netip.ParseAddrPort(string(text)); err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("%s: got %q, want the address of the last start, on loopback", file, text)
	}
	for start := time.Now(); ; {
		l, err := net.Listen("tcp", string(text))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) || time.Since(start) > bindTime || ctx.Err() != nil {
			return l, err
		}
		time.Sleep(minPause)
	}
}

// keepAddress writes the address for the next start. A crash leaves the whole file or
// none.
func keepAddress(file, address string) error {
	dir, name := filepath.Split(file)
	f, err := disk(dir).create(name + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(address))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return disk(dir).rename(name+".new", name)
}

func skewRemote(ctx context.Context, endpoint, hook string, s impls.Skew) error {
	c, err := dialLease(ctx, endpoint)
	if err != nil {
		return err
	}
	_, err = c.(*client).do(ctx, newCall(message{op: opSkew, ttl: s.Jump, token: uint64(s.Rate * 1000), key: hook}))
	return errors.Join(err, c.Close())
}
