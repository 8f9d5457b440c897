package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

func (a *app) duetCommand() *cobra.Command {
	var sel selecting
	var run running
	var k comparing
	var threshold, pkg string
	var fail bool
	var names []string
	c := &cobra.Command{
		Use:   "duet BASE [HEAD]",
		Short: "Measure two revisions or two binaries in the same rounds, and gate on the difference",
		Long: `Duet runs every cell on both sides, next to each other and in random order, so that machine noise
affects both sides equally. A side is an executable or a git revision, which is built in a temporary work tree.
Without HEAD, this executable is the second side.`,
		Example: `  contend duet origin/main --pattern mutex --rounds 12 --threshold 3% --fail
  contend duet ./contend-old ./contend-new --markdown`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, sides []string) error {
			limit, err := percent("threshold", threshold)
			if err != nil {
				return err
			}
			options, err := k.options()
			if err != nil {
				return err
			}
			preset, plan, err := a.gated(&sel, names, options.Unit, fail)
			if err != nil {
				return err
			}
			folder, err := os.MkdirTemp("", "contend-duet-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			base, head, err := executables(c.Context(), folder, pkg, sides)
			if err != nil {
				return err
			}
			journal, err := a.start(preset.Name, run)
			if err != nil {
				return err
			}
			done, err := a.duet(c, plan.Duet(base, head), preset, run, journal)
			if err != nil {
				return err
			}
			return a.judge(done, k, options, limit, fail)
		},
	}
	sel.flags(c, "quick")
	run.flags(c)
	k.flags(c)
	f := c.Flags()
	f.StringArrayVar(&names, "pattern", nil, "only this pattern or contract (repeatable)")
	f.StringVar(&threshold, "threshold", "3%", "a row is a regression if it is different and worse by more than this")
	f.BoolVar(&fail, "fail", false, "exit with status 1 on a regression, a failed check or a row that one side lacks")
	f.StringVar(&pkg, "package", defaultPackage(), "main package to build from a git revision")
	return c
}

// defaultPackage returns this project's command if the working tree has it, and otherwise
// the package in the current folder.
func defaultPackage() string {
	const own = "./harness/cmd/contend"
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return "."
}

// executables finds or builds the executables of both sides.
func executables(ctx context.Context, folder, pkg string, sides []string) (base, head string, err error) {
	if base, err = executable(ctx, folder, "base", pkg, sides[0]); err != nil {
		return "", "", err
	}
	if len(sides) == 1 {
		head, err = os.Executable()
		return base, head, err
	}
	head, err = executable(ctx, folder, "head", pkg, sides[1])
	return base, head, err
}

func executable(ctx context.Context, folder, side, pkg, name string) (string, error) {
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		if info.Mode()&0o111 == 0 {
			return "", fmt.Errorf("%s cannot be executed: want a binary or a git revision", name)
		}
		return filepath.Abs(name)
	}
	commit, err := git(ctx, ".", "rev-parse", "--verify", "--quiet", name+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("%q is neither an executable nor a git revision of this repository", name)
	}
	tree, binary := filepath.Join(folder, side), filepath.Join(folder, side+".bin")
	prefix, err := git(ctx, ".", "rev-parse", "--show-prefix")
	if err != nil {
		return "", err
	}
	if _, err := git(ctx, ".", "worktree", "add", "--detach", tree, commit); err != nil {
		return "", err
	}
	defer func() {
		// The tree is temporary: if this fails, git worktree prune cleans up.
		_, _ = git(context.WithoutCancel(ctx), ".", "worktree", "remove", "--force", tree)
	}()
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, pkg)
	build.Dir = filepath.Join(tree, prefix)
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s at %s: %w\n%s", pkg, name, err, out)
	}
	return binary, nil
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("running git %s: %w", args[0], err)
	}
	return strings.TrimRight(string(out), "\r\n"), nil
}

// duet runs the plan and returns its results.
func (a *app) duet(
	c *cobra.Command, plan rounds.Plan, preset rounds.Preset, run running, journal *results.Journal,
) (*results.Run, error) {
	options, err := run.options(preset, journal.Info())
	if err != nil {
		return nil, err
	}
	bar := newProgress(a.err)
	options.Progress = bar.show
	state, err := rounds.Run(c.Context(), plan, journal, nil, options)
	bar.end()
	journal.Info().State = state
	if closeErr := journal.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	return results.Open(journal.Dir())
}
