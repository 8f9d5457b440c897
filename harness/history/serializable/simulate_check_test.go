package serializable_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// text returns a history as Parse reads it.
func text(h []serializable.Transaction) string {
	var lines []string
	for _, t := range h {
		lines = append(lines, t.String())
	}
	return strings.Join(lines, "\n")
}

// simulated returns a store with clients, keys and so on of a seed.
func simulated(from isolation, seed uint64) simulation {
	rng := rand.New(rand.NewPCG(seed, 1))
	return simulation{
		isolation: from, clients: 2 + rng.IntN(7), keys: 1 + rng.IntN(6), ops: 1 + rng.IntN(6),
		aborts: rng.IntN(40), unknown: rng.IntN(20), scans: rng.IntN(60), rng: rng,
	}
}

// must fails the test if a history does not pass a level.
func must(t *testing.T, h []serializable.Transaction, l serializable.Level) {
	t.Helper()
	if err := serializable.Check(h, l); err != nil {
		t.Fatalf("%v: got %v\nin\n%s\nwant no anomaly", l, err, text(h))
	}
}

// Serial histories have no anomaly.
func TestSerialHistories(t *testing.T) {
	for seed := range uint64(10_000) {
		s := simulated(strict, seed)
		s.clients = 1
		must(t, s.run(1+s.rng.IntN(20)), serializable.StrictSerializable)
	}
}

// A strictly serializable store with many clients shows no anomaly.
func TestStrictHistories(t *testing.T) {
	for seed := range uint64(3000) {
		s := simulated(strict, seed)
		must(t, s.run(1+s.rng.IntN(60)), serializable.StrictSerializable)
	}
}

// A store with snapshot isolation passes Snapshot. Some of its histories show write skew,
// and some a phantom, so they fail the levels that forbid those.
func TestSnapshotHistories(t *testing.T) {
	failed := map[serializable.Class]int{}
	for seed := range uint64(3000) {
		s := simulated(snapshotIsolation, seed)
		h := s.run(1 + s.rng.IntN(40))
		must(t, h, serializable.Snapshot)
		for _, a := range serializable.Anomalies(h) {
			failed[a.Class]++
		}
		if err := serializable.Check(h, serializable.Serializable); err != nil {
			failed[err.(*serializable.Anomaly).Class]++
		}
	}
	for _, c := range []serializable.Class{serializable.G2Item, serializable.G2} {
		if failed[c] < 50 {
			t.Errorf("%d histories show %v, want at least 50", failed[c], c)
		}
	}
}

// A store with locks of keys passes RepeatableRead. Some of its histories show phantoms, so
// they fail the levels that forbid these.
func TestItemLockHistories(t *testing.T) {
	failed := 0
	for seed := range uint64(3000) {
		s := simulated(itemLocks, seed)
		h := s.run(1 + s.rng.IntN(40))
		must(t, h, serializable.RepeatableRead)
		if serializable.Check(h, serializable.ItemSerializable) != nil {
			failed++
		}
	}
	if failed < 50 {
		t.Errorf("%d histories show phantoms, want at least 50", failed)
	}
}

// A store that reads what is committed passes ReadCommitted. Its histories have lost
// updates, so they fail Snapshot.
func TestReadCommittedHistories(t *testing.T) {
	failed := map[serializable.Class]int{}
	for seed := range uint64(3000) {
		s := simulated(readCommitted, seed)
		h := s.run(1 + s.rng.IntN(40))
		must(t, h, serializable.ReadCommitted)
		if err := serializable.Check(h, serializable.Snapshot); err != nil {
			failed[err.(*serializable.Anomaly).Class]++
		}
	}
	for _, c := range []serializable.Class{serializable.LostUpdate, serializable.GSingle} {
		if failed[c] < 10 {
			t.Errorf("%d histories show %v, want at least 10", failed[c], c)
		}
	}
}
