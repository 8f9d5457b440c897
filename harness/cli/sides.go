package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/contendbench/contend/harness/layout"
	"github.com/contendbench/contend/results"
)

// duetSides are what a duet runs.
type duetSides struct {
	base, again, head side
	folder            string
	trees             []*layout.Revision
}

// side is an executable of a duet.
type side struct {
	name   string
	path   string         // of an executable that is run as it is
	source *layout.Source // of one that is linked anew for every round
	reason string         // why it is not linked anew
}

// run returns what jobs name as their executable.
func (s side) run() string { return cmp.Or(s.path, s.name) }

// sides finds the executables of a duet, or builds the revisions.
func (a *app) sides(ctx context.Context, pkg string, args []string, layouts bool) (*duetSides, error) {
	folder, err := os.MkdirTemp("", "contend-duet-")
	if err != nil {
		return nil, err
	}
	d := &duetSides{folder: folder}
	if err := a.findSides(ctx, d, pkg, args, layouts); err != nil {
		d.close(ctx)
		return nil, err
	}
	return d, nil
}

func (a *app) findSides(ctx context.Context, d *duetSides, pkg string, args []string, layouts bool) (err error) {
	if d.base, err = a.side(ctx, d, results.Base, pkg, args[0]); err != nil {
		return err
	}
	if len(args) == 2 {
		d.head, err = a.side(ctx, d, results.Head, pkg, args[1])
	} else {
		d.head = a.ownSide(ctx)
	}
	if err != nil {
		return err
	}
	if !layouts {
		if err := errors.Join(d.base.fix(ctx, d.folder), d.head.fix(ctx, d.folder)); err != nil {
			return err
		}
	}
	d.again = d.base
	d.again.name = results.BaseAgain
	return nil
}

// fix links the side once, for all rounds.
func (s *side) fix(ctx context.Context, folder string) error {
	if s.source == nil {
		return nil
	}
	s.path = filepath.Join(folder, s.name+".bin")
	err := s.source.Build(ctx, s.path)
	s.source, s.reason = nil, "--layouts=false"
	return err
}

// ownSide returns this executable as the second side.
func (a *app) ownSide(ctx context.Context) side {
	s := side{name: results.Head}
	var err error
	if s.source, err = layout.Of(ctx, a.self); err != nil {
		s.path, s.reason = a.self, err.Error()
	}
	return s
}

// side returns the side that a name stands for: an executable or a git revision.
func (a *app) side(ctx context.Context, d *duetSides, which, pkg, name string) (side, error) {
	s := side{name: which}
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		if info.Mode()&0o111 == 0 {
			return s, fmt.Errorf("%s cannot be executed: want a binary or a git revision", name)
		}
		s.reason = name + " is a given executable"
		s.path, err = filepath.Abs(name)
		return s, err
	}
	if !layout.IsRevision(ctx, name) {
		return s, fmt.Errorf("%q is neither an executable nor a git revision of this repository", name)
	}
	tree, err := layout.Checkout(ctx, filepath.Join(d.folder, which), name)
	if err != nil {
		return s, fmt.Errorf("checking out %s: %w", name, err)
	}
	d.trees = append(d.trees, tree)
	for _, note := range tree.Notes {
		fmt.Fprintf(a.err, "contend: %s: %s\n", name, note)
	}
	if s.source, err = layout.At(ctx, tree.Dir, pkg); err != nil {
		return s, fmt.Errorf("--package %s at %s: %w", pkg, name, err)
	}
	return s, nil
}

// set returns the set that links the sides for each round. Its first round compiles them.
func (d *duetSides) set(seed uint64) (*layout.Set, error) {
	set, err := layout.NewSet(seed)
	if err != nil {
		return nil, err
	}
	for _, s := range []side{d.base, d.again, d.head} {
		if s.source != nil {
			set.Add(s.name, s.source)
		}
	}
	return set, nil
}

// oneLayout says which sides have one layout, and why; "" if none has.
func (d *duetSides) oneLayout() string {
	var why []string
	for _, s := range []side{d.base, d.head} {
		if s.source == nil {
			why = append(why, fmt.Sprintf("%s (%s)", s.name, oneLine(s.reason)))
		}
	}
	if len(why) == 0 {
		return ""
	}
	return fmt.Sprintf("one layout of %s: effects of the layout are not excluded", strings.Join(why, " and "))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func (d *duetSides) close(ctx context.Context) {
	for _, t := range d.trees {
		t.Remove(ctx)
	}
	os.RemoveAll(d.folder)
}
