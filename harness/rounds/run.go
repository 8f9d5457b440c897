package rounds

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/layout"
	"github.com/contendbench/contend/results"
)

// Options says how to run a plan.
type Options struct {
	Preset    Preset
	Rounds    int           // 0: the preset's
	Budget    time.Duration // machine time to spend; 0: no limit
	Precision float64       // stop a point when its widest interval is within this share; 0: never
	Seed      uint64
	Spins     float64       // steps of calibrated work per nanosecond
	Timeout   time.Duration // of one trial
	Grace     time.Duration // see harness.Spec
	Endpoints map[string]string
	Progress  func(Progress)
	// Link links executables before a round, which stand in for the jobs' of these names.
	// It is not called for a round that has nothing to run. nil: nothing is linked.
	Link func(ctx context.Context, round int) (map[string]layout.Executable, error)
}

// Progress says how far a run is. A run reports it after every trial.
type Progress struct {
	Done, Total   int // trials
	Round, Rounds int
	AtMost        bool          // a precision or a budget ends the run before Rounds if it can
	Left          time.Duration // estimated
	Trial         results.Trial
}

// ErrBudget means that the budget is less than the time of one round.
var ErrBudget = errors.New("the budget is too small for one round")

// Run runs the plan and appends every trial to the journal. done has the trials that the
// journal already contains. Run returns why it ended: complete, budget or interrupted.
// The journal is intact in each case.
func Run(
	ctx context.Context, plan Plan, journal *results.Journal, done []results.Trial, o Options,
) (state string, err error) {
	r := newRunner(plan, journal, done, o)
	if err := plan.Fits(o.Preset, o.Budget); err != nil {
		return "", err
	}
	for r.round = 1; r.another(); r.round++ {
		if err := r.link(ctx); err != nil {
			if ctx.Err() != nil {
				return "interrupted", nil
			}
			return "", err
		}
		for _, job := range r.plan.round(o.Seed, r.round) {
			if r.has(job) {
				continue
			}
			switch {
			case ctx.Err() != nil:
				return "interrupted", nil
			case r.spent():
				return "budget", nil
			}
			if err := r.trial(ctx, job); err != nil {
				if ctx.Err() != nil {
					return "interrupted", nil
				}
				return "", err
			}
		}
		r.checkpoint()
	}
	return "complete", nil
}

type runner struct {
	plan    Plan
	journal *results.Journal
	o       Options
	rounds  int
	round   int
	start   time.Time
	trials  []results.Trial
	have    map[jobKey]bool
	broken  map[string]bool              // cells and sides that failed: further trials would show nothing new
	linked  map[string]layout.Executable // of this round, by what the jobs name
	done    int
	took    time.Duration

	links, lastLink time.Duration // the time of linking: of all rounds, and of the last
}

type jobKey struct {
	name, side string
	round      int
}

func newRunner(plan Plan, journal *results.Journal, done []results.Trial, o Options) *runner {
	r := &runner{
		plan: plan, journal: journal, o: o, rounds: o.Rounds, start: time.Now(),
		trials: done, have: map[jobKey]bool{}, broken: map[string]bool{},
	}
	if r.rounds == 0 {
		r.rounds = o.Preset.Rounds
	}
	for _, t := range done {
		r.note(t)
	}
	return r
}

func (r *runner) note(t results.Trial) {
	r.have[jobKey{t.Name(), t.Side, t.Round}] = true
	if t.Status != results.Ok {
		r.broken[t.Name()+" "+t.Side] = true
	}
}

func (r *runner) has(j Job) bool {
	return r.have[jobKey{j.Cell.Name(), j.Side, r.round}] || r.broken[j.Cell.Name()+" "+j.Side]
}

// link links this round's executables if the round has something to run.
func (r *runner) link(ctx context.Context) (err error) {
	missing := func(j Job) bool { return !r.has(j) }
	if r.o.Link == nil || r.spent() || !slices.ContainsFunc(r.plan.all(), missing) {
		return nil
	}
	start := time.Now()
	r.linked, err = r.o.Link(ctx, r.round)
	r.lastLink = time.Since(start)
	r.links += r.lastLink
	return err
}

// Fits returns an ErrBudget if the first round takes longer than a budget, by its
// estimate. A budget of 0 has no limit.
func (p Plan) Fits(preset Preset, budget time.Duration) error {
	var need time.Duration
	for _, b := range p.Blocks {
		for _, j := range b {
			need += trialTime(preset.Spec(j, 1), j)
		}
	}
	if budget == 0 || need <= budget {
		return nil
	}
	return fmt.Errorf("%w: %v for %d cells, and a round takes about %v",
		ErrBudget, budget, p.Jobs(), need.Round(time.Second))
}

func (r *runner) spent() bool { return r.o.Budget > 0 && time.Since(r.start) > r.o.Budget }

// maxRounds limits a run that otherwise only its precision or its budget would stop.
var maxRounds = checkpoints[len(checkpoints)-1]

// another reports whether there is another round. A run with a budget or a precision, but
// without a requested number of rounds, continues up to maxRounds.
func (r *runner) another() bool {
	if len(r.plan.Blocks) == 0 {
		return false
	}
	return r.round <= r.most()
}

