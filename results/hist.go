package results

import (
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The histogram that all trials are merged into covers 1 ns to over an hour, with two
// significant digits.
const (
	minLatency    = 1
	maxLatency    = 1 << 42
	latencyDigits = 2
	maxEncoded    = 256 << 10 // bytes of a trial's histogram
	maxDigits     = 3         // of a trial's histogram
	maxRange      = 1 << 50   // ns, of a trial's histogram
)

// Histogram decodes the trial's latencies, in ns. It returns nil if the trial has none.
func (t Trial) Histogram() (*hdrhistogram.Histogram, error) {
	if t.Hist == "" {
		return nil, nil
	}
	err := checkGeometry(t.Hist)
	var h *hdrhistogram.Histogram
	if err == nil {
		h, err = hdrhistogram.Decode([]byte(t.Hist))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: decode its histogram: %w", t.Name(), err)
	}
	return h, nil
}

// checkGeometry bounds the memory that a histogram takes: a few bytes may declare fifty
// megabytes of counts.
func checkGeometry(encoded string) error {
	if len(encoded) > maxEncoded {
		return fmt.Errorf("it has %d bytes; at most %d are allowed", len(encoded), maxEncoded)
	}
	in := base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded))
	if _, err := io.CopyN(io.Discard, in, 8); err != nil { // the kind and the length of what follows
		return fmt.Errorf("it is cut short: %w", err)
	}
	z, err := zlib.NewReader(in)
	if err != nil {
		return err
	}
	var head struct {
		Cookie, Payload, Offset, Digits int32
		Lowest, Highest                 int64
		Ratio                           float64
	}
	if err := binary.Read(z, binary.BigEndian, &head); err != nil {
		return fmt.Errorf("it is cut short: %w", err)
	}
	if head.Digits > maxDigits || head.Highest > maxRange {
		return fmt.Errorf("it has %d digits up to %d ns; at most %d digits up to %d ns are allowed",
			head.Digits, head.Highest, maxDigits, int64(maxRange))
	}
	return z.Close()
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

// logSuffix is that of the files in hist/.
const logSuffix = ".hlog"

// writeHistograms writes an HdrHistogram log for each row that has latencies, with an
// interval for each trial. It removes the logs that are there, and no other file.
func writeHistograms(root *os.Root, run *Run) (err error) {
	var rows []Row
	for _, row := range run.Rows() {
		if _, ok := row.Latency(); ok {
			rows = append(rows, row)
		}
	}
	if _, err := root.Lstat(histDir); errors.Is(err, fs.ErrNotExist) && len(rows) == 0 {
		return nil
	}
	dir, err := subfolder(root, histDir)
	if err != nil {
		return fmt.Errorf("write the histograms: %w", err)
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	old, err := fs.Glob(dir.FS(), "*"+logSuffix)
	if err != nil {
		return fmt.Errorf("list the old histograms: %w", err)
	}
	for _, name := range old {
		if err := dir.Remove(name); err != nil {
			return fmt.Errorf("remove an old histogram: %w", err)
		}
	}
	for _, row := range rows {
		err := writeIn(dir, safeName(row.Good[0].benchName())+logSuffix, func(w io.Writer) error {
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
