package cli

import (
	"context"
	"fmt"

	"github.com/contendbench/contend/harness/layout"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// ownLayouts links this executable anew for every round of a run.
type ownLayouts struct {
	a    *app
	info *results.Info
	set  *layout.Set // nil: all further rounds run the executable as it was built
}

// ownLayouts finds this executable's source. Without it, run.json says why the run has
// one layout.
func (a *app) ownLayouts(
	ctx context.Context, info *results.Info, wanted bool, plan rounds.Plan,
) (*ownLayouts, error) {
	own := &ownLayouts{a: a, info: info}
	if !wanted {
		own.one("--layouts=false")
		return own, nil
	}
	source, err := layout.Of(ctx, a.self)
	if ctx.Err() != nil { // the run ends before its first round, and says how to continue
		return own, nil
	}
	if err != nil {
		own.one(err.Error())
		return own, nil
	}
	if own.set, err = layout.NewSet(info.Seed); err != nil {
		return nil, err
	}
	own.set.Add(a.self, source)
	if info.OneLayout = ""; plan.Uses(func(executable string) bool { return executable != a.self }) {
		info.OneLayout = "one layout of the implementations over servers: effects of the layout are not excluded there"
	}
	return own, nil
}

// one notes why the run has one layout.
func (o *ownLayouts) one(reason string) {
	o.info.OneLayout = fmt.Sprintf("one layout (%s): effects of the layout are not excluded", oneLine(reason))
	fmt.Fprintf(o.a.err, "contend: %s\n", o.info.OneLayout)
}

// round links the executable for a round. If that fails, this and all further rounds run
// the executable as it was built.
func (o *ownLayouts) round(ctx context.Context, round int) (map[string]layout.Executable, error) {
	if o.set == nil {
		return nil, nil
	}
	linked, err := o.set.Round(ctx, round)
	if err == nil || ctx.Err() != nil {
		return linked, ctx.Err()
	}
	o.close()
	o.one(fmt.Sprintf("from round %d on: %v", round, err))
	return nil, nil
}

func (o *ownLayouts) close() {
	if o.set != nil {
		o.set.Close()
		o.set = nil
	}
}
