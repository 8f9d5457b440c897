package distlock

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"syscall"
	"testing"
	"time"
)

// crashing is a store in memory. A crash leaves what was synced, and any part of what was
// written after that.
type crashing struct {
	files map[string]*memory
	fails bool // every sync
	full  bool // no file can be created
}

type memory struct {
	store   *crashing
	written []byte
	synced  int
}

func newCrashing() *crashing { return &crashing{files: map[string]*memory{}} }

func (c *crashing) read(name string) ([]byte, error) {
	f := c.files[name]
	if f == nil {
		return nil, fs.ErrNotExist
	}
	return f.written, nil
}

func (c *crashing) create(name string) (storeFile, error) {
	if c.full {
		return nil, syscall.EMFILE
	}
	f := &memory{store: c}
	c.files[name] = f
	return f, nil
}

func (c *crashing) rename(from, to string) error {
	c.files[to] = c.files[from]
	delete(c.files, from)
	return nil
}

func (f *memory) Write(p []byte) (int, error) {
	f.written = append(f.written, p...)
	return len(p), nil
}

func (f *memory) Sync() error {
	if f.store.fails {
		return errors.New("the disk has failed")
	}
	f.synced = len(f.written)
	return nil
}

func (f *memory) Close() error { return nil }

// crash returns the store that a crash leaves, with a number of bytes of the log.
func (c *crashing) crash(bytes int) *crashing {
	left := newCrashing()
	for name, f := range c.files {
		keep := f.synced
		if name == journalName {
			keep = bytes
		}
		left.files[name] = &memory{store: left, written: f.written[:keep:keep], synced: keep}
	}
	return left
}

// kept returns the tokens of the holders, by key.
func kept(c *core) map[string]uint64 {
	held := map[string]uint64{}
	for key, l := range c.locks {
		held[key] = l.holder.token
	}
	return held
}

// recorder is a core with a log, driven as a server drives it.
type recorder struct {
	core    *core
	journal *journal
	session *session
	id      *uint64           // of the last call, over all crashes
	acked   uint64            // newest token that a client was told
	told    map[string]uint64 // tokens of the holders, as clients were told
}

