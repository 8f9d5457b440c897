// Package cli implements the contend command. Your own main function can call Main with
// your suites.
//
// The exit status is 0 for success, 1 if a check or a gate failed, and 2 for any other
// error: wrong usage, a file that cannot be read or written, or a machine that lacks what
// a trial needs. After SIGINT it is 130, and after SIGTERM 143.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/selftest"
)

// The exit statuses. Those of a signal follow from its number; see signalled.
const (
	fine   = 0
	failed = 1 // a check, or a gate that the user asked for
	wrong  = 2 // usage, input, a file that cannot be read or written, or the environment
)

const statuses = `Exit status: 0 for success; 1 if a check or a gate failed; 2 for any other error, such as wrong usage,
a file that cannot be read, or a machine that lacks what a trial needs; 130 after SIGINT (Ctrl-C); 143 after
SIGTERM. After the first signal, an interrupted run still writes what follows from its journal. A second one
ends it at once.`

// Main runs the command for suites and returns the exit status. In a process that the
// harness started to run a trial, it runs the trial.
func Main(suites ...harness.Suite) int {
	if child.Is() {
		return child.Main(append(suites[:len(suites):len(suites)], selftest.Suite()))
	}
	ctx, stop := untilSignal()
	defer stop()
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
	writing *writing
	warned  map[string]bool // problems that were printed
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
	a := &app{
		suites: suites, args: args, out: out, err: errOut, self: self, command: os.Args[0], writing: new(writing),
	}
	root := &cobra.Command{
		Use:   "contend",
		Short: "Benchmark and stress concurrency primitives, and check them while they are measured",
		Long:  "Benchmark and stress concurrency primitives, and check them while they are measured.\n\n" + statuses,
		Example: `  contend run mutex --preset quick
  contend stress mutex
  contend compare OLD NEW`,
		SilenceUsage: true, SilenceErrors: true,
		Version: version(),

		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return unnamed(c) },
	}
	root.SetHelpCommand(helpCommand())
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	root.AddCommand(
		a.engineFlags(a.listCommand()), a.measures(a.engineFlags(a.runCommand())),
		a.measures(a.engineFlags(a.stressCommand())), a.reads(a.compareCommand()), a.measures(a.duetCommand()),
		a.reads(a.plotCommand()), a.reads(a.reportCommand()), a.measures(a.engineFlags(a.profileCommand())),
		a.adviseCommand(), a.engineFlags(a.askCommand()), a.measures(a.selftestCommand()), a.rowsCommand(), a.reachCommand(),
	)
	err = root.ExecuteContext(ctx)
	var signal signalled
	stopped := errors.As(context.Cause(ctx), &signal)
	if err != nil && !errors.Is(err, errFailed) && !(stopped && isEnd(err)) {
		fmt.Fprintln(errOut, "contend:", err)
	}
	switch {
	case stopped:
		return signal.status()
	case err == nil:
		return fine
	case errors.Is(err, errFailed):
		return failed
	}
	return wrong
}

// isEnd reports whether an error only says that the context has ended, or that a process
// was killed for this reason.
func isEnd(err error) bool {
	var killed *exec.ExitError
	return errors.Is(err, context.Canceled) || errors.As(err, new(signalled)) || errors.As(err, &killed)
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
