package distlock_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/distlock"
)

// Each of these seeded bugs is found by the load that is meant to find it.
func TestBugsAreFoundByTheirLoads(t *testing.T) {
	for _, b := range []struct{ bug, work, complaint string }{
		{"never-synced", "power", ""},
		{"waiter-sets-ttl", "keep", "living client"},
		{"waiter-sets-ttl", "crash", "no client got the victim's key"},
		{"old-timer", "keep", "living client"},
		{"revived-by-renewal", "keep", ""},
		{"ended-by-broken-link", "blip", "broken for a moment"},
		{"kept-after-close", "wake", "the close of the holder"},
		{"release-obeys-context", "keep", "a release"},
		{"file-removed", "hot", "two clients were inside"},
		{"keys-alike", "names", "free key"},
		{"watcher-left", "wake", "goroutines behind"},
	} {
		t.Run(b.bug+"/"+b.work, func(t *testing.T) { found(t, distlock.All(), b.work, b.bug, b.complaint) })
	}
}

// A partition that closes the connections shows whether leases end with them.
func TestAPartitionFindsLeasesThatEndWithTheirConnection(t *testing.T) {
	found(t, distlock.All(), "partition", "ended-by-broken-link", "before its time to live",
		results.Param{Key: "cut", Value: "closed"}, results.Param{Key: "ttl-ms", Value: "400"})
}

// found checks that a load finds what is wrong with a lock. A window in which a process
// stalls decides nothing: another one must find it.
func found(t *testing.T, suites []harness.Suite, work, impl, complaint string, at ...results.Param) {
	t.Helper()
	spec := harness.DefaultSpec(results.Cell{Contract: "distlock", Work: work, Impl: impl, Procs: 2, Params: at})
	spec.Seed, spec.Stress, spec.Grace, spec.NoProbe = 1, 200*time.Millisecond, 5*time.Second, true
	err := error(harness.ErrUnknown)
	for start := time.Now(); (err == nil || errors.Is(err, harness.ErrUnknown)) && time.Since(start) < time.Minute; {
		_, err = harness.Stress(t.Context(), suites, spec)
		spec.Seed++
	}
	if err == nil || errors.Is(err, harness.ErrUnknown) || !strings.Contains(err.Error(), complaint) {
		t.Errorf("got %v, want an error with %q", err, complaint)
	}
}

// serverless is a lock that makes the promises of servers, and has none.
var serverless = renamed("flock", "serverless", locks.Expires, locks.Released, locks.Durable, locks.Survives)

// A fault that a lock gives no chance to is a load that is skipped, with the reason.
func TestFaultsThatCannotBeAreSkipped(t *testing.T) {
	suites := []harness.Suite{distlock.Suite(serverless)}
	for _, work := range []string{"outage", "restart", "leader", "partition"} {
		spec := harness.DefaultSpec(results.Cell{Contract: "distlock", Work: work, Impl: serverless.Name, Procs: 2})
		spec.Seed, spec.Stress, spec.Grace, spec.NoProbe = 1, 200*time.Millisecond, 5*time.Second, true
		out, err := harness.Stress(t.Context(), suites, spec)
		if out.Skipped[work] == "" || out.Status == results.Failed {
			t.Errorf("%s: got %s, skipped %v, %v, want a reason to skip it", work, out.Status, out.Skipped, err)
		}
	}
}
