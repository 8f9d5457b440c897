package distlock

import (
	"context"
	"time"

	"github.com/contendbench/contend/impls"
)

// None locks nothing. It shows what the harness and the calls themselves cost.
type None struct{ done chan struct{} }

// NewNone makes the backend.
func NewNone() Backend {
	return Backend{
		Service: impls.Service{
			Start: func(context.Context, impls.Host) (impls.Cluster, error) { return serverless(""), nil },
		},
		Dial: func(context.Context, string) (Client, error) { return &None{make(chan struct{})}, nil },
	}
}

// Acquire returns at once.
func (n *None) Acquire(context.Context, string, time.Duration) (Lease, error) { return n, nil }

// Close does nothing.
func (n *None) Close() error { return nil }

// Token is 0.
func (n *None) Token() uint64 { return 0 }

// Done is never closed.
func (n *None) Done() <-chan struct{} { return n.done }

// Release does nothing.
func (n *None) Release(context.Context) error { return nil }
