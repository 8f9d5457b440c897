// Package postgres runs a PostgreSQL server. Its folders are the adapters, one for each
// contract.
package postgres

import (
	"context"
	"fmt"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
)

// Service is one server, or the user's own. The endpoint's address is a connection
// string.
func Service() impls.Service { return impls.Service{Start: open} }

// Reach returns an error unless PostgreSQL answers at an address. pgx's errors hold no
// password.
func Reach(ctx context.Context, address string) error {
	if err := ping(ctx, address); err != nil {
		return fmt.Errorf("no PostgreSQL answers: %w", err)
	}
	return nil
}

func open(ctx context.Context, host impls.Host) (impls.Cluster, error) {
	if at, given := cluster.Given(host, "postgres"); given {
		return &cluster.Cluster{At: at}, nil // an adapter that leaves something behind sets Clean
	}
	address, server, err := start(ctx, host)
	if err != nil {
		return nil, err
	}
	return &cluster.Cluster{At: cluster.New(address), Processes: []impls.Process{server}}, nil
}
