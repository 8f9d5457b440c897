package plots

import (
	"fmt"
	"iter"
	"slices"

	"github.com/contendbench/contend/results"
)

// ambient is what the machine did besides the trials of a run, as far as they say it.
type ambient struct {
	probed                   int // trials that say it
	load, stolen, hop, arith results.Sample
}

func newAmbient(trials iter.Seq[*results.Trial]) (a ambient) {
	var loads, stolen, hops, ariths []float64
	for t := range trials {
		if t.Probe.ArithNs > 0 {
			a.probed++
			loads, stolen = append(loads, t.Probe.Load), append(stolen, t.Probe.StolenPct)
			ariths = append(ariths, t.Probe.ArithNs)
		}
		if hop := max(t.Probe.HopNs, t.Values["hop-ns"]); hop > 0 {
			hops = append(hops, hop)
		}
	}
	a.load, a.stolen = results.Summarize(loads), results.Summarize(stolen)
	a.hop, a.arith = results.Summarize(hops), results.Summarize(ariths)
	return a
}

// each yields the trials of a run.
func each(run *results.Run) iter.Seq[*results.Trial] {
	return func(yield func(*results.Trial) bool) {
		for i := range run.Trials {
			if !yield(&run.Trials[i]) {
				return
			}
		}
	}
}

// sentences says what else the machine did during the run.
func (a ambient) sentences() []string {
	if a.probed == 0 && a.hop.N == 0 {
		return []string{"These results do not say what else the machine did: no load, no stolen time, no probe."}
	}
	var out []string
	if a.probed > 0 {
		out = append(out,
			fmt.Sprintf("Load of other processes when a trial began: median %.3g runnable tasks, at most %.3g.",
				a.load.Median, a.load.Max),
			fmt.Sprintf("Time that the host took during a trial (stolen time): median %.3g %%, at most %.3g %%.",
				a.stolen.Median, a.stolen.Max))
	} else {
		out = append(out, "These results do not say the load of other processes, nor stolen time.")
	}
	if a.hop.N > 0 {
		out = append(out, fmt.Sprintf("Probe, a cache line between two cores: median %s, from %s to %s.",
			duration(a.hop.Median), duration(a.hop.Min), duration(a.hop.Max)))
	}
	if a.arith.N > 0 {
		out = append(out, fmt.Sprintf("Probe, one step of arithmetic: median %s, from %s to %s.",
			duration(a.arith.Median), duration(a.arith.Min), duration(a.arith.Max)))
	}
	return out
}

// How much worse than the run a row's surroundings must be to be marked.
const (
	moreLoad   = 1    // runnable tasks, and twice the run's
	moreStolen = 5    // per cent
	slowerStep = 1.25 // times the run's step of arithmetic
)

// worse says in what way a row was measured under worse conditions than the run.
func (a ambient) worse(row results.Row) (notes []string) {
	own := newAmbient(slices.Values(row.Good))
	if own.probed == 0 {
		return nil
	}
	if l := own.load.Median; l >= a.load.Median+moreLoad && l >= 2*a.load.Median {
		notes = append(notes, fmt.Sprintf("measured under more load: %.3g tasks, in the run %.3g", l, a.load.Median))
	}
	if s := own.stolen.Median; s >= a.stolen.Median+moreStolen {
		notes = append(notes, fmt.Sprintf("the host took %.3g %% of its time, in the run %.3g %%", s, a.stolen.Median))
	}
	if s := own.arith.Median; s >= slowerStep*a.arith.Median {
		notes = append(notes, fmt.Sprintf("the processor was %.2f times slower than in the run", s/a.arith.Median))
	}
	return notes
}

// probedTransfers reports whether any trial says how long a cache line took between two
// cores.
func probedTransfers(run *results.Run) bool {
	for t := range each(run) {
		if t.Probe.HopNs > 0 || t.Values["hop-ns"] > 0 {
			return true
		}
	}
	return false
}
