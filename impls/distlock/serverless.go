package distlock

import (
	"context"
	"errors"

	"github.com/contendbench/contend/impls"
)

// serverless is a cluster without a process. The text is its endpoint.
type serverless string

var errNoServer = errors.New("distlock: there is no server")

// Endpoint is all that a client needs.
func (s serverless) Endpoint() string { return string(s) }

// Nodes returns no process.
func (serverless) Nodes() []impls.Process { return nil }

// Leader always fails: there is no server that could lead.
func (serverless) Leader(context.Context) (int, error) { return 0, errNoServer }

// Close has nothing to remove.
func (serverless) Close() error { return nil }
