package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/impls"
)

// reachTime limits how long the user's own servers may take to answer.
const reachTime = 3 * time.Second

// reachCommand answers another executable of this project, which asks whether the user's
// servers can be used. It reads the endpoints from standard input, because a command line
// is visible to every user of the machine.
func (a *app) reachCommand() *cobra.Command {
	return &cobra.Command{
		Use: "reach", Hidden: true, Args: cobra.NoArgs,
		Short: "Check that the servers named on standard input answer",
		RunE: func(c *cobra.Command, _ []string) error {
			var endpoints map[string]string
			if err := json.NewDecoder(os.Stdin).Decode(&endpoints); err != nil {
				return fmt.Errorf("reading the endpoints: %w", err)
			}
			return a.reachHere(c.Context(), endpoints)
		},
	}
}

// reach returns an error if one of the user's servers cannot be used. Otherwise each
// implementation would seem to fail.
func (a *app) reach(ctx context.Context, endpoints map[string]string) error {
	if len(endpoints) == 0 {
		return nil
	}
	if err := a.reachHere(ctx, endpoints); err != nil {
		return err
	}
	for _, binary := range slices.Sorted(maps.Keys(a.engines.linked)) {
		if err := reachBy(ctx, a.engines.linked[binary], endpoints); err != nil {
			return err
		}
	}
	return nil
}

// reachHere asks the servers of the implementations that this executable links.
func (a *app) reachHere(ctx context.Context, endpoints map[string]string) error {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	asked := map[string]bool{}
	for _, s := range a.suites {
		for _, c := range s.Impls {
			r := c.Requires
			if r.Reach == nil || endpoints[r.Server] == "" || asked[r.Server] {
				continue
			}
			asked[r.Server] = true
			if err := r.Reach(ctx, endpoints[r.Server]); err != nil {
				return impls.Environment(fmt.Errorf("--endpoints %s: %w", r.Server, err))
			}
		}
	}
	return nil
}

// reachBy has another executable ask the servers of the implementations that it links.
func reachBy(ctx context.Context, path string, endpoints map[string]string) error {
	input, err := json.Marshal(endpoints)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime+reachTime)
	defer cancel()
	var errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "reach")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), io.Discard, &errOut
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		text, _ := strings.CutPrefix(strings.TrimSpace(errOut.String()), "contend: ")
		text = cmp.Or(text, fmt.Sprintf("asking %s whether the servers answer: %v", path, err))
		return errors.New(text)
	}
	return nil
}
