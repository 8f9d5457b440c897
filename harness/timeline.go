package harness

import (
	"slices"
	"sync"
	"time"

	"github.com/contendbench/contend/results"
)

// Timeline records when the turns of a window ended and how long each had waited, for a chart over time. A trial keeps its last one.
type Timeline struct {
	bin    time.Duration
	tracks []*Track

	mu    sync.Mutex
	marks []mark
}

// Track is one worker's part of a Timeline.
type Track struct{ turns []turn }

type turn struct{ end, wait time.Duration }

type mark struct {
	name string
	at   time.Duration
}

// mostBins bounds what a timeline takes in the journal: beyond it, bins are wider.
const mostBins = 500

// Timeline makes the window record a timeline with bins of a width.
func (w *Window) Timeline(bin time.Duration) *Timeline {
	w.timeline = &Timeline{bin: bin}
	return w.timeline
}

// Track makes a part of the timeline for one worker. It is called while the window is built.
func (t *Timeline) Track() *Track {
	k := &Track{turns: make([]turn, 0, 1024)}
	t.tracks = append(t.tracks, k)
	return k
}

// Add records a turn that ends now.
func (k *Track) Add(wait time.Duration) { k.turns = append(k.turns, turn{since(), wait}) }

// Mark names this instant.
func (t *Timeline) Mark(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.marks = append(t.marks, mark{name, since()})
}

// merge puts the tracks together, from the begin of the measured part on.
func (t *Timeline) merge(begin, wall time.Duration) *results.Timeline {
	bin := max(t.bin, wall/mostBins, time.Microsecond)
	waits := make([][]float64, wall/bin+1)
	for _, k := range t.tracks {
		for _, r := range k.turns {
			if at := r.end - begin; at >= 0 && at < wall {
				waits[at/bin] = append(waits[at/bin], float64(r.wait)/1e6)
			}
		}
	}
	out := &results.Timeline{BinMs: float64(bin) / 1e6}
	for _, w := range waits {
		slices.Sort(w)
		median, most := 0.0, 0.0
		if len(w) > 0 {
			median, most = w[len(w)/2], w[len(w)-1]
		}
		out.Ops, out.Median, out.Max = append(out.Ops, len(w)), append(out.Median, median), append(out.Max, most)
	}
	for _, m := range t.marks {
		out.Marks = append(out.Marks, results.Mark{Name: m.name, AtMs: float64(m.at-begin) / 1e6})
	}
	return out
}
