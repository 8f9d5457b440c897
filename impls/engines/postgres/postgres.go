// Package postgres runs a PostgreSQL server. Its folders are the adapters, one for each
// contract.
package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/cluster"
)

// Service is one server with these settings, as name=value, or the user's own. The
// endpoint's address is a connection string.
func Service(settings ...string) impls.Service {
	return impls.Service{Start: func(ctx context.Context, host impls.Host) (impls.Cluster, error) {
		return open(ctx, host, settings)
	}}
}

// Reach returns an error unless PostgreSQL answers at an address. pgx's errors hold no
// password.
func Reach(ctx context.Context, address string) error {
	if err := ping(ctx, address); err != nil {
		return fmt.Errorf("no PostgreSQL answers: %w", err)
	}
	return nil
}

func open(ctx context.Context, host impls.Host, settings []string) (impls.Cluster, error) {
	if at, given := cluster.Given(host, "postgres"); given {
		return &cluster.Cluster{At: at, Clean: func(ctx context.Context) error { return clean(ctx, at) }}, nil
	}
	address, server, err := start(ctx, host, settings)
	if err != nil {
		return nil, err
	}
	return &cluster.Cluster{At: cluster.New(address), Processes: []impls.Process{server}}, nil
}

// clean drops the tables whose names have the prefix from a user's own server.
func clean(ctx context.Context, at cluster.At) (err error) {
	c, err := pgx.Connect(ctx, at.Addresses[0])
	if err != nil {
		return fmt.Errorf("connecting to drop what is left: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	const left = "select tablename from pg_tables where schemaname = current_schema and starts_with(tablename, $1)"
	rows, err := c.Query(ctx, left, at.Prefix)
	if err != nil {
		return fmt.Errorf("looking for tables that are left: %w", err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("looking for tables that are left: %w", err)
	}
	for _, t := range tables {
		if _, err := c.Exec(ctx, "drop table "+pgx.Identifier{t}.Sanitize()); err != nil {
			return fmt.Errorf("dropping the table %s: %w", t, err)
		}
	}
	return nil
}
