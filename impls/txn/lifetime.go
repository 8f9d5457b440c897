package txn

import "context"

// Lifetime is what a Tx may do now. Implementations embed it.
type Lifetime struct{ readOnly, ended bool }

// ReadOnly is the Lifetime of a View.
var ReadOnly = Lifetime{readOnly: true}

// CanRead returns ErrEnded if the transaction has ended.
func (l *Lifetime) CanRead() error {
	if l.ended {
		return ErrEnded
	}
	return nil
}

// CanWrite returns ErrEnded if the transaction has ended, and ErrReadOnly in a View.
func (l *Lifetime) CanWrite() error {
	switch {
	case l.ended:
		return ErrEnded
	case l.readOnly:
		return ErrReadOnly
	}
	return nil
}

// End says that the transaction has ended.
func (l *Lifetime) End() { l.ended = true }

// InMemory is a Backend without a server.
func InMemory(open func(Options) Store) Backend {
	return Backend{Open: func(_ context.Context, _ string, o Options) (Store, error) { return open(o), nil }}
}
