package pessimistic

import (
	"context"
	"sync"

	"github.com/contendbench/contend/impls/txn"
)

// GlobalRW runs one Update at a time, or any number of Views, under a reader–writer lock.
//
// Idea: that of Global, with a lock that readers share.
// Source: Courtois, Heymans and Parnas 1971, readers and writers; serial execution as in
// Gray and Reuter 1992, §7.2.
// Progress: blocking; sync.RWMutex lets no writer wait for later readers, and no reader for
// a second writer.
// Space: that of Global.
// Wins: Views that are long, on many processors.
// Loses: short Views, which the lock's counter costs more than a Mutex does; and a View
// that waits behind an Update waits as long as in Global.
type GlobalRW struct {
	mu     sync.RWMutex
	values serial
}

// NewGlobalRW makes an empty store.
func NewGlobalRW() *GlobalRW { return new(GlobalRW) }

// Update runs body under the lock, alone.
func (g *GlobalRW) Update(ctx context.Context, body func(txn.Tx) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.values.update(ctx, body)
}

// View runs body under the lock, beside other Views.
func (g *GlobalRW) View(ctx context.Context, body func(txn.Tx) error) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.values.view(ctx, body)
}

// Close has nothing to free.
func (g *GlobalRW) Close() error { return nil }
