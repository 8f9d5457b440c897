package cluster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contendbench/contend/impls"
)

// given is a host of a user that has servers.
type given struct {
	impls.Host
	text string
}

func (g given) Endpoint(string) string { return g.text }

func TestEndpoint(t *testing.T) {
	at, ok := Given(given{text: "a:1,b:2"}, "etcd")
	if !ok || !slices.Equal(at.Addresses, []string{"a:1", "b:2"}) || !strings.HasPrefix(at.Prefix, "contend/") {
		t.Errorf("got %+v, %v, want a:1 and b:2 with a prefix of contend/", at, ok)
	}
	again, err := Parse(at.String())
	if err != nil || again.Prefix != at.Prefix || !slices.Equal(again.Addresses, at.Addresses) {
		t.Errorf("after a round trip: got %+v, %v, want %+v", again, err, at)
	}
	if other, _ := Given(given{text: "a:1"}, "etcd"); other.Prefix == at.Prefix {
		t.Errorf("two clusters: got the same prefix %q, want two", at.Prefix)
	}
	if _, ok := Given(given{}, "etcd"); ok {
		t.Error("no servers: got an endpoint, want none")
	}
	if _, err := Parse("a:1"); err == nil {
		t.Error("a text that is no endpoint: got no error, want one")
	}
}

// Only a user's own servers are cleaned. Ours end, and may be gone.
func TestClose(t *testing.T) {
	for _, processes := range [][]impls.Process{nil, {nil}} {
		cleaned, shut := false, false
		c := &Cluster{
			Processes: processes,
			Clean:     func(context.Context) error { cleaned = true; return nil },
			Shut:      func() error { shut = true; return nil },
		}
		err := c.Close()
		if want := len(processes) == 0; err != nil || !shut || cleaned != want {
			t.Errorf("%d processes: got %v, shut %v, cleaned %v, want nil, true, %v",
				len(processes), err, shut, cleaned, want)
		}
	}
}

func TestLeader(t *testing.T) {
	unknown := errors.New("unknown")
	lead := func(context.Context) (int, error) { return 2, unknown }
	for _, c := range []*Cluster{{Processes: []impls.Process{nil}}, {Lead: lead}} {
		if _, err := c.Leader(t.Context()); err == nil || errors.Is(err, unknown) {
			t.Errorf("%+v: got %v, want an error of its own", c, err)
		}
	}
	c := &Cluster{Processes: []impls.Process{nil}, Lead: lead}
	if i, err := c.Leader(t.Context()); i != 2 || !errors.Is(err, unknown) {
		t.Errorf("got %d, %v, want 2, %v", i, err, unknown)
	}
}

func TestRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := errors.New("the server is away")
		tries := 0
		got, err := Retry(t.Context(), func() (int, error) {
			if tries++; tries < 3 {
				return 0, away
			}
			return 5, nil
		})
		if got != 5 || err != nil {
			t.Errorf("got %d, %v, want 5, nil", got, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := Retry(ctx, func() (int, error) { return 0, away }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a server that stays away: got %v, want %v", err, context.DeadlineExceeded)
		}
	})
}
