package layout

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Revision is a git revision in a temporary work tree.
type Revision struct {
	Dir   string   // the current folder's, in the tree
	Notes []string // what the tree does not have as the revision has it

	repository, tree string
}

// IsRevision reports whether the repository of the current folder has a revision.
func IsRevision(ctx context.Context, name string) bool {
	_, err := git(ctx, ".", "rev-parse", "--verify", "--quiet", name+"^{commit}")
	return err == nil
}

// Checkout makes a work tree of a revision in a folder that does not exist. Remove it.
func Checkout(ctx context.Context, tree, name string) (*Revision, error) {
	top, err := git(ctx, ".", "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	prefix, err := git(ctx, ".", "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	r := &Revision{repository: top, tree: tree}
	if err := r.checkout(ctx, name, prefix); err != nil {
		r.Remove(ctx) // the tree may be complete, and only ctx have ended
		return nil, err
	}
	return r, nil
}

func (r *Revision) checkout(ctx context.Context, name, prefix string) error {
	if _, err := git(ctx, ".", "worktree", "add", "--detach", r.tree, name+"^{commit}"); err != nil {
		return err
	}
	tree, err := filepath.EvalSymlinks(r.tree) // as the go command names it
	if err != nil {
		return err
	}
	r.tree, r.Dir = tree, filepath.Join(tree, prefix)
	return r.anchor(ctx)
}

// Remove removes the work tree, even if ctx has ended.
func (r *Revision) Remove(ctx context.Context) {
	// The tree is temporary: if this fails, git worktree prune cleans up. One --force is
	// for changed files, the other for a lock that an interrupted checkout has left.
	_, _ = git(context.WithoutCancel(ctx), r.repository, "worktree", "remove", "--force", "--force", r.tree)
}

// anchor points the replacements of modules by folders outside of the repository to these
// folders, which the tree's go.mod names relative to another place.
func (r *Revision) anchor(ctx context.Context) error {
	if _, err := os.Stat(r.Dir); err != nil {
		return fmt.Errorf("the revision does not have this folder: %w", err)
	}
	file, err := goTool(ctx, r.Dir, nil, "env", "GOMOD")
	if err != nil {
		return err
	}
	here, err := filepath.Rel(r.tree, filepath.Dir(file))
	if err != nil || !filepath.IsLocal(here) {
		return fmt.Errorf("the revision has no go.mod for this folder")
	}
	text, err := goTool(ctx, r.Dir, nil, "mod", "edit", "-json")
	if err != nil {
		return err
	}
	var mod struct {
		Replace []struct {
			Old, New struct{ Path, Version string }
		}
	}
	if err := json.Unmarshal([]byte(text), &mod); err != nil {
		return fmt.Errorf("reading go.mod: %w", err)
	}
	for _, replace := range mod.Replace {
		path := replace.New.Path
		relative := strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") || path == ".."
		if !relative || filepath.IsLocal(filepath.Join(here, path)) {
			continue
		}
		target := filepath.Join(r.repository, here, path)
		if _, err := os.Stat(target); err != nil {
			return fmt.Errorf("go.mod replaces %s by %s, outside of the repository: %w", replace.Old.Path, path, err)
		}
		old := strings.TrimSuffix(replace.Old.Path+"@"+replace.Old.Version, "@")
		if _, err := goTool(ctx, r.Dir, nil, "mod", "edit", "-replace="+old+"="+target); err != nil {
			return err
		}
		r.Notes = append(r.Notes, fmt.Sprintf("%s is outside of the repository, so it is as it is now: %s",
			replace.Old.Path, target))
	}
	return nil
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	return output(ctx, dir, nil, "git", args...)
}
