package txn

import (
	"bufio"
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/writeset"
)

// TestMain makes the tests' own executable run what trials start.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(append(All(), journals)))
	}
	os.Exit(m.Run())
}

// A journal is a lab that writes what it commits to a file.
type journal struct {
	*lab
	path string
	file *os.File
	lazy bool // it writes a page when it is full
}

// page is the bytes that a lazy journal keeps back.
const page = 1 << 12

func openJournal(path string, o txns.Options, lazy bool) (*journal, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{newLab(o, none, false), path, file, lazy}
	for in := gob.NewDecoder(bufio.NewReader(file)); ; {
		var writes []writeset.Write
		if err := in.Decode(&writes); err != nil { // the last transaction may not be whole
			break
		}
		for _, w := range writes {
			j.tree, _, _ = j.tree.Insert(keyOf(w.Key), entry{w.Value, 1})
		}
	}
	var to io.Writer = file
	if lazy {
		to = bufio.NewWriterSize(file, page)
	}
	out := gob.NewEncoder(to)
	j.store = func(writes []writeset.Write) error { return out.Encode(slices.Clone(writes)) }
	return j, nil
}

func (j *journal) Place() string { return j.path }

func (j *journal) Reopen(_ context.Context, place string) (txns.Store, error) {
	return openJournal(place, txns.Options{}, j.lazy)
}

func (j *journal) Close() error { return errors.Join(j.lab.Close(), j.file.Close()) }

// folder is a Cluster that is a folder.
type folder string

func (f folder) Endpoint() string { return string(f) }

func (folder) Nodes() []impls.Process { return nil }

func (folder) Leader(context.Context) (int, error) { return 0, impls.ErrNoLeader }

func (folder) Close() error { return nil }

// inFolder is the backend of journals.
func inFolder(lazy bool) txns.Backend {
	return txns.Backend{
		Service: impls.Service{Start: func(_ context.Context, host impls.Host) (impls.Cluster, error) {
			dir, err := os.MkdirTemp(host.Dir(), "journals-")
			return folder(dir), err
		}},
		Open: func(_ context.Context, dir string, o txns.Options) (txns.Store, error) {
			fresh, err := os.MkdirTemp(dir, "store-")
			if err != nil {
				return nil, err
			}
			return openJournal(filepath.Join(fresh, "journal"), o, lazy)
		},
	}
}

var journals = Optimistic(
	impls.New("journal", impls.Mutex, "here", inFolder(false), txns.StrictSerializable, txns.Durable),
	impls.New("lazy-journal", impls.Mutex, "here", inFolder(true), txns.StrictSerializable, txns.Durable),
	impls.New("forgetful", impls.Mutex, "here",
		txns.InMemory(func(o txns.Options) txns.Store { return newLab(o, none, false) }),
		txns.StrictSerializable, txns.Durable),
)

// only is a suite with one of its implementations.
func only(s harness.Suite, name string) harness.Suite {
	card, _ := s.Card(name)
	s.Impls = []impls.Card{card}
	return s
}

// A journal that is written before Update returns is found again, and one that is written
// later is not. One that cannot be opened again is not judged.
func TestDurable(t *testing.T) {
	if err := stressed(t, only(journals, "journal"), "durable", findTime/10); err != nil {
		t.Errorf("a journal: got %v, want none", err)
	}
	err := stressed(t, only(journals, "lazy-journal"), "durable", findTime)
	if err == nil || !strings.Contains(err.Error(), "found again") && !strings.Contains(err.Error(), "that all keep") {
		t.Errorf("a lazy journal: got %v, want an error with %q", err, "found again")
	}
	if err := stressed(t, only(journals, "forgetful"), "durable", findTime); !errors.Is(err, harness.ErrUnknown) {
		t.Errorf("a store that cannot be opened again: got %v, want no verdict", err)
	}
}
