package pessimistic

import (
	"context"
	"sync"

	"github.com/contendbench/contend/impls/txn"
)

// Global runs one transaction at a time, under one lock.
//
// Idea: a transaction changes the store in place, and keeps the old values for a rollback.
// Source: Gray and Reuter 1992, §7.2, serial execution.
// Progress: blocking; sync.Mutex serves no transaction forever later than others.
// Space: nothing but the values, and the old ones of the transaction under way.
// Wins: short transactions, which a lock costs less than any bookkeeping of reads.
// Loses: a body that waits makes all others wait, readers too.
type Global struct {
	mu     sync.Mutex
	values serial
}

// NewGlobal makes an empty store.
func NewGlobal() *Global { return new(Global) }

// Update runs body under the lock.
func (g *Global) Update(ctx context.Context, body func(txn.Tx) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.values.update(ctx, body)
}

// View runs body under the lock.
func (g *Global) View(ctx context.Context, body func(txn.Tx) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.values.view(ctx, body)
}

// Close has nothing to free.
func (g *Global) Close() error { return nil }
