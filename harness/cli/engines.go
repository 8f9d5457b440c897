package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
)

// engines are the flags of commands that run rows which this executable does not link, or list them.
type engines struct {
	path  string
	given []string
	// endpoints are the user's own servers, by name.
	endpoints map[string]string
}

func (a *app) engineFlags(c *cobra.Command) *cobra.Command {
	f := c.Flags()
	f.StringVar(&a.engines.path, "engines", "", "executable of the rows that need one of their own (default: contend-engines beside this one)")
	f.StringArrayVar(&a.engines.given, "endpoints", nil,
		"servers of your own instead of started ones, NAME=ADDRESS,ADDRESS,NAME=…; recorded with the results, so give no password")
	c.PreRunE = func(c *cobra.Command, _ []string) error { return a.attach(c.Context()) }
	return c
}

// rowsCommand is for another executable of ours.
func (a *app) rowsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "rows", Hidden: true, Args: cobra.NoArgs,
		Short: "Print the rows that this executable links",
		RunE: func(*cobra.Command, []string) error {
			return json.NewEncoder(a.out).Encode(harness.Offers(a.rows))
		},
	}
}

// attach finds what runs the rows that this executable does not link. Without it, or if it is of another revision, they are
// skipped with the reason; one that the user named must do.
func (a *app) attach(ctx context.Context) error {
	var err error
	if a.engines.endpoints, err = endpoints(a.engines.given, harness.Servers(a.rows)); err != nil {
		return err
	}
	if a.engines.path != "" {
		if _, err := os.Stat(a.engines.path); err != nil {
			return fmt.Errorf("--engines: %w", err)
		}
	}
	for _, binary := range harness.Binaries(a.rows) {
		rows, err := a.attached(ctx, binary)
		switch {
		case err == nil:
			a.rows = rows
		case a.engines.path != "":
			return err
		default:
			a.skip(binary, err)
		}
	}
	a.rows = harness.Served(a.rows, a.engines.endpoints)
	return nil
}

func (a *app) attached(ctx context.Context, binary string) ([]harness.Row, error) {
	path := a.engines.path
	if path == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		path = filepath.Join(filepath.Dir(self), binary)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return a.rows, nil // the rows say themselves what they need
		}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	offer, err := ask(ctx, path)
	if err != nil {
		return nil, err
	}
	rows, err := harness.Attach(a.rows, binary, path, offer)
	if err != nil {
		return nil, fmt.Errorf("%s does not fit this contend: %w; make engines builds it anew", path, err)
	}
	return rows, nil
}

// askTime bounds the start of an executable that links a thousand packages.
const askTime = 10 * time.Second

func ask(ctx context.Context, path string) (harness.Offer, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var offer harness.Offer
	var errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "rows")
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &offer)
	}
	if err != nil {
		return offer, fmt.Errorf("asking %s for its rows: %w%s", path, err, strings.TrimRight("\n"+errOut.String(), "\n"))
	}
	return offer, nil
}

// skip gives the rows of a binary that cannot be used the reason why they do not run.
func (a *app) skip(binary string, reason error) {
	a.rows = slices.Clone(a.rows)
	for i := range a.rows {
		if a.rows[i].Impl.Binary == binary {
			a.rows[i].Impl.Missing = func() error { return reason }
		}
	}
}

// endpoints reads name=address,address,name=address. What follows a comma without a known form of name belongs to the name before.
func endpoints(given, names []string) (map[string]string, error) {
	found := map[string]string{}
	for _, text := range given {
		name := ""
		for _, part := range strings.Split(text, ",") {
			address := part
			if before, after, ok := strings.Cut(part, "="); ok && isName(before) {
				name, address = before, after
				if !slices.Contains(names, name) {
					return nil, fmt.Errorf("--endpoints %q: unknown server %q; %s", text, name, rounds.Nearest(name, names))
				}
			}
			if name == "" || address == "" {
				return nil, fmt.Errorf("--endpoints %q: want name=address, such as etcd=127.0.0.1:2379", text)
			}
			if found[name] != "" {
				address = found[name] + "," + address
			}
			found[name] = address
		}
	}
	return found, nil
}

func isName(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz") == ""
}
