package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// writePlots writes a run's charts and its report.
func (a *app) writePlots(run *results.Run) error {
	charts := plots.Charts(run)
	if len(charts) > 0 {
		dir, err := results.Subfolder(run.Path, "plots")
		if err != nil {
			return err
		}
		for _, c := range charts {
			if _, err := c.Save(dir); err != nil {
				return err
			}
		}
	}
	return a.saveReport(run, filepath.Join(run.Path, "report.html"))
}

// saveReport writes a report under a temporary name first, so that a full disk leaves
// the old one. It overwrites a report only.
func (a *app) saveReport(run *results.Run, path string) error {
	if err := freeForReport(path); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := plots.Report(run, &page, plots.ReportOptions{Command: a.command}); err != nil {
		return err
	}
	return a.saving(func() error { return replace(path, page.Bytes()) })
}

// replace writes a file under a temporary name and renames it.
func replace(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "report-*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// conclude prints the winners of each point, the failures, and the paths of the files.
func (a *app) conclude(run *results.Run) error {
	printWinners(a.out, results.Verdicts(run, results.Options{}))
	failures := a.printFailures(run)
	fmt.Fprintf(a.out, "\n%d trials, state %s\n", len(run.Trials), run.Info.State)
	for _, name := range []string{"report.html", "bench.txt", "plots"} {
		path := filepath.Join(run.Path, name)
		if _, err := os.Stat(path); err == nil {
			fmt.Fprintf(a.out, "%-8s %s\n", strings.TrimSuffix(strings.TrimSuffix(name, ".html"), ".txt"), path)
		}
	}
	if failures > 0 {
		return errFailed
	}
	return nil
}

// printFailures prints every row that failed, and returns the number of them.
func (a *app) printFailures(run *results.Run) int {
	n := 0
	for _, row := range results.Rows(run.Trials) {
		if row.Passed() {
			continue
		}
		n++
		bad := row.Bad[0]
		fmt.Fprintf(a.out, "\n%s: %s: %s\n", bad.Status, row.Name(), bad.Reason)
		if bad.Detail != "" {
			file := filepath.Join(run.Path, "failures", bad.Detail)
			fmt.Fprintf(a.out, "  %s\n", a.line("stress", "--replay", file))
		}
	}
	return n
}
