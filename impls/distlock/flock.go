package distlock

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/contendbench/contend/impls"
)

// Flock is a file for each key, which the kernel locks.
//
// Source: flock(2); github.com/gofrs/flock v0.13.2.
// Progress: blocking, in no order that is promised. Without a context that may end it waits in the kernel, and a thread with it; with one
// it tries every millisecond.
// Released: the kernel frees the lock of a process that ends. It does not expire: a paused holder holds. No token.
// Space: a file for each key that was ever asked for, an open file for each lease.
// Wins: one machine, no server. Loses: more machines, and whoever waits for a holder that stands still.
type Flock struct {
	dir  string
	mu   sync.Mutex
	held map[*fileLease]bool
}

// NewFlock makes the backend; its endpoint is a folder.
func NewFlock() Backend { return Backend{Start: startFlock, Dial: dialFlock} }

func startFlock(_ context.Context, host impls.Host) (Cluster, error) {
	dir, err := os.MkdirTemp(host.Dir(), "flock-")
	return serverless(dir), err
}

func dialFlock(_ context.Context, dir string) (Client, error) {
	return &Flock{dir: dir, held: map[*fileLease]bool{}}, nil
}

// retryEvery is the time between two tries where a wait may end.
const retryEvery = time.Millisecond

// Acquire locks the key's file; ttl means nothing here.
func (c *Flock) Acquire(ctx context.Context, key string, _ time.Duration) (Lease, error) {
	file := flock.New(filepath.Join(c.dir, hex.EncodeToString([]byte(key))))
	var err error
	if ctx.Done() == nil {
		err = file.Lock()
	} else {
		_, err = file.TryLockContext(ctx, retryEvery)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the file of %q: %w", key, err), file.Close())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &fileLease{client: c, file: file, done: make(chan struct{})}
	c.held[l] = true
	return l, nil
}

// Close unlocks what this client holds.
func (c *Flock) Close() error {
	c.mu.Lock()
	held := slices.Collect(maps.Keys(c.held))
	c.mu.Unlock()
	var errs []error
	for _, l := range held {
		errs = append(errs, l.Release(context.Background()))
	}
	return errors.Join(errs...)
}

// fileLease is a locked file.
type fileLease struct {
	client *Flock
	file   *flock.Flock
	done   chan struct{}
}

// Token is 0: the kernel counts nothing.
func (*fileLease) Token() uint64 { return 0 }

// Done is closed by Release.
func (l *fileLease) Done() <-chan struct{} { return l.done }

// Release unlocks the file, which the library would do again and again.
func (l *fileLease) Release(context.Context) error {
	l.client.mu.Lock()
	held := l.client.held[l]
	delete(l.client.held, l)
	l.client.mu.Unlock()
	if !held {
		return ErrLost
	}
	close(l.done)
	if err := l.file.Unlock(); err != nil {
		return fmt.Errorf("unlocking a file: %w", err)
	}
	return nil
}
