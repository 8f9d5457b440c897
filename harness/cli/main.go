// Package cli implements the contend command. Your own main function can call Main with
// your suites.
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
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/selftest"
)

// The exit statuses.
const (
	fine   = 0
	failed = 1 // a check, or a gate that the user asked for
	wrong  = 2 // usage, input, or a file that cannot be read or written
)

// Main runs the command for suites and returns the exit status. It is 0 for success, 1 if
// a check or a gate failed, and 2 for any other error, such as wrong usage. In a process
// that the harness started to run a trial, it runs the trial.
func Main(suites ...harness.Suite) int {
	if child.Is() {
		return child.Main(append(suites[:len(suites):len(suites)], selftest.Suite()))
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	return execute(ctx, suites, os.Args[1:], os.Stdout, os.Stderr)
}

// app holds what the subcommands share.
type app struct {
	suites  []harness.Suite
	args    []string // the command line, which run.json records
	out     io.Writer
	err     io.Writer
	self    string // this executable
	command string // as the user called it
	engines engines
}

// errFailed ends the command with status 1, after the failure has been printed.
var errFailed = errors.New("failed")

func execute(ctx context.Context, suites []harness.Suite, args []string, out, errOut io.Writer) int {
	out, errOut = newScreen(out), newScreen(errOut)
	self, err := os.Executable()
	if err == nil {
		err = harness.CheckSuites(suites)
	}
	if err != nil {
		fmt.Fprintln(errOut, "contend:", err)
		return wrong
	}
	a := &app{suites: suites, args: args, out: out, err: errOut, self: self, command: os.Args[0]}
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
		a.engineFlags(a.listCommand()), a.engineFlags(a.runCommand()), a.engineFlags(a.stressCommand()),
		a.compareCommand(), a.duetCommand(), a.plotCommand(), a.reportCommand(),
		a.engineFlags(a.profileCommand()), a.adviseCommand(), a.selftestCommand(), a.rowsCommand(),
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

// version returns the module's version and revision, as far as the build recorded them.
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
