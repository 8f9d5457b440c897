package harness

import (
	"math/bits"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A histogram counts latencies in a log-linear array: 32 steps an octave, so a value is off by at most
// 3.1 %; below 64 ns it is exact. Recording is a shift and an increment, about 2 ns.
type histogram struct {
	counts  [histogramSize]uint64
	samples uint64
	weight  uint64 // of the heaviest sample
	max     time.Duration
}

const (
	octaveSteps   = 32
	octaveBits    = 5
	histogramSize = (42 - octaveBits + 1) * octaveSteps // up to 2^42 ns, over an hour
)

// record counts a latency that stands for weight turns.
func (h *histogram) record(d time.Duration, weight uint64) {
	h.counts[bucket(d)] += weight
	h.samples++
	h.weight = max(h.weight, weight)
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
	}
	h.samples += o.samples
	h.weight = max(h.weight, o.weight)
	h.max = max(h.max, o.max)
}

func (h *histogram) total() (n uint64) {
	for _, c := range h.counts {
		n += c
	}
	return n
}

// fewest is how many samples must lie beyond a percentile for it to be printed.
const fewest = 10

// quantile returns the latency under which the share q of turns lies; ok is false when too few samples
// lie beyond it.
func (h *histogram) quantile(q float64) (d time.Duration, ok bool) {
	total := h.total()
	beyond := float64(total) * (1 - q)
	if h.samples == 0 || beyond < fewest*float64(h.weight) {
		return 0, false
	}
	var seen uint64
	for i, c := range h.counts {
		seen += c
		if float64(seen) >= q*float64(total) {
			return time.Duration(middle(i)), true
		}
	}
	return h.max, true
}

// export returns the histogram in HdrHistogram's V2 format, deflated, in base64; "" if it is empty.
func (h *histogram) export() (string, error) {
	if h.samples == 0 {
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
