package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// write writes a file of a test.
func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// within fails a test that takes longer than a minute. What it guards against never ends.
func within(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s: got no end after a minute, want one", what)
	}
}

// A folder is data. A link in it would be read or written in its place.
func TestNoLinkOfAFolderIsFollowed(t *testing.T) {
	for name, target := range map[string]string{
		infoFile: "run.json of another", trialsFile: "/dev/zero", failuresDir: "a folder", histDir: "a folder",
	} {
		t.Run(name, func(t *testing.T) {
			dir, outside := journal(t, 2), t.TempDir()
			link := filepath.Join(dir, name)
			if target == "run.json of another" {
				target = filepath.Join(outside, "kept")
				write(t, target, read(t, link))
			}
			if target == "a folder" {
				target = outside
				write(t, filepath.Join(outside, "kept.hlog"), "kept")
			}
			if err := os.RemoveAll(link); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, link); err != nil {
				t.Fatal(err)
			}
			within(t, name, func() {
				j, _, err := Resume(dir)
				if err == nil {
					bad := trials("bad", 7, 7, 7)[2]
					bad.Status, bad.Values = Failed, nil
					_, saved := j.Failure(bad, []byte("why"), map[string][]byte{"x.log": nil})
					closed := j.Close()
					if err = saved; name == histDir {
						err = closed
					}
				}
				if err == nil || !strings.Contains(err.Error(), link) {
					t.Errorf("got error %v, want one that names %s", err, link)
				}
			})
			if files, err := os.ReadDir(outside); err != nil || len(files) > 1 {
				t.Errorf("got files %v and error %v outside of the folder, want no new one", files, err)
			}
		})
	}
}

// Only regular files are opened: a pipe has no end, and a device may have none.
func TestNoPipeOfAFolderIsOpened(t *testing.T) {
	dir := journal(t, 2)
	path := filepath.Join(dir, trialsFile)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
	within(t, "a pipe", func() {
		if _, err := Open(dir); !errors.Is(err, ErrIrregular) {
			t.Errorf("got error %v, want ErrIrregular", err)
		}
	})
	within(t, "a device that the user names", func() {
		if _, err := Open("/dev/zero"); err == nil || !strings.Contains(err.Error(), "neither a regular file") {
			t.Errorf("got error %v, want one that says what is read", err)
		}
	})
}

// The user may name a link, as results/latest is one.
func TestALinkThatTheUserNamesIsRead(t *testing.T) {
	dir := journal(t, 2)
	link := filepath.Join(t.TempDir(), "latest")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, filepath.Join(link, benchFile)} {
		if run, err := Open(path); err != nil || len(run.Trials) == 0 {
			t.Errorf("%s: got %v and error %v, want trials", path, run, err)
		}
	}
}

func TestAFolderHasOneWriter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	first, err := Create(dir, Info{State: "running"})
	if err != nil {
		t.Fatal(err)
	}
	second := func() error {
		_, _, err := Resume(dir)
		return err
	}
	third := func() error {
		_, err := Create(dir, Info{})
		return err
	}
	for name, open := range map[string]func() error{"resume": second, "create": third} {
		err := open()
		if want := fmt.Sprintf("process %d", os.Getpid()); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want ErrInUse with %s", name, err, want)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, lockFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got a lock file with error %v, want none after the end", err)
	}
	// A writer that was killed leaves its file, but no lock.
	write(t, filepath.Join(dir, lockFile), `{"pid":1}`)
	j, _, err := Resume(dir)
	if err != nil {
		t.Fatalf("after a dead writer: got error %v, want none", err)
	}
	if err := j.Release(); err != nil {
		t.Error(err)
	}
}

