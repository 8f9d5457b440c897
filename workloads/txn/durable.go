package txn

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/faults"
	"github.com/contendbench/contend/workloads/load"
)

// durable kills what holds the data while transactions commit: the servers, or a process
// that has opened the store. What was committed before is found again, all of each
// transaction or nothing. A kill is no power failure: what the system has not yet written
// to its disk survives it.
var durable = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "durable", Turn: "kill", About: "a process or a server is killed after commits, and finds all of them again",
		Params: []harness.AnyParam{load.Goroutines, backoff}, Allocates: true,
		Needs: []impls.Promise{txns.Durable}, Probes: []impls.Promise{txns.Durable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8))}},
	},
	Run:     runDurable,
	Helpers: map[string]harness.HelperFunc[txns.Backend]{committerEntry: serveCommitter},
}

func runDurable(t *harness.Trial, b txns.Backend) error {
	fill := func(s txns.Store) error { return fillCounters(t.Context, s, 2*load.Goroutines.Of(t), 8) }
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		round, err := kills(t, s)
		if err != nil {
			return errors.Join(err, closing(s.Store))
		}
		w.Go("killer", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := round(w); err != nil {
					w.Fail(err)
					return
				}
				w.Alive()
			}
		})
		return nil
	})
}

// kills returns a round with the store of a site, or why there can be none.
func kills(t *harness.Trial, s *site) (round func(*harness.Worker) error, err error) {
	if s.cluster != nil && len(s.cluster.Nodes()) > 0 {
		return func(w *harness.Worker) error { return killServers(t, w, s) }, nil
	}
	l, ok := s.Store.(txns.Lasting)
	if !ok {
		return nil, &harness.SkipError{Reason: "nothing that holds its data can be killed: no server of ours, and no Reopen"}
	}
	host, err := t.Host()
	if err != nil {
		return nil, err
	}
	return func(w *harness.Worker) error { return killCommitter(t, w, host, s, l) }, nil
}

// commitPair is a transaction of durable: a worker's two counters become n.
func commitPair(ctx context.Context, s txns.Store, worker int, n uint64) error {
	return s.Update(ctx, func(tx txns.Tx) error {
		if err := putCounter(tx, uint64(2*worker), n); err != nil {
			return err
		}
		return putCounter(tx, uint64(2*worker+1), n)
	})
}

