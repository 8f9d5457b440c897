// Package sqlite gives databases of SQLite a folder. There is no server. Its folders are
// the adapters, one for each contract.
package sqlite

import (
	"context"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
)

// Service is the host's folder. The endpoint's address is its path.
func Service() impls.Service {
	return impls.Service{Start: func(_ context.Context, host impls.Host) (impls.Cluster, error) {
		return &cluster.Cluster{At: cluster.New(host.Dir())}, nil
	}}
}
