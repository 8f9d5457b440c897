package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// writePlots writes a run's charts and its report.
func writePlots(run *results.Run) error {
	for _, c := range plots.Charts(run) {
		if _, err := c.Save(filepath.Join(run.Path, "plots")); err != nil {
			return err
		}
	}
	return writeReport(run)
}

// writeReport writes a run's report into its folder.
func writeReport(run *results.Run) error {
	var page bytes.Buffer
	if err := plots.Report(run, &page, plots.ReportOptions{}); err != nil {
		return err
	}
	return saveReport(page.Bytes(), filepath.Join(run.Path, "report.html"))
}

// saveReport writes a report under a temporary name first, so that a full disk leaves
// the old one.
func saveReport(page []byte, path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), "report-*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(page)
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// conclude prints the winners of each point, the failures, and the paths of the files.
func (a *app) conclude(run *results.Run) error {
	printWinners(a.out, results.Verdicts(run, results.Options{}))
	failures := printFailures(a.out, run)
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
func printFailures(out io.Writer, run *results.Run) int {
	n := 0
	for _, row := range results.Rows(run.Trials) {
		if row.Passed() {
			continue
		}
		n++
		bad := row.Bad[0]
		fmt.Fprintf(out, "\n%s: %s: %s\n", bad.Status, row.Name(), bad.Reason)
		if bad.Detail != "" {
			fmt.Fprintf(out, "  contend stress --replay %s\n", filepath.Join(run.Path, "failures", bad.Detail))
		}
	}
	return n
}
