package distlock

import (
	"context"
	"crypto/sha256"
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
// Progress: blocking, in no promised order. With a context that cannot end, it waits in
// the kernel and blocks a thread. With any other context it retries every millisecond.
// Released: the kernel frees the lock of a process that ends. The lock does not expire,
// so a paused holder keeps it. There is no token.
// Space: a file for each key that was ever acquired, an open file for each lease.
// Wins on one machine, because it needs no server. Loses on several machines, and when a
// holder stalls.
type Flock struct {
	dir    string
	mu     sync.Mutex
	held   map[*fileLease]bool
	closed bool
}

// NewFlock makes the backend. Its endpoint is a folder.
func NewFlock() Backend { return Backend{Service: impls.Service{Start: startFlock}, Dial: dialFlock} }

func startFlock(_ context.Context, host impls.Host) (impls.Cluster, error) {
	dir, err := os.MkdirTemp(host.Dir(), "flock-")
	return serverless(dir), err
}

func dialFlock(_ context.Context, dir string) (Client, error) {
	return &Flock{dir: dir, held: map[*fileLease]bool{}}, nil
}

// fileName names the file of a key. A file's name has at most 255 bytes.
func fileName(key string) string {
	if name := "key-" + hex.EncodeToString([]byte(key)); len(name) <= 255 {
		return name
	}
	sum := sha256.Sum256([]byte(key))
	return "long-" + hex.EncodeToString(sum[:])
}

// retryEvery is the time between two tries under a context that may end.
const retryEvery = time.Millisecond

// Acquire locks the key's file. It does not use ttl.
func (c *Flock) Acquire(ctx context.Context, key string, _ time.Duration) (Lease, error) {
	file := flock.New(filepath.Join(c.dir, fileName(key)))
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
	if c.closed {
		return nil, errors.Join(fmt.Errorf("locking the file of %q: %w", key, ErrClosed), file.Close())
	}
	l := &fileLease{client: c, file: file, done: make(chan struct{})}
	c.held[l] = true
	return l, nil
}

// Close unlocks what this client holds.
func (c *Flock) Close() error {
	c.mu.Lock()
	c.closed = true
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

// Release unlocks the file, once: the library would accept any number of calls.
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