// open reports whether the run ends by its precision or its budget, whatever its rounds.
func (r *runner) open() bool { return r.o.Rounds == 0 && (r.o.Budget > 0 || r.o.Precision > 0) }

// most is the number of rounds that the run has at most.
func (r *runner) most() int {
	if r.open() {
		return maxRounds
	}
	return r.rounds
}

// ahead counts the trials that are still to come, at most.
func (r *runner) ahead() (n int) {
	for _, job := range r.plan.all() {
		name := job.Cell.Name()
		if r.broken[name+" "+job.Side] {
			continue
		}
		n += r.most() - r.round
		if !r.have[jobKey{name, job.Side, r.round}] {
			n++
		}
	}
	return n
}

func (r *runner) trial(ctx context.Context, job Job) error {
	seed := rand.New(rand.NewPCG(r.o.Seed, uint64(r.round)<<32|uint64(r.done))).Uint64()
	spec := r.o.Preset.spec(job, r.round, seed, r.o)
	executable, ok := r.linked[job.Executable]
	if !ok {
		executable.Path = job.Executable
	}
	out, err := child.Run(ctx, executable.Path, spec, r.o.Timeout)
	if err != nil {
		return err
	}
	trial := out.Trial
	trial.Layout = executable.Number
	if trial.Status != results.Ok {
		text := child.FailureText(spec, out)
		if trial.Detail, err = r.journal.Failure(trial, []byte(text), out.Evidence); err != nil {
			return err
		}
	}
	if err := r.journal.Append(trial); err != nil {
		return err
	}
	r.trials = append(r.trials, trial)
	r.note(trial)
	r.done++
	r.took += trial.Took
	r.report(trial)
	return nil
}

func (r *runner) report(t results.Trial) {
	if r.o.Progress == nil {
		return
	}
	p := Progress{Done: len(r.trials), Round: r.round, Rounds: r.most(), AtMost: r.open(), Trial: t}
	p.Total = p.Done + r.ahead()
	trials := time.Since(r.start) - r.links
	links := r.lastLink * time.Duration(p.Rounds-p.Round)
	p.Left = trials/time.Duration(r.done)*time.Duration(p.Total-p.Done) + links
	if r.o.Budget > 0 {
		p.Left = min(p.Left, r.o.Budget-time.Since(r.start))
	}
	r.o.Progress(p)
}

// checkpoint drops the points that are precise enough. Without a precision to reach, it
// spends the budget on the half of the points with wider intervals. A resumed run drops
// what it dropped before.
func (r *runner) checkpoint() {
	if !isCheckpoint(r.round) || r.o.Precision == 0 && r.o.Budget == 0 {
		return
	}
	info := r.journal.Info()
	widths := widths(r.trials, r.round, info)
	limit, reason := r.o.Precision, fmt.Sprintf("every interval is within %.3g %%", 100*r.o.Precision)
	if limit == 0 && len(widths) > 1 {
		limit, reason = results.Median(slices.Collect(maps.Values(widths))), "the budget goes to wider intervals"
	}
	var blocks [][]Job
	for _, b := range r.plan.Blocks {
		point := b[0].Cell.Point()
		stopped := slices.ContainsFunc(info.Stops, func(s results.Stop) bool {
			return s.Point == point && s.Rounds <= r.round
		})
		width, known := widths[point]
		enough := known && width <= limit && !math.IsInf(width, 1)
		if !known { // every row failed: more rounds would show nothing
			enough, width = r.allBroken(b), 0
		}
		if enough && !stopped {
			info.Stops = append(info.Stops, results.Stop{
				Point: point, Rounds: r.round, Width: width, Reason: why(known, reason),
			})
		}
		if !enough && !stopped {
			blocks = append(blocks, b)
		}
	}
	r.plan.Blocks = blocks
}

// why is the reason of a stop.
func why(known bool, reason string) string {
	if !known {
		return "no row has passed its checks"
	}
	return reason
}

// allBroken reports whether no job of a block can run again.
func (r *runner) allBroken(block []Job) bool {
	return !slices.ContainsFunc(block, func(j Job) bool { return !r.broken[j.Cell.Name()+" "+j.Side] })
}

// widths returns the widest interval of a row for every point, as half its width over the
// figure that ranks the rows. It takes the trials up to a round. A point where a row has
// no such figure yet is infinitely wide.
func widths(trials []results.Trial, round int, info *results.Info) map[string]float64 {
	trials = slices.DeleteFunc(slices.Clone(trials), func(t results.Trial) bool { return t.Round > round })
	out := map[string]float64{}
	for _, row := range results.Rows(trials) {
		if !row.Passed() {
			continue
		}
		s, width := row.Estimate(info.Ranking(row.Cell, "").Unit), math.Inf(1)
		switch {
		case s.Median > 0:
			width = (s.High - s.Low) / 2 / s.Median
		case s.N > 0 && s.Low == s.High: // 0 in each trial
			width = 0
		}
		out[row.Point()] = max(out[row.Point()], width)
	}
	return out
}
