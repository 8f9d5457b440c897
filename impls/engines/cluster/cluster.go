// Package cluster is what the engines share: how servers are reached, how the user's own
// are found, and how to retry while they restart.
package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/contendbench/contend/impls"
)

// At is where servers are. Its text is the endpoint of an impls.Cluster.
type At struct {
	Addresses []string `json:"addresses"`
	Prefix    string   `json:"prefix"` // of every key: nothing else of a user's own server is touched
}

// New makes the endpoint of servers at addresses, with a unique prefix.
func New(addresses ...string) At {
	return At{Addresses: addresses, Prefix: "contend/" + strings.ToLower(rand.Text()) + "/"}
}

// Given returns the endpoint of the user's own servers of an engine; the user separates
// addresses by commas. It returns false if there are none.
func Given(host impls.Host, engine string) (At, bool) {
	text := host.Endpoint(engine)
	return New(strings.Split(text, ",")...), text != ""
}

// Parse reads an endpoint's text.
func Parse(endpoint string) (At, error) {
	var at At
	if err := json.Unmarshal([]byte(endpoint), &at); err != nil {
		return at, fmt.Errorf("reading an endpoint: %w", err) // it may hold a password
	}
	return at, nil
}

// String is the endpoint's text.
func (at At) String() string {
	text, err := json.Marshal(at)
	if err != nil { // it holds texts only, which cannot fail
		panic(err)
	}
	return string(text)
}

// Cluster is an impls.Cluster.
type Cluster struct {
	At        At
	Processes []impls.Process
	// Lead finds the node that serves writes, by its index among the addresses. nil: all
	// nodes are equal.
	Lead func(ctx context.Context) (int, error)
	// Clean removes what clients have left behind, and Shut closes connections to the
	// servers.
	Clean func(ctx context.Context) error
	Shut  func() error
}

// Endpoint is all that a client needs.
func (c *Cluster) Endpoint() string { return c.At.String() }

// Nodes are the servers' processes. A user's own servers have none.
func (c *Cluster) Nodes() []impls.Process { return c.Processes }

// Leader returns the index of the node that serves writes now.
func (c *Cluster) Leader(ctx context.Context) (int, error) {
	switch {
	case c.Lead == nil:
		return 0, impls.ErrNoLeader
	case len(c.Processes) == 0:
		return 0, errors.New("the servers are the user's own")
	}
	return c.Lead(ctx)
}

// Close removes what clients have left behind on a user's own servers. Servers that were
// started here end with their Host.
func (c *Cluster) Close() error {
	var errs []error
	if len(c.Processes) == 0 && c.Clean != nil {
		errs = append(errs, c.Clean(context.Background()))
	}
	if c.Shut != nil {
		errs = append(errs, c.Shut())
	}
	return errors.Join(errs...)
}
