package harness

import (
	"slices"
	"sync"
	"time"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/results"
)

// Timeline records when the turns of a window ended, for a chart over time. A trial keeps
// the timeline of its last window.
type Timeline struct {
	bin    time.Duration
	tracks []*Track
	merged *results.Timeline

	mu    sync.Mutex
	marks []mark
}

// Track is one worker's part of a Timeline.
type Track struct {
	turns []turn // recorded by Add

	bin    time.Duration
	start  time.Duration
	counts []uint32 // recorded by Count, in bins from start
}

type turn struct{ end, wait time.Duration }

type mark struct {
	name string
	at   time.Duration
}

// maxBins limits the size of a timeline in the journal. A longer timeline has wider bins.
const maxBins = 500

// Timeline makes the window record a timeline with bins of width bin.
func (w *Window) Timeline(bin time.Duration) *Timeline {
	w.timeline = &Timeline{bin: bin}
	return w.timeline
}

// Track adds a track for one worker to the timeline. Call it while the window is built.
func (t *Timeline) Track() *Track {
	k := &Track{turns: make([]turn, 0, 1024), bin: t.bin, start: machine.Since(), counts: make([]uint32, maxBins)}
	t.tracks = append(t.tracks, k)
	return k
}

// Add records a turn that ends now and that waited for wait.
func (k *Track) Add(wait time.Duration) { k.turns = append(k.turns, turn{machine.Since(), wait}) }

// Count records a turn that ends now. It costs less than Add, and suits short turns.
func (k *Track) Count() {
	if i := int((machine.Since() - k.start) / k.bin); i < len(k.counts) {
		k.counts[i]++
	}
}

// Mark marks the present time with a name, such as that of a fault.
func (t *Timeline) Mark(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.marks = append(t.marks, mark{name, machine.Since()})
}

// Merged returns what all tracks recorded in the measured part. It is for the window's
// checks.
func (t *Timeline) Merged() *results.Timeline { return t.merged }

// merge combines what the tracks recorded in the measured part.
func (t *Timeline) merge(start, wall time.Duration) {
	bin := max(t.bin, wall/maxBins, time.Microsecond)
	waits, counts := make([][]float64, wall/bin+1), make([]int, wall/bin+1)
	for _, k := range t.tracks {
		for _, r := range k.turns {
			if at := r.end - start; at >= 0 && at < wall {
				waits[at/bin] = append(waits[at/bin], float64(r.wait)/1e6)
				counts[at/bin]++
			}
		}
		for i, n := range k.counts {
			if at := k.start + time.Duration(i)*k.bin + k.bin/2 - start; at >= 0 && at < wall {
				counts[at/bin] += int(n)
			}
		}
	}
	out := &results.Timeline{BinMs: float64(bin) / 1e6, Ops: counts}
	for _, w := range waits {
		longest := 0.0
		if len(w) > 0 {
			longest = slices.Max(w)
		}
		out.Median, out.Max = append(out.Median, results.Median(w)), append(out.Max, longest)
	}
	for _, m := range t.marks {
		out.Marks = append(out.Marks, results.Mark{Name: m.name, AtMs: float64(m.at-start) / 1e6})
	}
	t.merged = out
}
