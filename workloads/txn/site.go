package txn

import (
	"fmt"
	"io"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
)

// A site is the store of one window.
type site struct {
	txns.Store
	cluster impls.Cluster // nil: there is none
	tallies []tally       // by worker
}

// A tally is what a worker counts of its transactions.
type tally struct {
	commits, attempts   uint64
	useful, wasted, now uint64 // operations: of commits, of attempts that ended otherwise, of this attempt
	_                   [64]byte
}

// begin counts the start of an attempt.
func (t *tally) begin() {
	t.attempts++
	t.wasted += t.now
	t.now = 0
}

// commit counts a transaction that Update has committed.
func (t *tally) commit() {
	t.commits++
	t.useful += t.now
	t.now = 0
}

// The metrics of transactions.
var (
	abortPct  = harness.Metric{Unit: "abort-pct", Better: harness.Lower, About: "attempts that did not commit, percent"}
	retriesOp = harness.Metric{Unit: "retries/op", Better: harness.Lower, About: "times that a transaction was run again"}
	wastedPct = harness.Metric{
		Unit: "wasted-pct", Better: harness.Lower,
		About: "operations in attempts that did not commit, percent of all operations",
	}

	// reasonMetrics has a metric for each reason by which an attempt ends.
	reasonMetrics = func() (all []harness.Metric) {
		for _, r := range txns.Reasons() {
			all = append(all, harness.Metric{
				Unit: r.String() + "/op", Better: harness.Lower, Rare: true,
				About: "attempts of a transaction that ended because " + r.Meaning(),
			})
		}
		return all
	}()

	metrics = append([]harness.Metric{abortPct, retriesOp, wastedPct}, reasonMetrics...)
)

// onStores is the body of a load whose windows each have a fresh store, which fill fills.
// workers is how many goroutines tally what they do.
func onStores(
	t *harness.Trial, b txns.Backend, workers int, fill func(txns.Store) error,
	build func(w *harness.Window, s *site) error,
) error {
	return onBounded(t, b, 0, workers, fill, build)
}

// onBounded is onStores with a bound on the attempts of a transaction.
func onBounded(
	t *harness.Trial, b txns.Backend, bound, workers int, fill func(txns.Store) error,
	build func(w *harness.Window, s *site) error,
) (err error) {
	endpoint := ""
	var cluster impls.Cluster
	if b.Start != nil {
		if cluster, err = start(t, b); err != nil {
			return err
		}
		endpoint = cluster.Endpoint()
	}
	o := txns.Options{Backoff: txns.Backoff(backoff.Of(t)), Attempts: bound}
	return t.Window(func(w *harness.Window) error {
		store, err := b.Open(t.Context, endpoint, o)
		if err != nil {
			return fmt.Errorf("opening the store: %w", err)
		}
		if err := fill(store); err != nil {
			return fmt.Errorf("filling the store: %w", err)
		}
		s := &site{Store: store, cluster: cluster, tallies: make([]tally, workers)}
		if err := build(w, s); err != nil {
			return err
		}
		w.Check(func() error {
			if workers > 0 {
				s.report(w)
			}
			return closing(store)
		})
		return nil
	})
}

func closing(store txns.Store) error {
	if err := store.Close(); err != nil {
		return fmt.Errorf("closing the store: %w", err)
	}
	return nil
}

// database is the key of the servers that a trial keeps.
type database struct{}

func start(t *harness.Trial, b txns.Backend) (impls.Cluster, error) {
	c, err := t.Keep(database{}, func(h impls.Host) (io.Closer, error) { return b.Start(t.Context, h) })
	if err != nil {
		return nil, fmt.Errorf("starting the database: %w", err)
	}
	return c.(impls.Cluster), nil
}

// runsPerAttempt returns how often an attempt runs the body.
func (s *site) runsPerAttempt() int {
	if scout, ok := s.Store.(txns.Scout); ok {
		return scout.RunsPerAttempt()
	}
	return 1
}

// report sets the metrics of a window.
func (s *site) report(w *harness.Window) {
	var all tally
	for i := range s.tallies {
		t := &s.tallies[i]
		all.commits += t.commits
		all.attempts += t.attempts
		all.useful += t.useful
		all.wasted += t.wasted + t.now
	}
	all.attempts = max(all.attempts/uint64(s.runsPerAttempt()), all.commits)
	commits := float64(max(all.commits, 1))
	w.Set(abortPct, 100*float64(all.attempts-all.commits)/float64(max(all.attempts, 1)))
	w.Set(retriesOp, float64(all.attempts-all.commits)/commits)
	w.Set(wastedPct, 100*float64(all.wasted)/float64(max(all.useful+all.wasted, 1)))
	counted, ok := s.Store.(interface{ Aborts() map[txns.Reason]uint64 })
	if !ok {
		return
	}
	aborts := counted.Aborts()
	for i, m := range reasonMetrics {
		w.Set(m, float64(aborts[txns.Reasons()[i]])/commits)
	}
}
