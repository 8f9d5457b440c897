// Package histogram counts latencies and computes their percentiles.
package histogram

import (
	"math/bits"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A Histogram counts latencies in a log-linear array. With 32 steps per octave, a value
// is off by at most 3.1 %. Below 64 ns it is exact. Recording takes a shift and an
// increment.
type Histogram struct {
	counts  [size]uint64 // turns that the samples represent
	samples [size]uint32 // turns that were timed
	max     time.Duration
}

const (
	octaveSteps = 32
	octaveBits  = 5
	size        = (42 - octaveBits + 1) * octaveSteps // up to 2^42 ns, over an hour
)

// Record counts a latency that represents weight turns.
func (h *Histogram) Record(d time.Duration, weight uint64) {
	i := bucket(d)
	h.counts[i] += weight
	h.samples[i]++
	h.max = max(h.max, d)
}

func bucket(d time.Duration) int {
	v := uint64(max(d, 0))
	if v < 2*octaveSteps {
		return int(v)
	}
	shift := bits.Len64(v) - octaveBits - 1
	return min(shift*octaveSteps+int(v>>shift), size-1)
}

// middle returns the latency in the middle of bucket i, in ns.
func middle(i int) int64 {
	if i < 2*octaveSteps {
		return int64(i)
	}
	shift := i/octaveSteps - 1
	return int64(i%octaveSteps+octaveSteps)<<shift + int64(1)<<shift/2
}

// Add adds what another histogram counted.
func (h *Histogram) Add(o *Histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
		h.samples[i] += o.samples[i]
	}
	h.max = max(h.max, o.max)
}

// Totals returns the number of samples and the number of turns that they represent.
func (h *Histogram) Totals() (turns, samples uint64) {
	for i, c := range h.counts {
		turns += c
		samples += uint64(h.samples[i])
	}
	return turns, samples
}

// minBeyond is how many samples must lie beyond a percentile for it to count.
const minBeyond = 10

// Quantile returns the latency below which the share q of turns lies. ok is false if too
// few samples lie beyond it.
func (h *Histogram) Quantile(q float64) (d time.Duration, ok bool) {
	turns, left := h.Totals()
	var seen uint64
	for i, c := range h.counts {
		seen += c
		left -= uint64(h.samples[i])
		if turns > 0 && float64(seen) >= q*float64(turns) {
			return time.Duration(middle(i)), left+uint64(h.samples[i]) >= minBeyond
		}
	}
	return 0, false
}

// Export returns the histogram in HdrHistogram's V2 format, deflated, in base64; "" if it
// is empty.
func (h *Histogram) Export() (string, error) {
	if _, samples := h.Totals(); samples == 0 {
		return "", nil
	}
	out := hdrhistogram.New(1, middle(size-1), 2)
	for i, c := range h.counts {
		if c == 0 {
			continue
		}
		if err := out.RecordValues(max(middle(i), 1), int64(c)); err != nil {
			return "", err
		}
	}
	buf, err := out.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return "", err
	}
	return string(buf), nil // Encode writes base64 itself
}

// Max returns the longest latency.
func (h *Histogram) Max() time.Duration { return h.max }
