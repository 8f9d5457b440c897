package distlock_test

import (
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

// liars are locks that make promises which they do not keep. A check must find each: only
// then does a promise in the table mean something.
var liars = []struct {
	name, of  string
	promises  []impls.Promise
	work      string
	complaint string
}{
	{"no-lock", "none", nil, "hot", "two clients were inside"},
	{"no-tokens", "flock", []impls.Promise{locks.Released, locks.Fenced}, "hot", "no tokens"},
	{"slow-release", "lease", []impls.Promise{locks.Released, locks.Fenced}, "crash", "no client got the victim's key"},
	{"never-expires", "flock", []impls.Promise{locks.Expires}, "pause", "no client got the victim's key"},
	{"does-expire", "lease", []impls.Promise{locks.Released, locks.Fenced}, "pause", "another client got the victim's"},
	{"forgets", "lease", []impls.Promise{locks.Expires, locks.Fenced, locks.Durable}, "restart", ""},
	{"dies", "lease", []impls.Promise{locks.Expires, locks.Fenced, locks.Survives}, "leader", "no client got any key"},
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
	suites := []harness.Suite{distlock.Suite(liarTable()...)}
	for _, l := range liars {
		t.Run(l.name, func(t *testing.T) {
			if l.work == "leader" && testing.Short() {
				t.Skip("it takes as long as a recovery may")
			}
			spec := harness.DefaultSpec(results.Cell{Contract: "distlock", Work: l.work, Impl: l.name, Procs: 2})
			spec.Seed, spec.Stress, spec.Grace, spec.NoProbe = 1, 200*time.Millisecond, 5*time.Second, true
			// A window in which a process stalls decides nothing: another one must find
			// the liar.
			err := error(harness.ErrUnknown)
			for start := time.Now(); errors.Is(err, harness.ErrUnknown) && time.Since(start) < time.Minute; {
				_, err = harness.Stress(t.Context(), suites, spec)
				spec.Seed++
			}
			if err == nil || errors.Is(err, harness.ErrUnknown) || !strings.Contains(err.Error(), l.complaint) {
				t.Errorf("a lock that does not keep %v: got %v, want an error with %q", l.promises, err, l.complaint)
			}
		})
	}
}
