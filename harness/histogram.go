package harness

import (
	"math/bits"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A histogram counts latencies in a log-linear array: 32 steps an octave, so a value is off by at most
// 3.1 %; below 64 ns it is exact. Recording is a shift and an increment, about 2 ns.
type histogram struct {
	counts  [histogramSize]uint64 // turns
	samples [histogramSize]uint32 // timed
	max     time.Duration
}

const (
	octaveSteps   = 32
	octaveBits    = 5
	histogramSize = (42 - octaveBits + 1) * octaveSteps // up to 2^42 ns, over an hour
)

// record counts a latency that stands for weight turns.
func (h *histogram) record(d time.Duration, weight uint64) {
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
	return min(shift*octaveSteps+int(v>>shift), histogramSize-1)
}

// middle returns the value in the middle of bucket i.
func middle(i int) int64 {
	if i < 2*octaveSteps {
		return int64(i)
	}
	shift := i/octaveSteps - 1
	return int64(i%octaveSteps+octaveSteps)<<shift + int64(1)<<shift/2
}

func (h *histogram) add(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
		h.samples[i] += o.samples[i]
	}
	h.max = max(h.max, o.max)
}

// totals returns the turns and the samples that the histogram holds.
func (h *histogram) totals() (turns, samples uint64) {
	for i, c := range h.counts {
		turns += c
		samples += uint64(h.samples[i])
	}
	return turns, samples
}

// fewest is how many samples must lie beyond a percentile for it to be printed.
const fewest = 10

// quantile returns the latency under which the share q of turns lies; ok is false when too few samples
// lie beyond it.
func (h *histogram) quantile(q float64) (d time.Duration, ok bool) {
	turns, left := h.totals()
	var seen uint64
	for i, c := range h.counts {
		seen += c
		left -= uint64(h.samples[i])
		if turns > 0 && float64(seen) >= q*float64(turns) {
			return time.Duration(middle(i)), left+uint64(h.samples[i]) >= fewest
		}
	}
	return 0, false
}

// export returns the histogram in HdrHistogram's V2 format, deflated, in base64; "" if it is empty.
func (h *histogram) export() (string, error) {
	if _, samples := h.totals(); samples == 0 {
		return "", nil
	}
	out := hdrhistogram.New(1, middle(histogramSize-1), 2)
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