// recovered returns an error unless each worker's counters have the number of its last
// commit, or of the one that was under way. It returns the numbers.
func recovered(ctx context.Context, s txns.Store, committed []uint64) (found []uint64, err error) {
	err = s.View(ctx, func(tx txns.Tx) error {
		found = found[:0]
		for worker := range committed {
			one, err := getCounter(tx, uint64(2*worker))
			if err != nil {
				return err
			}
			other, err := getCounter(tx, uint64(2*worker+1))
			if err != nil {
				return err
			}
			if one != other {
				return fmt.Errorf("a part of a transaction was found again: its two records are %d and %d", one, other)
			}
			found = append(found, one)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for worker, n := range found {
		if last := committed[worker]; n < last || n > last+1 {
			return nil, fmt.Errorf("worker %d had committed its transaction %d before the kill, and number %d was found again",
				worker, last, n)
		}
	}
	return found, nil
}

// untilKill is how long transactions commit before a kill, at most.
const untilKill = 30 * time.Millisecond

// outage limits the time until a server that was started again serves.
const outage = 20 * time.Second

// killServers has transactions commit until the servers are killed, and starts them again.
func killServers(t *harness.Trial, w *harness.Worker, s *site) error {
	ctx, cancel := context.WithTimeout(t.Context, outage)
	defer cancel()
	before, err := s.numbers(ctx, load.Goroutines.Of(t))
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	for worker := range before {
		group.Go(func() {
			for n := before[worker] + 1; commitPair(ctx, s, worker, n) == nil; n++ {
				before[worker] = n
			}
		})
	}
	load.Pause(w.Rand(), untilKill)
	if err := faults.KillAll(s.cluster); err != nil {
		return err
	}
	group.Wait() // each has failed
	if err := faults.RestartAll(t.Context, s.cluster); err != nil {
		return err
	}
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		_, err := s.numbers(t.Context, 1)
		if err == nil {
			break
		}
		if time.Since(start) > outage {
			return fmt.Errorf("%w: the servers have not served for %v after their start: %w", harness.ErrUnknown, outage, err)
		}
		w.Alive()
	}
	_, err = recovered(t.Context, s, before)
	return err
}

// numbers returns the numbers of the last transactions of n workers.
func (s *site) numbers(ctx context.Context, n int) (found []uint64, err error) {
	err = s.View(ctx, func(tx txns.Tx) error {
		found = found[:0]
		for worker := range n {
			n, err := getCounter(tx, uint64(2*worker))
			if err != nil {
				return err
			}
			found = append(found, n)
		}
		return nil
	})
	return found, err
}

// committerEntry is the process that commits transactions and is killed.
const committerEntry = "committer"

type committerArgs struct {
	Endpoint string `json:"endpoint"`
	Workers  int    `json:"workers"`
	Report   string `json:"report"` // the file that tells what was committed
}

// killCommitter starts a process that commits, kills it, and opens its store again.
func killCommitter(t *harness.Trial, w *harness.Worker, host impls.Host, s *site, fresh txns.Lasting) (err error) {
	dir, err := os.MkdirTemp(host.Dir(), "commits-")
	if err != nil {
		return fmt.Errorf("making a folder for the report of a process: %w", err)
	}
	args := committerArgs{Workers: load.Goroutines.Of(t), Report: filepath.Join(dir, "report")}
	if s.cluster != nil {
		args.Endpoint = s.cluster.Endpoint()
	}
	p, err := host.Start(t.Context, impls.Program{Name: committerEntry, Entry: committerEntry, Args: args})
	if err != nil {
		return err
	}
	load.Pause(w.Rand(), untilKill)
	if err := p.Kill(); err != nil {
		return err
	}
	var place string
	if err := json.Unmarshal(p.Message(), &place); err != nil {
		return fmt.Errorf("reading where a store is: %w", err)
	}
	committed, err := readReport(args)
	if err != nil {
		return err
	}
	store, err := fresh.Reopen(t.Context, place)
	if err != nil {
		return fmt.Errorf("opening the store of a process that was killed: %w", err)
	}
	defer func() { err = errors.Join(err, closing(store)) }()
	_, err = recovered(t.Context, store, committed)
	return err
}

// readReport returns the number of the last transaction that each worker reported.
func readReport(args committerArgs) ([]uint64, error) {
	text, err := os.ReadFile(args.Report)
	if err != nil {
		return nil, fmt.Errorf("reading what a process has committed: %w", err)
	}
	committed := make([]uint64, args.Workers)
	for ; len(text) >= reported; text = text[reported:] {
		committed[binary.LittleEndian.Uint64(text)] = binary.LittleEndian.Uint64(text[8:])
	}
	return committed, nil
}

// reported is the bytes of a commit in a report: the worker, and the number.
const reported = 16

// serveCommitter commits transactions until its process ends.
func serveCommitter(h *harness.Helper, b txns.Backend, text json.RawMessage) error {
	var args committerArgs
	if err := json.Unmarshal(text, &args); err != nil {
		return err
	}
	store, err := b.Open(h.Context, args.Endpoint, txns.Options{Backoff: txns.Exponential})
	if err != nil {
		return err
	}
	l, ok := store.(txns.Lasting)
	if !ok {
		return errors.New("the store has no Place")
	}
	report, err := os.OpenFile(args.Report, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if err := fillCounters(h.Context, store, 2*args.Workers, 8); err != nil {
		return err
	}
	if err := h.Ready(l.Place()); err != nil {
		return err
	}
	errs := make([]error, args.Workers)
	var group sync.WaitGroup
	for worker := range args.Workers {
		group.Go(func() { errs[worker] = commitPairs(h.Context, store, report, worker) })
	}
	group.Wait()
	return errors.Join(append(errs, closing(store), report.Close())...)
}

// commitPairs commits the transactions of a worker, and reports each.
func commitPairs(ctx context.Context, s txns.Store, report *os.File, worker int) error {
	for n := uint64(1); ctx.Err() == nil; n++ {
		if err := commitPair(ctx, s, worker, n); err != nil {
			return err
		}
		line := binary.LittleEndian.AppendUint64(make([]byte, 0, reported), uint64(worker))
		if _, err := report.Write(binary.LittleEndian.AppendUint64(line, n)); err != nil {
			return err
		}
	}
	return nil
}
