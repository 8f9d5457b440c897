package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/process"
)

// writing is held while a file is written. An interrupted command takes it and keeps it,
// so that it leaves no file half written.
type writing struct {
	sync.Mutex
	end sync.Once
}

// reads makes a command, which measures nothing, end as soon as its context does.
func (a *app) reads(c *cobra.Command) *cobra.Command {
	run := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.reading(c.Context(), func() error { return run(c, args) })
	}
	return c
}

// measures gives a command that starts processes a place for its temporary files.
func (a *app) measures(c *cobra.Command) *cobra.Command {
	run := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.measuring(func() error { return run(c, args) })
	}
	return c
}

// reading calls f, and returns as soon as ctx ends. f may then still run, in a process that
// is about to exit. It must write files under saving only.
func (a *app) reading(ctx context.Context, f func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- f() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		a.writing.end.Do(a.writing.Lock)
		return context.Cause(ctx)
	}
}

// saving calls f, which writes a file in well under a second.
func (a *app) saving(f func() error) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	return f()
}

// measuring calls f, which starts processes. Whatever f and these leave behind ends with
// the command.
func (a *app) measuring(f func() error) error {
	if cleared := child.Cleared(); len(cleared) > 0 {
		fmt.Fprintf(a.err, "contend: trials run without %s of the environment\n", strings.Join(cleared, ", "))
	}
	scratch, err := process.NewScratch()
	if err != nil {
		return err
	}
	if err := f(); err != nil {
		return errors.Join(err, scratch.Close())
	}
	return scratch.Close()
}
