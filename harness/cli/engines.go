package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
)

// engines holds the flags of the commands that list or run implementations that this
// executable does not link.
type engines struct {
	path  string
	given []string

	endpoints map[string]string // addresses of the user's own servers, by name
	linked    map[string]string // paths of the executables found, by name of the binary
}

// executable returns the path of the executable that runs an implementation's trials.
func (a *app) executable(c impls.Card) string {
	return cmp.Or(a.engines.linked[c.Requires.Binary], a.self)
}

func (a *app) engineFlags(c *cobra.Command) *cobra.Command {
	f := c.Flags()
	f.StringVar(&a.engines.path, "engines", "",
		"executable that links the implementations over servers (default: contend-engines in this one's folder)")
	f.StringArrayVar(&a.engines.given, "endpoints", nil,
		"your own running servers, NAME=ADDRESS,ADDRESS,NAME=…, or @FILE with a line for each; "+
			"addresses with passwords belong into the file or into "+endpointsEnv)
	c.PreRunE = func(c *cobra.Command, _ []string) error { return a.attach(c.Context()) }
	return c
}

// rowsCommand answers another executable of this project, which asks for the manifest.
func (a *app) rowsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "rows", Hidden: true, Args: cobra.NoArgs,
		Short: "Print the implementations that this executable links",
		RunE: func(*cobra.Command, []string) error {
			return json.NewEncoder(a.out).Encode(child.NewManifest(a.suites))
		},
	}
}

// attach finds the executables that link what this one does not. If there is none, or it
// was built from another revision, its implementations are skipped with the reason. An
// executable that the user named must fit.
func (a *app) attach(ctx context.Context) error {
	var err error
	if a.engines.endpoints, err = allEndpoints(a.engines.given, child.Servers(a.suites)); err != nil {
		return err
	}
	if a.engines.path != "" {
		if _, err := os.Stat(a.engines.path); err != nil {
			return fmt.Errorf("--engines: %w", err)
		}
	}
	a.engines.linked = map[string]string{}
	for _, binary := range child.Binaries(a.suites) {
		err := a.link(ctx, binary)
		if err != nil && a.engines.path != "" {
			return err
		}
		if err != nil {
			a.suites = child.Skip(a.suites, binary, err)
		}
	}
	linked := func(binary string) bool { return a.engines.linked[binary] != "" }
	a.suites = child.WithEndpoints(a.suites, a.engines.endpoints, linked)
	return a.reach(ctx, a.engines.endpoints)
}

// link finds the executable called binary, and lets its implementations run.
func (a *app) link(ctx context.Context, binary string) error {
	path := a.engines.path
	if path == "" {
		path = filepath.Join(filepath.Dir(a.self), binary)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil // each implementation says what it needs
		}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	manifest, err := ask(ctx, path)
	if err != nil {
		return err
	}
	suites, err := child.Link(a.suites, binary, manifest)
	if err != nil {
		return fmt.Errorf("linking %s: %w; rebuild it with make engines", path, err)
	}
	a.suites, a.engines.linked[binary] = suites, path
	return nil
}

// askTime bounds the start of an executable that links a thousand packages.
const askTime = 10 * time.Second

// ask runs an executable to get its manifest.
func ask(ctx context.Context, path string) (child.Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var m child.Manifest
	var errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "rows")
	cmd.Stderr = &errOut
	cmd.WaitDelay = time.Second // what it has started may keep its output open
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &m)
	}
	if err != nil {
		return m, fmt.Errorf("asking %s for its manifest: %w%s", path, err, strings.TrimRight("\n"+errOut.String(), "\n"))
	}
	return m, nil
}
