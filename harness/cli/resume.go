package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/results"
)

// personal are the flags that a run's folder never sets. They name a program to run, or
// servers to connect to, or how long to wait. A folder is data, which others may have made.
var personal = []string{"engines", "endpoints", "timeout"}

// resume continues a run under the flags that it was started with. Others would give its
// rounds another meaning.
func (a *app) resume(c *cobra.Command, names []string, dir string, timeout running) error {
	extra := slices.Clone(names)
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "resume" && !slices.Contains(personal, f.Name) {
			extra = append(extra, "--"+f.Name)
		}
	})
	if len(extra) > 0 {
		return fmt.Errorf("--resume continues under the flags of the run's start: leave out %s", strings.Join(extra, ", "))
	}
	if err := timeout.check(); err != nil {
		return err
	}
	info, err := results.ReadInfo(dir)
	if err != nil {
		return err
	}
	r, err := a.recorded(info, c.Flags())
	if err == nil {
		err = a.fits(info)
	}
	if err != nil {
		return fmt.Errorf("resuming %s: %w", dir, err)
	}
	preset, plan, err := a.plan(&r.sel, r.names)
	if err != nil {
		return fmt.Errorf("resuming %s: %w", dir, err)
	}
	journal, done, err := results.Resume(dir)
	if err != nil {
		return err
	}
	defer journal.Release()
	a.warn(done.Problems)
	r.run.timeout = timeout.timeout
	return a.measure(c, plan, preset, r.run, journal, done.Trials)
}

// record is what a run's folder says of how the run was started.
type record struct {
	sel   selecting
	run   running
	names []string
}

// recorded reads the arguments of a run. They may set what selects cells and how often to
// measure them, within the bounds of the command line. All others are an error or ignored.
func (a *app) recorded(info results.Info, given *pflag.FlagSet) (r record, err error) {
	if len(info.Args) == 0 || info.Args[0] != "run" {
		return r, errors.New("it was not started by contend run")
	}
	if len(info.Suites) == 0 {
		return r, errors.New("an older version started it, with names that have changed; start a new run")
	}
	c := &cobra.Command{Use: "run"}
	r.sel.flags(c, "quick")
	r.run.flags(c)
	f := c.Flags()
	f.String("engines", "", "")
	f.StringArray("endpoints", nil, "")
	if err := c.ParseFlags(info.Args[1:]); err != nil { // not wrapped: --help would be this command's
		return r, fmt.Errorf("the arguments in run.json: %v", err)
	}
	if err := r.run.check(); err != nil {
		return r, fmt.Errorf("the arguments in run.json: %w", err)
	}
	for _, name := range personal {
		if set := f.Lookup(name); set.Changed && !given.Changed(name) {
			return r, fmt.Errorf("it was started with --%s %s, which a folder does not set: add --%s if you want that",
				name, results.Masked(set.Value.String()), name)
		}
	}
	r.run.dir, r.run.seed, r.names = "", info.Seed, f.Args()
	return r, nil
}

// spinsApart is how far the calibrations of one machine may be apart.
const spinsApart = 4

// fits returns an error if the trials of a run were measured with anything else than this
// command on this machine. Rows of both would compare machines, not implementations.
func (a *app) fits(info results.Info) error {
	here, err := a.identity()
	if err != nil {
		return err
	}
	var differ []string
	compare := func(what, there, here string) {
		if there != here {
			differ = append(differ, fmt.Sprintf("%s %s, here %s", what, orNone(there), orNone(here)))
		}
	}
	m, now := info.Machine, here.Machine
	compare("processor", m.CPU, now.CPU)
	compare("cores", fmt.Sprint(m.Cores), fmt.Sprint(now.Cores))
	compare("system", m.GOOS+"/"+m.GOARCH, now.GOOS+"/"+now.GOARCH)
	compare("kernel", m.Kernel, now.Kernel)
	compare("Go", m.Go, now.Go)
	compare("revision", info.Revision, here.Revision)
	if info.Executable != "" { // older versions do not record it
		compare("executable", info.Executable, here.Executable)
	}
	for name, there := range info.Engines {
		compare(name, there, here.Engines[name])
	}
	if len(differ) > 0 {
		return fmt.Errorf("its trials are from another set-up, and a run must not mix two (%s); start a new run",
			strings.Join(differ, "; "))
	}
	spins := machine.CalibrateSpin()
	if apart := info.Spins / spins; !(apart > 1.0/spinsApart && apart < spinsApart) { // also not a number
		return fmt.Errorf("run.json says that this machine does %v steps of work in a nanosecond, but it does %.3g",
			info.Spins, spins)
	}
	return nil
}

func orNone(text string) string {
	if text == "" {
		return "unknown"
	}
	return text
}
