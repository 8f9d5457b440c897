package distlock

import (
	"context"
	"errors"

	"github.com/contendbench/contend/impls"
)

// serverless is a cluster without a process of its own; the text is its endpoint.
type serverless string

var errNoServer = errors.New("distlock: there is no server")

// Endpoint is what Dial needs.
func (s serverless) Endpoint() string { return string(s) }

// Nodes are none.
func (serverless) Nodes() []impls.Process { return nil }

// Leader is nobody.
func (serverless) Leader(context.Context) (int, error) { return 0, errNoServer }

// Close has nothing to remove.
func (serverless) Close() error { return nil }
