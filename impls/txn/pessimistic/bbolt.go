package pessimistic

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// Bolt is a B+ tree in a file, which one transaction at a time changes.
//
// Idea: an Update holds the one lock of writers, and copies the pages that it changes. Its
// commit writes them to free places, and then a page that points to the new root. A View
// reads the file as it was at its start.
// Source: go.etcd.io/bbolt v1.5.0.
// Progress: blocking; sync.Mutex serves no Update forever later than others. A wait does
// not end with its context.
// Space: the file, which does not shrink; its pages are in the system's cache.
// Wins: Views, which wait for nothing, and data that must survive the process. It reserves
// a GiB of addresses: in a larger file, a View may wait while the file is mapped again.
// Loses: Updates, which write a page for each level of the tree, even for one key. A synced
// commit waits twice for the disk.
type Bolt struct{ db *bbolt.DB }

var bucket = []byte("values")

const (
	mapped = 1 << 30         // bytes of addresses
	opened = 5 * time.Second // wait for the lock of the file
)

// OpenBolt opens a file, or makes an empty one. Without synced, a commit leaves it to the
// system when the file is stored.
func OpenBolt(path string, synced bool) (*Bolt, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: opened, InitialMmapSize: mapped, NoSync: !synced, NoGrowSync: !synced,
	})
	if err != nil {
		return nil, fmt.Errorf("opening %s with bbolt: %w", path, err)
	}
	if err := db.Update(func(t *bbolt.Tx) error {
		_, err := t.CreateBucketIfNotExists(bucket)
		return err
	}); err != nil {
		return nil, errors.Join(fmt.Errorf("making the bucket of %s: %w", path, err), db.Close())
	}
	return &Bolt{db}, nil
}

// newBolt makes the backend. Its endpoint is a folder, in which each Open makes a file.
func newBolt(synced bool) txn.Backend {
	return txn.Backend{
		Service: impls.Service{Start: startBolt},
		Open: func(_ context.Context, dir string, _ txn.Options) (txn.Store, error) {
			fresh, err := os.MkdirTemp(dir, "store-")
			if err != nil {
				return nil, fmt.Errorf("making a folder for a bbolt file: %w", err)
			}
			return OpenBolt(filepath.Join(fresh, "values.db"), synced)
		},
	}
}

func startBolt(_ context.Context, host impls.Host) (impls.Cluster, error) {
	dir, err := os.MkdirTemp(host.Dir(), "bbolt-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for bbolt files: %w", err)
	}
	return folder(dir), nil
}

// folder is a Cluster without a server.
type folder string

func (f folder) Endpoint() string { return string(f) }

func (folder) Nodes() []impls.Process { return nil }

func (folder) Leader(context.Context) (int, error) { return 0, impls.ErrNoLeader }

// Close leaves the folder to the Host.
func (folder) Close() error { return nil }

// Update runs body in the one transaction that may write.
func (s *Bolt) Update(ctx context.Context, body func(txn.Tx) error) error {
	return runBolt(ctx, s.db.Update, txn.Lifetime{}, body)
}

// View runs body on the file as it is now.
func (s *Bolt) View(ctx context.Context, body func(txn.Tx) error) error {
	return runBolt(ctx, s.db.View, txn.ReadOnly, body)
}

// Place is the path of the file.
func (s *Bolt) Place() string { return s.db.Path() }

// Reopen opens the file of another store.
func (s *Bolt) Reopen(_ context.Context, place string) (txn.Store, error) {
	return OpenBolt(place, !s.db.NoSync)
}

// Close closes the file, and leaves it.
func (s *Bolt) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("closing a bbolt file: %w", err)
	}
	return nil
}

func runBolt(
	ctx context.Context, run func(func(*bbolt.Tx) error) error, l txn.Lifetime, body func(txn.Tx) error,
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var refused error
	err := run(func(t *bbolt.Tx) error {
		refused = onBolt(ctx, &boltTx{Lifetime: l, values: t.Bucket(bucket)}, body)
		return refused
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return fmt.Errorf("running a bbolt transaction: %w", err)
	}
	return nil
}

func onBolt(ctx context.Context, tx *boltTx, body func(txn.Tx) error) error {
	defer tx.End()
	if err := ctx.Err(); err != nil { // it may have waited
		return err
	}
	err := body(tx)
	switch {
	case tx.err != nil:
		return tx.err
	case err != nil:
		return err
	}
	return ctx.Err()
}

type boltTx struct {
	txn.Lifetime
	values *bbolt.Bucket
	err    error // of an earlier call; the transaction is doomed
}

// Get returns a copy: bbolt's own is valid only until the end of the transaction.
func (tx *boltTx) Get(key uint64) ([]byte, error) {
	if err := tx.CanRead(); err != nil {
		return nil, err
	}
	value := tx.values.Get(bytesOf(key))
	if value == nil || tx.err != nil {
		return nil, tx.err
	}
	return copied(value), nil
}

// Put puts a copy that is not nil, because bbolt would take nil for no value.
func (tx *boltTx) Put(key uint64, value []byte) error {
	return tx.change("putting", key, func(k []byte) error { return tx.values.Put(k, copied(value)) })
}

func (tx *boltTx) Delete(key uint64) error { return tx.change("deleting", key, tx.values.Delete) }

func (tx *boltTx) change(doing string, key uint64, change func(key []byte) error) error {
	if err := tx.CanWrite(); err != nil {
		return err
	}
	if tx.err != nil {
		return tx.err
	}
	if err := change(bytesOf(key)); err != nil {
		tx.err = fmt.Errorf("%s key %d in bbolt: %w", doing, key, err)
	}
	return tx.err
}

func (tx *boltTx) Scan(first, last uint64, visit func(key uint64, value []byte) bool) error {
	if err := tx.CanRead(); err != nil {
		return err
	}
	if tx.err != nil {
		return tx.err
	}
	cursor := tx.values.Cursor()
	for k, value := cursor.Seek(bytesOf(first)); k != nil; k, value = cursor.Next() {
		if key := binary.BigEndian.Uint64(k); key > last || !visit(key, copied(value)) {
			break
		}
	}
	return nil
}

// bytesOf returns a key whose bytes have the order of the number.
func bytesOf(key uint64) []byte { return binary.BigEndian.AppendUint64(nil, key) }
