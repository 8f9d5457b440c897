package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/contendbench/contend/harness/ledger"
	"github.com/contendbench/contend/harness/machine"
)

// ledger tries the seeded bugs, and prints what it has of the ledger however it ends. It
// fails if a bug was caught too rarely, or if a correct twin gave a false alarm.
func (a *app) ledger(ctx context.Context, targets []target, s stressing) error {
	o := ledger.Options{
		Executable: a.executable, Tries: s.tries, For: s.each, Twin: s.twin, Seed: s.seed,
		Spins: machine.CalibrateSpin(), Endpoints: a.engines.endpoints,
		Progress: func(e ledger.Entry) {
			fmt.Fprintf(a.err, "%s/%s: caught %d of %d\n", e.Title(), e.Bug, e.Caught, e.Tries)
		},
	}
	var bugs []ledger.Bug
	for _, t := range targets {
		bugs = append(bugs, ledger.Bug{Suite: t.suite, Card: t.impl, Loads: t.loads})
	}
	entries, ended := ledger.Run(ctx, bugs, o)
	if err := a.showLedger(entries, s); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return errFailed
	case ended != nil:
		return ended
	}
	for _, e := range entries {
		if float64(e.Caught) < s.minShare*float64(e.Tries) || e.FalseAlarms > 0 {
			return errFailed
		}
	}
	return nil
}

// showLedger prints the ledger, and says if it is incomplete.
func (a *app) showLedger(entries []ledger.Entry, s stressing) error {
	complete := 0
	for _, e := range entries {
		if !e.Incomplete {
			complete++
		}
	}
	note := fmt.Sprintf("incomplete: %d of %d bugs had all their tries\n", complete, len(entries))
	if complete == len(entries) {
		note = ""
	}
	if s.json {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		fmt.Fprint(a.err, note)
		return e.Encode(entries)
	}
	if err := a.printLedger(entries, s); err != nil {
		return err
	}
	fmt.Fprint(a.out, note)
	return nil
}

func (a *app) printLedger(entries []ledger.Entry, s stressing) error {
	fmt.Fprintf(a.out, "seed %d, tries of %v\n", s.seed, s.each)
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTRACT\tBUG\tCAUGHT\tRATE (95 %)\tMEDIAN\tTWIN\tFALSE ALARMS\tWHAT A CHECK REPORTED")
	for _, e := range entries {
		if e.Incomplete && e.Tries == 0 {
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%d of %d\t%.2f to %.2f\t%.2f s\t%s\t%d\t%s\n",
			e.Title(), e.Bug, e.Caught, e.Tries, e.Low, e.High, e.Median, e.Twin, e.FalseAlarms, e.Example)
	}
	for _, e := range entries {
		if e.Alarm != "" {
			fmt.Fprintf(w, "false alarm\t%s\t%s\n", e.Twin, e.Alarm)
		}
	}
	return w.Flush()
}
