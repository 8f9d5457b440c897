package distlock

import (
	"slices"
	"time"

	"github.com/contendbench/contend/impls"
)

const (
	leases = "Gray and Cheriton 1989, §2; Burrows 2006, §2.4"
	logged = leases + "; Mohan et al. 1992, §1.1"
)

// All returns every lock of this module, and the control that does not lock.
func All() []impls.Impl[Backend] {
	return []impls.Impl[Backend]{
		impls.Headline(impls.New("local", impls.Mutex, leases, NewLocal(), Fenced)),
		impls.Headline(impls.New("lease", impls.Channel, leases, NewLease(), Expires, Fenced)),
		impls.Headline(impls.New("lease-wal", impls.Channel, logged, NewLeaseWAL(), Expires, Fenced, Durable)),
		impls.Headline(impls.New("flock", impls.Library, "github.com/gofrs/flock v0.13.2", NewFlock(), Released)),
		impls.NewControl("no lock", NewNone()),
	}
}

// seeded makes a lease server with a bug.
func seeded(wrong func(*core) machine) Backend {
	return Remote{fresh: func() machine { return wrong(newCore()) }}.backend()
}

// Broken returns the seeded bugs.
func Broken() []impls.Impl[Backend] {
	return impls.Seed(All(), slices.Concat(brokenServers(), brokenClients())...)
}

func brokenServers() []impls.Bug[Backend] {
	return []impls.Bug[Backend]{
		{
			Name: "unlock-unowned", Twin: "lease", Flaw: "a release frees the key, whichever client holds it",
			New: seeded(func(c *core) machine { return &unowned{c} }),
		},
		{
			Name: "stale-unlock-retry", Twin: "lease",
			Flaw: "a repeated release frees what the same client has acquired since",
			New:  seeded(func(c *core) machine { return &byOwner{c} }),
		},
		{
			Name: "not-checked-after-wait", Twin: "lease",
			Flaw: "checks a waiter's lease before the wait, and not after it",
			New:  seeded(func(c *core) machine { return &notAgain{c} }),
		},
		{
			Name: "keepalive-outlives", Twin: "lease",
			Flaw: "an open connection keeps the lease of a silent holder alive",
			New:  seeded(func(c *core) machine { return &byConnection{c} }),
		},
		{
			Name: "token-reused", Twin: "lease-wal", Flaw: "the token counter starts again after a restart",
			New: Remote{fresh: func() machine { return &forgetful{newCore()} }, durable: true}.backend(),
		},
		{
			Name: "never-synced", Twin: "lease-wal", Flaw: "a client is answered before its acquisition is on disk",
			New: Remote{
				fresh: func() machine { return newCore() }, durable: true,
				files: func(s store) store { return unsynced{s} },
			}.backend(),
		},
		{
			Name: "waiter-sets-ttl", Twin: "lease", Flaw: "a client that waits changes the holder's time to live",
			New: seeded(func(c *core) machine { return &anyTTL{c} }),
		},
		{
			Name: "old-timer", Twin: "lease", Flaw: "the timer of an acquisition ends a later one of the same client",
			New: seeded(func(c *core) machine { return &oldTimer{c, map[*request]time.Duration{}} }),
		},
		{
			Name: "revived-by-renewal", Twin: "lease", Flaw: "a renewal that overtakes the release restores the lease",
			New: seeded(func(c *core) machine { return &revived{c, map[*session]*request{}} }),
		},
		{
			Name: "ended-by-broken-link", Twin: "lease", Flaw: "a broken connection ends the leases of its client",
			New: seeded(func(c *core) machine { return &byLink{c} }),
		},
		{
			Name: "kept-after-close", Twin: "lease", Flaw: "a client that closes leaves its leases to expire",
			New: seeded(func(c *core) machine { return &lingering{c} }),
		},
	}
}

func brokenClients() []impls.Bug[Backend] {
	return []impls.Bug[Backend]{
		{
			Name: "release-obeys-context", Twin: "lease",
			Flaw: "a release whose context has ended is not sent, and the lease is kept alive",
			New:  NewLease().clients(func(c Client, _ string) Client { return obedient{c} }),
		},
		{
			Name: "watcher-left", Twin: "lease", Flaw: "each wait leaves a goroutine that watches its context",
			New: NewLease().clients(func(c Client, _ string) Client { return watched{c} }),
		},
		{
			Name: "file-removed", Twin: "flock", Flaw: "a release removes the file that others wait for",
			New: NewFlock().clients(func(c Client, dir string) Client { return unlinked{c, dir} }),
		},
		{
			Name: "keys-alike", Twin: "flock", Flaw: "keys that differ in a slash or a space share a file",
			New: NewFlock().clients(func(c Client, _ string) Client { return plainNames{c} }),
		},
	}
}
