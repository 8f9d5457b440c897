// Package cluster is what the adapters share of their servers: how they are reached, and how a user's own are found.
package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
)

// At is where servers are. Its text is a distlock endpoint.
type At struct {
	Addresses []string `json:"addresses"`
	Prefix    string   `json:"prefix"` // of every key: nothing else of a user's own server is touched
}

// New makes the endpoint of servers at addresses, with a prefix that nobody else has.
func New(addresses ...string) At {
	return At{Addresses: addresses, Prefix: "contend/" + strings.ToLower(rand.Text()) + "/"}
}

// Given is the endpoint of the user's own servers of an engine, several separated by commas; false if he gave none.
func Given(host impls.Host, engine string) (At, bool) {
	text := host.Endpoint(engine)
	return New(strings.Split(text, ",")...), text != ""
}

// Parse reads an endpoint's text.
func Parse(endpoint string) (At, error) {
	var at At
	if err := json.Unmarshal([]byte(endpoint), &at); err != nil {
		return at, fmt.Errorf("endpoint %q: %w", endpoint, err)
	}
	return at, nil
}

// String is the endpoint's text.
func (at At) String() string {
	text, err := json.Marshal(at)
	if err != nil { // texts are all that it holds
		panic(err)
	}
	return string(text)
}

// Cluster is a distlock.Cluster.
type Cluster struct {
	At        At
	Processes []impls.Process
	// Lead finds the node that serves writes, by its place among the addresses; nil: the question makes no sense.
	Lead func(ctx context.Context) (int, error)
	// Clean removes what was left behind, and Shut lets go of the servers.
	Clean func(ctx context.Context) error
	Shut  func() error
}

// Endpoint is all that a client needs.
func (c *Cluster) Endpoint() string { return c.At.String() }

// Nodes are the servers' processes; a user's own servers have none.
func (c *Cluster) Nodes() []impls.Process { return c.Processes }

// Leader returns the node that serves writes now.
func (c *Cluster) Leader(ctx context.Context) (int, error) {
	switch {
	case c.Lead == nil:
		return 0, distlock.ErrNoLeader
	case len(c.Processes) == 0:
		return 0, errors.New("the servers are the user's own")
	}
	return c.Lead(ctx)
}

// Close removes what the clients have left behind at a user's own servers; servers that were started here end with their Host.
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

// Ports finds n free ports on 127.0.0.1, for servers that others must know before they listen, or that listen there again.
func Ports(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("looking for a free port: %w", err)
		}
		defer l.Close() // all are open at once, so that they differ
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
