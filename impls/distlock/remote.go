package distlock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/contendbench/contend/impls"
)

// Remote is a lease server in a process of its own, which clients reach by TCP.
//
// Source: as core; for the log see journal.
// Progress: FIFO for each key. A hand-over is one message: the server answers the next in line when it hears the release.
// Expires: a client says each third of the shortest time to live that it lives; a paused, dead or unreachable one loses what it holds when its time has
// passed, not when its connection breaks, and can come back to it by a new connection before. Clean ends free at once. A pause of the server
// is nobody's fault, so it waits as long again before it calls a client silent.
// Fenced: tokens of one counter. Without a log, as in the row lease, a server that starts again knows neither holders nor counter; with it, as in
// lease-wal, an acquisition is on the disk before anybody hears of it, and it forgets nothing.
// Space: a map entry for each key that is held or waited for and for each session, nothing for a key that is free.
// Wins: hand-overs, and waits that end when the holder does. Loses: one server, so its death is a pause for all until it starts again.
type Remote struct {
	fresh   func() machine
	durable bool
}

// NewLease is a server that remembers while it runs.
func NewLease() Backend { return Remote{fresh: func() machine { return newCore() }}.backend() }

// NewLeaseWAL is a server that remembers by a write-ahead log.
func NewLeaseWAL() Backend {
	return Remote{fresh: func() machine { return newCore() }, durable: true}.backend()
}

func (r Remote) backend() Backend {
	return Backend{Start: startRemote, Dial: dialLease, Serve: r.serve, Skew: skewRemote}
}

// serving is what a server's process is told.
type serving struct {
	Dir string `json:"dir"`
}

func startRemote(ctx context.Context, host impls.Host) (Cluster, error) {
	dir, err := os.MkdirTemp(host.Dir(), "lease-")
	if err != nil {
		return nil, err
	}
	p, err := host.Start(ctx, impls.Program{Name: "lease", Entry: Server, Args: serving{dir}})
	if err != nil {
		return nil, err
	}
	var address string
	if err := json.Unmarshal(p.Message(), &address); err != nil {
		return nil, fmt.Errorf("where the lease server listens: %w", err)
	}
	return remoteCluster{address, p}, nil
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

// serve is the server's process. Started again, it listens where it did.
func (r Remote) serve(ctx context.Context, args json.RawMessage, ready func(string) error) error {
	var s serving
	if err := json.Unmarshal(args, &s); err != nil {
		return fmt.Errorf("what the lease server is told: %w", err)
	}
	m := r.fresh()
	var j *journal
	if r.durable {
		var err error
		if j, err = reopen(disk(s.Dir), m); err != nil {
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
	return newServer(m, j).run(ctx, l)
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

// bindTime is how long a server tries to listen where it did: what comes from that port by chance is mostly gone soon.
const bindTime = 5 * time.Second

// listenAgain listens at the address that a file holds or, the first time, at a free port, which it writes down.
func listenAgain(ctx context.Context, file string) (net.Listener, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		return l, os.WriteFile(file, []byte(l.Addr().String()), 0o600)
	}
	if err != nil {
		return nil, err
	}
	for begin := time.Now(); ; {
		l, err := net.Listen("tcp", string(text))
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) || time.Since(begin) > bindTime || ctx.Err() != nil {
			return l, err
		}
		time.Sleep(leastPause)
	}
}

func skewRemote(ctx context.Context, endpoint string, s Skew) error {
	c, err := dialLease(ctx, endpoint)
	if err != nil {
		return err
	}
	_, err = c.(*client).do(ctx, newCall(message{op: opSkew, ttl: s.Jump, token: uint64(s.Rate * 1000)}))
	return errors.Join(err, c.Close())
}