func reopened(t *testing.T, s store, id *uint64) *recorder {
	t.Helper()
	c := newCore()
	j, err := reopen(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return &recorder{
		core: c, journal: j, session: c.open(0, message{session: 7, tokens: tokens(c)}), told: kept(c), id: id,
	}
}

func tokens(c *core) (all []uint64) {
	for _, t := range kept(c) {
		all = append(all, t)
	}
	return all
}

// turn acquires a key, or releases it if it is held.
func (l *recorder) turn(t *testing.T, key string) {
	t.Helper()
	*l.id++
	if token, ok := l.told[key]; ok {
		l.core.release(l.session, message{id: *l.id, key: key, token: token})
	} else {
		l.core.acquire(l.session, message{id: *l.id, key: key, ttl: time.Second})
	}
	l.core.serve()
	_, changes := l.core.take()
	if err := l.journal.commit(changes); err != nil {
		t.Fatal(err)
	}
	for _, m := range changes { // clients are told only now
		if m.op == opGranted {
			l.told[m.key], l.acked = m.token, m.token
		} else {
			delete(l.told, m.key)
		}
	}
}

// After a crash, wherever it cuts the log, a server knows what clients were told before:
// each holder, unless its release was under way, and a counter that is not behind. It
// continues from there, and from a second crash too.
func TestCrashAtEveryByte(t *testing.T) {
	store := newCrashing()
	l := reopened(t, store, new(uint64))
	crashes := 0
	for i, key := range []string{"a", "b", "a", "c", "b", "a", "b", "c", "d", "a"} {
		l.turn(t, key)
		log := store.files[journalName]
		for cut := log.synced; cut <= len(log.written); cut++ {
			after := store.crash(cut)
			again := reopened(t, after, l.id)
			crashes++
			checkKept(t, fmt.Sprintf("turn %d, byte %d", i, cut), l, again)
			again.turn(t, "new")
			if again.acked <= l.acked {
				t.Fatalf("turn %d, byte %d: got token %d, want more than %d", i, cut, again.acked, l.acked)
			}
			third := reopened(t, after.crash(after.files[journalName].synced), l.id)
			if third.told["new"] != again.acked {
				got := third.told["new"]
				t.Fatalf("turn %d, byte %d, a second crash: got token %d, want %d", i, cut, got, again.acked)
			}
		}
	}
	if crashes < 30 {
		t.Errorf("got %d crashes, want at least 30", crashes)
	}
}

// checkKept compares a server after a crash with one that has not crashed. A release may
// be lost with the bytes after the last sync.
func checkKept(t *testing.T, where string, before, after *recorder) {
	t.Helper()
	for key, token := range before.told {
		if after.told[key] != token {
			t.Fatalf("%s: %q: got holder %d, want %d", where, key, after.told[key], token)
		}
	}
	for key, token := range after.told {
		if _, ok := before.told[key]; !ok && token > before.acked {
			t.Fatalf("%s: %q: got holder %d, want one that a client was told", where, key, token)
		}
	}
}

// A crash while the log is rewritten leaves the old one or the new one.
func TestCrashWhileRewriting(t *testing.T) {
	store := newCrashing()
	l := reopened(t, store, new(uint64))
	for _, key := range []string{"a", "b", "c", "a"} {
		l.turn(t, key)
	}
	want := maps.Clone(l.told)
	old := store.files[journalName]
	if err := l.journal.rewrite(l.core.state()); err != nil {
		t.Fatal(err)
	}
	unfinished := newCrashing() // the new log is written in part, and not renamed
	unfinished.files[journalName] = old
	started := store.files[journalName].written[:5]
	unfinished.files[newJournalName] = &memory{store: unfinished, written: started, synced: 5}
	renamed := store.crash(store.files[journalName].synced)
	for name, s := range map[string]*crashing{"before the rename": unfinished, "after it": renamed} {
		if got := reopened(t, s, l.id); !maps.Equal(got.told, want) {
			t.Errorf("%s: got holders %v, want %v", name, got.told, want)
		}
	}
}

// A log that has grown is rewritten, and only then.
func TestLongLogIsRewritten(t *testing.T) {
	l := reopened(t, newCrashing(), new(uint64))
	l.journal.limit = 300
	for range 100 {
		l.turn(t, "a")
		if l.journal.long() {
			if err := l.journal.rewrite(l.core.state()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if l.journal.size > 400 {
		t.Errorf("got a log of %d bytes, want at most 400", l.journal.size)
	}
	if again := reopened(t, l.journal.store, l.id); again.core.token != l.core.token {
		t.Errorf("got counter %d, want %d", again.core.token, l.core.token)
	}
}

// A log that cannot be rewritten for now continues, and is rewritten later. Without an old
// log, there is nothing to continue with.
func TestRewriteIsPutOff(t *testing.T) {
	store := newCrashing()
	l := reopened(t, store, new(uint64))
	store.full = true
	if err := l.journal.rewrite(l.core.state()); err != nil {
		t.Fatalf("rewriting the log without a file: got %v, want nil", err)
	}
	l.turn(t, "a")
	if again := reopenedAt(t, store.crash(store.files[journalName].synced)); again["a"] != l.told["a"] {
		t.Errorf("after a crash: got holder %d, want %d", again["a"], l.told["a"])
	}
	store.full = false
	before := store.files[journalName]
	if err := l.journal.rewrite(l.core.state()); err != nil || store.files[journalName] == before {
		t.Errorf("rewriting it later: got %v and the old file: %v, want nil, false", err, store.files[journalName] == before)
	}
	empty := newCrashing()
	empty.full = true
	if _, err := reopen(empty, newCore()); !errors.Is(err, syscall.EMFILE) {
		t.Errorf("the first log: got %v, want %v", err, syscall.EMFILE)
	}
}

// reopenedAt returns the holders that a server finds in a store.
func reopenedAt(t *testing.T, s store) map[string]uint64 {
	t.Helper()
	return reopened(t, s, new(uint64)).told
}

// A disk without power has what was synced, and perhaps a part of the rest.
func TestVolatileLosesWhatIsNotSynced(t *testing.T) {
	v := volatile{disk(t.TempDir())}
	f, err := v.create("f")
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	lost := 0
	for i := range 400 {
		text := fmt.Sprintln("record", i)
		all = append(all, text...)
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		sync := i%4 == 3
		if sync {
			if err := f.Sync(); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := v.read("f")
		if err != nil || !bytes.HasPrefix(all, kept) || sync && len(kept) < len(all) {
			t.Fatalf("record %d: got %d of %d bytes, %v, want a prefix, and after a sync all", i, len(kept), len(all), err)
		}
		if len(kept) < len(all) {
			lost++
		}
	}
	if lost < 100 {
		t.Errorf("got %d losses in 300 writes without a sync, want at least 100", lost)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// After a failed sync, nothing is committed any more.
func TestFailedSyncIsForGood(t *testing.T) {
	store := newCrashing()
	l := reopened(t, store, new(uint64))
	store.fails = true
	granted := []message{{op: opGranted, key: "k", token: 1}}
	if err := l.journal.commit(granted); err == nil {
		t.Fatal("a failed sync: got no error, want one")
	}
	store.fails = false
	if l.journal.commit(granted) == nil || l.journal.rewrite(nil) == nil {
		t.Error("after a failed sync: got no error, want one")
	}
}

// The log holds the counter, which the seeded bug forgets.
func TestForgetfulIsFound(t *testing.T) {
	store := newCrashing()
	l := reopened(t, store, new(uint64))
	for range 6 {
		l.turn(t, "a")
	}
	c := &forgetful{newCore()}
	if _, err := reopen(store, c); err != nil {
		t.Fatal(err)
	}
	if c.token >= l.acked {
		t.Errorf("got counter %d, want less than %d", c.token, l.acked)
	}
}

// logOf returns a log of acquisitions with the tokens 1 to n.
func logOf(n uint64) (log []byte) {
	for token := range n {
		log = appendRecord(log, message{op: opGranted, key: "key", token: token + 1, ttl: time.Second, session: 1 << 60})
	}
	return log
}

// A damaged record and what follows is left out, whichever byte is damaged.
func TestDamagedRecord(t *testing.T) {
	log := logOf(3)
	if all, n := records(log); len(all) != 3 || n != len(log) {
		t.Fatalf("got %d records in %d bytes, want 3 in %d", len(all), n, len(log))
	}
	for i := range log {
		damaged := append([]byte(nil), log...)
		damaged[i] ^= 0x41
		all, _ := records(damaged)
		for n, m := range all {
			if m.token != uint64(n+1) || m.key != "key" {
				t.Errorf("byte %d: record %d: got %+v, want token %d of \"key\"", i, n, m, n+1)
			}
		}
		if n := len(all); n != i/(len(log)/3) {
			t.Errorf("byte %d damaged: got %d records, want %d", i, n, i/(len(log)/3))
		}
	}
}

// A damaged record at the end is what a crash leaves. One in the middle is damage of the
// disk: to go on would forget who holds what.
func TestDamageInTheMiddleIsAnError(t *testing.T) {
	log := logOf(3)
	for i := range log {
		damaged := append([]byte(nil), log...)
		damaged[i] ^= 0x41
		store := newCrashing()
		store.files[journalName] = &memory{store: store, written: damaged, synced: len(damaged)}
		_, _, err := openJournal(store)
		if last := i >= len(log)*2/3; last != (err == nil) || !last && !errors.Is(err, errDamaged) {
			t.Errorf("byte %d of %d damaged: got error %v", i, len(log), err)
		}
	}
}

// A log whose state alone is longer than the limit is not rewritten at every change.
func TestALargeStateIsNotRewrittenAtOnce(t *testing.T) {
	l := reopened(t, newCrashing(), new(uint64))
	large := make([]message, 400)
	for i := range large {
		large[i] = message{op: opGranted, key: strings.Repeat("k", maxKey) + fmt.Sprint(i), token: uint64(i + 1)}
	}
	for i := range large { // a key has at most maxKey bytes
		large[i].key = large[i].key[len(fmt.Sprint(i)):]
	}
	if err := l.journal.rewrite(append(large, append(large, append(large, large...)...)...)); err != nil {
		t.Fatal(err)
	}
	if l.journal.size < journalLimit || l.journal.long() {
		t.Errorf("got a log of %d bytes that is to be rewritten: %v, want more than %d and false",
			l.journal.size, l.journal.long(), journalLimit)
	}
}
