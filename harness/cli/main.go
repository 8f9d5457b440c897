// Package cli is the contend command. A main function of a user's own calls Main with his tables.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/selftest"
)

// The exit statuses.
const (
	fine   = 0
	failed = 1 // a check, or a gate that was asked for
	wrong  = 2 // usage, input, or a file that cannot be read or written
)

// Main runs the command for a set of patterns and returns the exit status: 0 fine, 1 a check or a gate
// failed, 2 wrong usage. In a process that the harness started as a trial, it runs the trial.
func Main(patterns ...harness.Pattern) int {
	rows := harness.Rows(patterns...)
	if harness.IsChild() {
		return harness.Child(append(rows, harness.Rows(selftest.Pattern())...))
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	return execute(ctx, rows, os.Args[1:], os.Stdout, os.Stderr)
}

// app is what the subcommands share.
type app struct {
	rows    []harness.Row
	args    []string // as given: run.json records them
	out     io.Writer
	err     io.Writer
	engines engines
}

// errFailed ends the command with status 1; what failed has been printed.
var errFailed = errors.New("failed")

func execute(ctx context.Context, rows []harness.Row, args []string, out, errOut io.Writer) int {
	a := &app{rows: rows, args: args, out: out, err: errOut}
	root := &cobra.Command{
		Use:   "contend",
		Short: "Benchmark and stress concurrency primitives, and check them while they are measured",
		Example: `  contend run mutex --preset quick
  contend stress mutex
  contend compare OLD NEW`,
		SilenceUsage: true, SilenceErrors: true,
		Version: version(),
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	root.AddCommand(
		a.engineFlags(a.listCommand()), a.engineFlags(a.runCommand()), a.engineFlags(a.stressCommand()), a.compareCommand(),
		a.duetCommand(), a.plotCommand(), a.reportCommand(), a.engineFlags(a.profileCommand()), a.adviseCommand(), a.selftestCommand(),
		a.rowsCommand(),
	)
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return fine
	case errors.Is(err, errFailed):
		return failed
	default:
		fmt.Fprintln(errOut, "contend:", err)
		return wrong
	}
}

// version is the module's version and revision, as far as the build knows them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := info.Main.Version
	if text == "" {
		text = "(devel)"
	}
	if r := revision(); r != "" {
		text += " " + r
	}
	return text
}

func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	text, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			text = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	if text == "" {
		return ""
	}
	return text + dirty
}
