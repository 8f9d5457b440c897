package results

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The histogram that all trials are merged into covers 1 ns to over an hour, with two
// significant digits.
const (
	minLatency    = 1
	maxLatency    = 1 << 42
	latencyDigits = 2
	maxEncoded    = 256 << 10 // bytes of a trial's histogram
)

// Histogram decodes the trial's latencies, in ns. It returns nil if the trial has none.
func (t Trial) Histogram() (*hdrhistogram.Histogram, error) {
	if t.Hist == "" {
		return nil, nil
	}
	if len(t.Hist) > maxEncoded {
		return nil, fmt.Errorf("%s: its histogram has %d bytes; at most %d are allowed",
			t.Name(), len(t.Hist), maxEncoded)
	}
	h, err := hdrhistogram.Decode([]byte(t.Hist))
	if err != nil {
		return nil, fmt.Errorf("%s: decode its histogram: %w", t.Name(), err)
	}
	return h, nil
}

// Histogram merges the latencies of a row's trials. It returns nil if the row has none or
// did not pass.
func (r Row) Histogram() (*hdrhistogram.Histogram, error) {
	if !r.Passed() {
		return nil, nil
	}
	var sum *hdrhistogram.Histogram
	var errs []error
	for _, t := range r.Good {
		h, err := t.Histogram()
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if h == nil {
			continue
		}
		if sum == nil {
			sum = hdrhistogram.New(minLatency, maxLatency, latencyDigits)
		}
		sum.Merge(h)
	}
	return sum, errors.Join(errs...)
}

// writeHistograms writes an HdrHistogram log for each row that has latencies, with an
// interval for each trial.
func writeHistograms(run *Run) error {
	dir := filepath.Join(run.Path, histDir)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the old histograms: %w", err)
	}
	for _, row := range run.Rows() {
		if !row.Passed() || row.Good[0].Hist == "" {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("write the histograms: %w", err)
		}
		err := writeFile(filepath.Join(dir, safeName(row.Good[0].benchName())+".hlog"), func(w io.Writer) error {
			return writeLog(w, row)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func writeLog(out io.Writer, row Row) error {
	w := hdrhistogram.NewHistogramLogWriter(out)
	if err := errors.Join(w.OutputComment(row.Name()), w.OutputLogFormatVersion(), w.OutputLegend()); err != nil {
		return err
	}
	for _, t := range row.Good {
		h, err := t.Histogram()
		if err != nil {
			return err
		}
		if h == nil {
			continue
		}
		h.SetStartTimeMs(t.Start.UnixMilli())
		h.SetEndTimeMs(t.Start.Add(t.Took).UnixMilli())
		if err := w.OutputIntervalHistogram(h); err != nil {
			return err
		}
	}
	return nil
}