// A start on a full disk, or one that is killed, leaves nothing that blocks the next.
func TestAStartThatFailsLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "run")
	if _, err := Create(dir, Info{Spins: math.NaN()}); err == nil { // run.json cannot be written
		t.Fatal("got a run, want an error")
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("got %v left and error %v, want nothing", left, err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{lockFile, trialsFile, "." + infoFile + "-ABC"} { // as after a kill
		write(t, filepath.Join(dir, name), "")
	}
	for range 2 { // the second time after a run that failed before its first trial
		j, err := Create(dir, Info{State: "running"})
		if err != nil {
			t.Fatalf("got error %v, want a run", err)
		}
		if err := j.Release(); err != nil {
			t.Error(err)
		}
	}
	write(t, filepath.Join(dir, infoFile), `{"name":"a package of another tool"}`)
	if _, err := Create(dir, Info{}); err == nil || !strings.Contains(err.Error(), infoFile) {
		t.Errorf("got error %v, want one that names a run.json of others", err)
	}
}

func TestAFolderOfOthersIsRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "thesis.txt"), "years of work")
	if _, err := Create(dir, Info{}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("got error %v, want one that says that the folder is not empty", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("got %v and error %v, want the folder as it was", left, err)
	}
	// A run removes the histograms that it derived, and nothing else.
	run := journal(t, 2)
	if err := os.MkdirAll(filepath.Join(run, histDir), 0o755); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(run, histDir, "note.txt")
	write(t, note, "kept")
	j, _, err := Resume(run)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, note); got != "kept" {
		t.Errorf("got %q, want the user's note", got)
	}
}

func TestFoldersOfResultsAreOpenToAll(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o022))
	dir := journal(t, 1)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("got %v and error %v, want mode 0755", info, err)
	}
}

// A journal may hold a trial twice, as after two writers of an older version.
func TestATrialCountsOnce(t *testing.T) {
	dir := journal(t, 3)
	path := filepath.Join(dir, trialsFile)
	text := read(t, path)
	lines := strings.SplitAfter(text, "\n")
	write(t, path, text+strings.Replace(lines[3], `"ns/op":`, `"ns/op":9`, 1))
	run, err := Open(dir)
	if err != nil || len(run.Trials) != 9 || len(run.Problems) != 1 {
		t.Fatalf("got %d trials, problems %v and error %v, want 9 and 1", len(run.Trials), run.Problems, err)
	}
	if p := run.Problems[0]; p.Line != 10 || !strings.Contains(p.Text, "line 4 has its trial of round 2") {
		t.Errorf("got problem %v, want one that names lines 10 and 4", p)
	}
	for _, row := range run.Rows() {
		if row.Impl == "sync" && (len(row.Good) != 3 || row.Good[1].Values["ns/op"] != 101) {
			t.Errorf("got trials %+v, want 3 with the first of round 2", row.Good)
		}
	}
}

