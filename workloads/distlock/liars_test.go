package distlock_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/distlock"
)

// liars are locks that promise what they do not keep. A check must find each: then a promise in the table means something.
var liars = []struct {
	name, of string
	promises []impls.Promise
	work     string
	says     string
}{
	{"no-lock", "none", nil, "hot", "two clients were inside"},
	{"no-tokens", "flock", []impls.Promise{impls.Released, impls.Fenced}, "hot", "no tokens"},
	{"slow-release", "lease", []impls.Promise{impls.Released, impls.Fenced}, "crash", "nobody got the victim's key"},
	{"never-expires", "flock", []impls.Promise{impls.Expires}, "pause", "nobody got the victim's key"},
	{"does-expire", "lease", []impls.Promise{impls.Released, impls.Fenced}, "pause", "another client got the victim's key"},
	{"forgets", "lease", []impls.Promise{impls.Expires, impls.Fenced, impls.Durable}, "restart", ""},
	{"dies", "lease", []impls.Promise{impls.Expires, impls.Fenced, impls.Survives}, "leader", "nobody got any key"},
}

func liarTable() (table []impls.Impl[locks.Backend]) {
	for _, l := range liars {
		for _, i := range locks.All() {
			if i.Name == l.of {
				i.Name, i.Role, i.Promises = l.name, impls.Contender, l.promises
				table = append(table, i)
			}
		}
	}
	return table
}

func TestLiarsAreFound(t *testing.T) {
	rows := harness.Rows(distlock.Pattern(liarTable()...))
	for _, l := range liars {
		t.Run(l.name, func(t *testing.T) {
			if l.work == "leader" && testing.Short() {
				t.Skip("it takes as long as a recovery may")
			}
			spec := harness.DefaultSpec(results.Cell{Contract: "distlock", Work: l.work, Impl: l.name, Procs: 2})
			spec.Seed, spec.Stress, spec.Grace, spec.NoProbe = 1, 200*time.Millisecond, 5*time.Second, true
			// A liar that is the victim of a stall is not found by it.
			err := error(harness.ErrUnknown)
			for begin := time.Now(); errors.Is(err, harness.ErrUnknown) && time.Since(begin) < time.Minute; {
				_, err = harness.Stress(context.Background(), rows, spec)
				spec.Seed++
			}
			if err == nil || errors.Is(err, harness.ErrUnknown) || !strings.Contains(err.Error(), l.says) {
				t.Errorf("it passes for one that keeps %v: %v", l.promises, err)
			}
		})
	}
}
