package rounds

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// Options says how to run a plan.
type Options struct {
	Preset    Preset
	Rounds    int           // 0: the preset's
	Budget    time.Duration // machine time to spend, 0: as long as the rounds take
	Precision float64       // stop a point when its widest interval is narrower, as a share; 0: do not look
	Seed      uint64
	Spins     float64       // steps of calibrated work in a nanosecond
	Timeout   time.Duration // of one trial
	Grace     time.Duration // see harness.Spec
	Endpoints map[string]string
	Progress  func(Progress)
}

// Progress is told after every trial.
type Progress struct {
	Done, Total int // trials; Total is what the rounds planned so far hold
	Round       int
	Rounds      int
	Left        time.Duration // estimated
	Trial       results.Trial
}

// ErrBudget says that the budget does not hold one round.
var ErrBudget = errors.New("the budget is too small for one round")

// Run runs the plan and appends every trial to the journal; done holds the trials that it has already. It
// returns why it ended: complete, budget or interrupted. The journal is whole in each case.
func Run(ctx context.Context, plan Plan, journal *results.Journal, done []results.Trial, o Options) (state string, err error) {
	r := newRunner(plan, journal, done, o)
	if need := r.roundTime(); o.Budget > 0 && need > o.Budget {
		return "", fmt.Errorf("%w: %v for %d cells, and a round takes about %v", ErrBudget, o.Budget, plan.Jobs(), need.Round(time.Second))
	}
	for r.round = 1; r.goesOn(); r.round++ {
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
	begin   time.Time
	trials  []results.Trial
	have    map[jobKey]bool
	broken  map[string]bool // rows that failed: their further trials would tell nothing new
	done    int
	took    time.Duration
}

type jobKey struct {
	name, side string
	round      int
}

func newRunner(plan Plan, journal *results.Journal, done []results.Trial, o Options) *runner {
	r := &runner{
		plan: plan, journal: journal, o: o, rounds: o.Rounds, begin: time.Now(),
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

// roundTime is what the first round should take.
func (r *runner) roundTime() (sum time.Duration) {
	for _, b := range r.plan.Blocks {
		for _, j := range b {
			sum += expected(r.o.Preset.spec(j, 1, 0, r.o))
		}
	}
	return sum
}

func (r *runner) spent() bool { return r.o.Budget > 0 && time.Since(r.begin) > r.o.Budget }

// most is where a run ends that only its precision or its budget would stop.
var most = checkpoints[len(checkpoints)-1]

// goesOn reports whether there is another round: within those planned or, unless their number was asked for, beyond
// them while a budget or a precision is still open.
func (r *runner) goesOn() bool {
	if len(r.plan.Blocks) == 0 {
		return false
	}
	if r.o.Rounds == 0 && (r.o.Budget > 0 || r.o.Precision > 0) {
		return r.round <= most
	}
	return r.round <= r.rounds
}

func (r *runner) trial(ctx context.Context, job Job) error {
	seed := rand.New(rand.NewPCG(r.o.Seed, uint64(r.round)<<32|uint64(r.done))).Uint64()
	spec := r.o.Preset.spec(job, r.round, seed, r.o)
	out, err := harness.Run(ctx, job.Executable, spec, r.o.Timeout)
	if err != nil {
		return err
	}
	trial := out.Trial
	if trial.Status != results.Ok {
		text := harness.FailureText(spec, out)
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
	total := r.plan.Jobs() * r.rounds
	p := Progress{Done: len(r.trials), Total: max(total, len(r.trials)), Round: r.round, Rounds: r.rounds, Trial: t}
	p.Left = time.Since(r.begin) / time.Duration(r.done) * time.Duration(p.Total-p.Done)
	if r.o.Budget > 0 {
		p.Left = r.o.Budget - time.Since(r.begin)
	}
	r.o.Progress(p)
}

// checkpoint drops the points that are precise enough. Without a precision to reach, a budget goes to
// the wider half of the points.
func (r *runner) checkpoint() {
	if !isCheckpoint(r.round) || r.o.Precision == 0 && r.o.Budget == 0 {
		return
	}
	widths := widths(r.trials)
	limit, reason := r.o.Precision, fmt.Sprintf("every interval is within %.1f %%", 100*r.o.Precision)
	if limit == 0 {
		limit, reason = middle(widths), "the budget goes to wider intervals"
	}
	var blocks [][]Job
	for _, b := range r.plan.Blocks {
		point := b[0].Cell.Point()
		if widths[point] <= limit {
			info := r.journal.Info()
			info.Stops = append(info.Stops, results.Stop{Point: point, Rounds: r.round, Width: widths[point], Reason: reason})
			continue
		}
		blocks = append(blocks, b)
	}
	r.plan.Blocks = blocks
}

// widths returns, for every point, the widest interval of a row's median, as half its width over the
// median.
func widths(trials []results.Trial) map[string]float64 {
	out := map[string]float64{}
	for _, row := range results.Rows(trials) {
		if !row.Passed() {
			continue
		}
		s := row.Sample("ns/op")
		if s.Median > 0 {
			out[row.Point()] = max(out[row.Point()], (s.High-s.Low)/2/s.Median)
		}
	}
	return out
}

func middle(widths map[string]float64) float64 {
	var all []float64
	for _, w := range widths {
		all = append(all, w)
	}
	if len(all) < 2 {
		return 0
	}
	return results.Summarize(all).Median
}
