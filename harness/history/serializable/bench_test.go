package serializable_test

import (
	"math/rand/v2"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// large returns a history of 100,000 transactions.
func large(from isolation) []serializable.Transaction {
	s := simulation{
		isolation: from, clients: 16, keys: 2000, ops: 6, aborts: 5, unknown: 1, scans: 2, span: 10,
		rng: rand.New(rand.NewPCG(1, 8)),
	}
	return s.run(100_000)
}

// BenchmarkCheck checks a large history that has no anomaly, at the level of its store and
// below.
func BenchmarkCheck(b *testing.B) {
	for from, levels := range map[isolation][]serializable.Level{
		strict:            serializable.Levels(),
		snapshotIsolation: {serializable.ReadCommitted, serializable.Snapshot},
	} {
		h := large(from)
		for _, l := range levels {
			b.Run(string(from)+"/"+l.String(), func(b *testing.B) {
				for b.Loop() {
					if err := serializable.Check(h, l); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(serializable.Edges(h)), "edges")
			})
		}
	}
}

// BenchmarkAnomalies finds the anomalies of a large history of a store that reads what is
// committed: nearly all transactions are in one component.
func BenchmarkAnomalies(b *testing.B) {
	h := large(readCommitted)
	for b.Loop() {
		if len(serializable.Anomalies(h)) == 0 {
			b.Fatal("got no anomaly, want some")
		}
	}
	b.ReportMetric(float64(serializable.Edges(h)), "edges")
}
