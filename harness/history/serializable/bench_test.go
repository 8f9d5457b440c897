package serializable_test

import (
	"math/rand/v2"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// BenchmarkCheck checks a history of 100,000 transactions, about 600,000 edges, that has
// no anomaly, at the level of its store and below.
func BenchmarkCheck(b *testing.B) {
	for _, from := range []isolation{strict, snapshotIsolation} {
		s := simulation{
			isolation: from, clients: 16, keys: 2000, ops: 6, aborts: 5, unknown: 1, scans: 2,
			span: 10, rng: rand.New(rand.NewPCG(1, 8)),
		}
		h := s.run(100_000)
		for _, l := range serializable.Levels() {
			if from == snapshotIsolation && l > serializable.Snapshot {
				break
			}
			b.Run(string(from)+"/"+l.String(), func(b *testing.B) {
				for b.Loop() {
					if err := serializable.Check(h, l); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkAnomalies finds the anomalies of 100,000 transactions of a store that reads what
// is committed: nearly all are in one component.
func BenchmarkAnomalies(b *testing.B) {
	s := simulation{
		isolation: readCommitted, clients: 16, keys: 2000, ops: 6, aborts: 5, unknown: 1, scans: 2,
		span: 10, rng: rand.New(rand.NewPCG(1, 9)),
	}
	h := s.run(100_000)
	for b.Loop() {
		if len(serializable.Anomalies(h)) == 0 {
			b.Fatal("got no anomaly, want some")
		}
	}
}
