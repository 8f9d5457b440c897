package cluster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/impls"
)

// given is a host of a user who has servers of his own.
type given struct {
	impls.Host
	text string
}

func (g given) Endpoint(string) string { return g.text }

func TestEndpoint(t *testing.T) {
	at, ok := Given(given{text: "a:1,b:2"}, "etcd")
	if !ok || !slices.Equal(at.Addresses, []string{"a:1", "b:2"}) || !strings.HasPrefix(at.Prefix, "contend/") {
		t.Errorf("%+v, %v", at, ok)
	}
	again, err := Parse(at.String())
	if err != nil || again.Prefix != at.Prefix || !slices.Equal(again.Addresses, at.Addresses) {
		t.Errorf("%+v, %v", again, err)
	}
	if other, _ := Given(given{text: "a:1"}, "etcd"); other.Prefix == at.Prefix {
		t.Error("two clusters share their keys")
	}
	if _, ok := Given(given{}, "etcd"); ok {
		t.Error("no servers were given")
	}
	if _, err := Parse("a:1"); err == nil {
		t.Error("no endpoint was read")
	}
}

// Only a user's own servers are cleaned; ours end, and may be gone.
func TestClose(t *testing.T) {
	for _, processes := range [][]impls.Process{nil, {nil}} {
		cleaned, shut := false, false
		c := &Cluster{
			Processes: processes,
			Clean:     func(context.Context) error { cleaned = true; return nil },
			Shut:      func() error { shut = true; return nil },
		}
		if err := c.Close(); err != nil || !shut || cleaned != (len(processes) == 0) {
			t.Errorf("%d processes: %v, shut %v, cleaned %v", len(processes), err, shut, cleaned)
		}
	}
}

func TestLeader(t *testing.T) {
	unknown := errors.New("unknown")
	lead := func(context.Context) (int, error) { return 2, unknown }
	for _, c := range []*Cluster{{Processes: []impls.Process{nil}}, {Lead: lead}} {
		if _, err := c.Leader(t.Context()); err == nil || errors.Is(err, unknown) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	c := &Cluster{Processes: []impls.Process{nil}, Lead: lead}
	if i, err := c.Leader(t.Context()); i != 2 || !errors.Is(err, unknown) {
		t.Errorf("%d, %v", i, err)
	}
}

func TestPortsDiffer(t *testing.T) {
	ports, err := Ports(6)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ports)
	if len(slices.Compact(ports)) != 6 || ports[0] < 1024 {
		t.Error(ports)
	}
}
