package layout

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// MaxNumber is the largest number of a layout: the linker's generator has so many seeds.
const MaxNumber = 1<<31 - 2

// Executable is a linked executable.
type Executable struct {
	Path   string
	Number uint64 // of its layout
}

// Set links the executables of one round after the other, each with a layout of its own.
// It keeps them in a temporary folder, those of one round at a time.
type Set struct {
	folder  string
	seed    uint64
	names   []string
	sources []*Source
}

// NewSet returns a set that draws its layouts by a seed. Close removes its folder.
func NewSet(seed uint64) (*Set, error) {
	folder, err := os.MkdirTemp("", "contend-layouts-")
	if err != nil {
		return nil, fmt.Errorf("linking layouts: %w", err)
	}
	return &Set{folder: folder, seed: seed}, nil
}

// Add adds an executable under a name. Two may have the same source.
func (s *Set) Add(name string, source *Source) {
	s.names, s.sources = append(s.names, name), append(s.sources, source)
}

// Round removes the executables of the round before and links those of a round, by name.
// The same round has the same layouts in every set of the seed.
func (s *Set) Round(ctx context.Context, round int) (map[string]Executable, error) {
	if err := s.clear(); err != nil {
		return nil, err
	}
	linked := map[string]Executable{}
	failed := make([]error, len(s.names))
	var links sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU()) // a link takes a processor and much memory
	rng := rand.New(rand.NewPCG(s.seed, uint64(round)))
	for i, name := range s.names {
		e := Executable{
			Path:   filepath.Join(s.folder, fmt.Sprintf("%d-%d", round, i)),
			Number: 1 + rng.Uint64N(MaxNumber),
		}
		linked[name] = e
		links.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			failed[i] = s.sources[i].Link(ctx, e.Path, e.Number)
		})
	}
	links.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	return linked, nil
}

func (s *Set) clear() error {
	files, err := filepath.Glob(filepath.Join(s.folder, "*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			return fmt.Errorf("removing the executables of a round: %w", err)
		}
	}
	return nil
}

// Close removes the set's folder.
func (s *Set) Close() error { return os.RemoveAll(s.folder) }