// hugeHistogram is small, but declares counts of fifty megabytes.
func hugeHistogram(t *testing.T) string {
	t.Helper()
	h := hdrhistogram.New(1, 1<<60, 5)
	if err := h.RecordValue(1); err != nil {
		t.Fatal(err)
	}
	text, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A damaged histogram costs its row's latencies, and the run says why.
func TestADamagedHistogramCostsItsRow(t *testing.T) {
	for name, damaged := range map[string]string{
		"not a histogram": "AAAA", "long": strings.Repeat("A", maxEncoded+1), "huge": hugeHistogram(t),
	} {
		dir := filepath.Join(t.TempDir(), "run")
		j, err := Create(dir, Info{State: "complete"})
		if err != nil {
			t.Fatal(err)
		}
		for i, impl := range []string{"sync", "mcs"} {
			for _, trial := range trials(impl, 100, 101) {
				trial.Hist, trial.Values["samples"] = encoded(t, 2, 100, 100), 2
				if i == 1 && trial.Round == 2 {
					trial.Hist = damaged
				}
				if err := j.Append(trial); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := j.Close(); err != nil {
			t.Fatalf("%s: got error %v, want a finished run", name, err)
		}
		run, err := Open(dir)
		if err != nil || len(run.Trials) != 4 || len(run.Problems) != 1 {
			t.Fatalf("%s: got %+v and error %v, want 4 trials and 1 problem", name, run, err)
		}
		p := run.Problems[0]
		if p.Line != 4 || !strings.Contains(p.Text, "no latencies") || !strings.Contains(p.Text, "mcs") {
			t.Errorf("%s: got %v, want a problem of line 4 that names mcs", name, p)
		}
		for _, row := range run.Rows() {
			if _, ok := row.Latency(); ok != (row.Impl == "sync") {
				t.Errorf("%s: %s: got latencies %v, want those of sync only", name, row.Impl, ok)
			}
		}
		logs, err := filepath.Glob(filepath.Join(dir, histDir, "*.hlog"))
		if err != nil || len(logs) != 1 || !strings.Contains(logs[0], "sync") {
			t.Errorf("%s: got logs %v and error %v, want that of sync", name, logs, err)
		}
	}
}

// Every prefix of a journal is read, and loses at most its last trial.
func TestAllPrefixesOfAJournalAreRead(t *testing.T) {
	dir := journal(t, 2)
	text := read(t, filepath.Join(dir, trialsFile))
	for n := range len(text) + 1 {
		run := &Run{}
		if err := run.readTrials(strings.NewReader(text[:n]), "journal"); err != nil {
			t.Fatalf("%d bytes: got error %v, want none", n, err)
		}
		whole := strings.Count(text[:n], "\n")
		if len(run.Trials) != whole || len(run.Problems) > 1 {
			t.Fatalf("%d bytes: got %d trials and problems %v, want %d trials and at most 1", n, len(run.Trials),
				run.Problems, whole)
		}
	}
}

func TestAFailureOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a-1.txt"), "mine")
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Symlink(outside, filepath.Join(dir, "a-1-2.txt")); err != nil {
		t.Fatal(err)
	}
	files, err := SaveFailure(dir, "a-1", []byte("why"), map[string][]byte{"../../x.log": []byte("log")})
	if err != nil || len(files) != 2 || filepath.Dir(files[1]) != dir {
		t.Fatalf("got files %v and error %v, want 2 in %s", files, err, dir)
	}
	if got := read(t, files[0]) + read(t, files[1]); got != "whylog" {
		t.Errorf("got %q, want the text and the log", got)
	}
	if got := read(t, filepath.Join(dir, "a-1.txt")); got != "mine" {
		t.Errorf("got %q, want the file as it was", got)
	}
	if _, err := os.Lstat(outside); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got error %v for a file outside of the folder, want none made", err)
	}
}

// The detail of a failure is a name in the run's folder, which outputs show.
func TestADetailIsAName(t *testing.T) {
	dir := journal(t, 2)
	path := filepath.Join(dir, trialsFile)
	for _, detail := range []string{"../../x", "/etc/passwd", "a b", "$(id)", ".."} {
		text := read(t, path)
		changed := strings.Replace(text, `"reason":"torn"`, fmt.Sprintf(`"reason":"torn","detail":%q`, detail), 1)
		run := &Run{}
		if err := run.readTrials(strings.NewReader(changed), "journal"); err != nil {
			t.Fatal(err)
		}
		if len(run.Problems) != 1 || !strings.Contains(run.Problems[0].Text, "detail") {
			t.Errorf("%q: got problems %v, want one that names the detail", detail, run.Problems)
		}
	}
}

func TestBounded(t *testing.T) {
	for size, fits := range map[int]bool{0: true, 9: true, 10: true, 11: false, 100: false} {
		in := &bounded{in: bytes.NewReader(make([]byte, size)), name: "x", left: 10, limit: 10}
		got, err := io.ReadAll(in)
		if (err == nil) != fits || len(got) != min(size, 10) {
			t.Errorf("%d bytes: got %d and error %v, want %d and an error above 10", size, len(got), err, min(size, 10))
		}
	}
}
