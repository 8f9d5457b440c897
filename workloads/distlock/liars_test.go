package distlock_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
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

// renamed returns a lock of the table under another name, with other promises.
func renamed(of, name string, promises ...impls.Promise) (found impls.Impl[locks.Backend]) {
	for _, i := range locks.All() {
		if i.Name == of {
			found = i
			found.Name, found.Role, found.Promises = name, impls.Contender, promises
		}
	}
	return found
}

func liarTable() []impls.Impl[locks.Backend] {
	table := []impls.Impl[locks.Backend]{serverless}
	for _, l := range liars {
		table = append(table, renamed(l.of, l.name, l.promises...))
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
			found(t, suites, l.work, l.name, l.complaint)
		})
	}
}
