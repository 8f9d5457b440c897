package rwlock

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/rwlock/shared"
	"github.com/contendbench/contend/workloads/load"
)

// kept has one goroutine load and update words of every value, and compares what it loads
// with a plain slice. What it has loaded must stay as it was through later updates.
var kept = harness.Workload[shared.New]{
	Load: harness.Load{
		Name: "kept", Turn: "round of 50 updates",
		About:  "one goroutine updates words of every value, and what it loads must be right and stay so",
		Params: []harness.AnyParam{words},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(words, 2, 300))}},
	},
	Run: func(t *harness.Trial, newRecord shared.New) error {
		size := words.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error { return keep(rng, newRecord(size), size) })
	},
}

// oddWords are values that look like others in fewer bits, or like none.
var oddWords = []uint64{0, 1, 1 << 32, 1<<32 + 1, 1 << 16, 1 << 63, math.MaxUint32, math.MaxUint64, math.MaxInt64}

// keep plays one round.
func keep(rng *rand.Rand, record shared.Shared, size int) error {
	const updates = 50
	want := make([]uint64, size)
	var loaded, copies [][]uint64
	for range updates {
		at, value := rng.IntN(size), oddWords[rng.IntN(len(oddWords))]
		var found []uint64
		record.Update(func(words []uint64) {
			found = slices.Clone(words)
			words[at] = value
		})
		if !slices.Equal(found, want) {
			return errors.New("an update did not find the words that the one before it left")
		}
		want[at] = value
		words := record.Load(make([]uint64, size+rng.IntN(3))) // it has room for all of them
		if !slices.Equal(words, want) {
			return fmt.Errorf("a load did not return the words as updates left them, the last of which set word %d to %#x",
				at, value)
		}
		loaded, copies = append(loaded, words), append(copies, slices.Clone(words))
	}
	for i := range loaded {
		if !slices.Equal(loaded[i], copies[i]) {
			return fmt.Errorf("what was loaded after update %d of %d has changed since", i+1, updates)
		}
	}
	return nil
}

// recordLives takes a fresh record through a short life. The last waiter of a life has
// only one goroutine to wake it.
var recordLives = harness.Workload[shared.New]{
	Load: harness.Load{
		Name: "record-lives", Turn: "life of a record",
		About:  "a fresh record is updated a few times by a few goroutines, which then end",
		Params: []harness.AnyParam{load.Goroutines, sections, words},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(load.Goroutines, 2, 20), harness.Within(sections, 1, 20), words.In(2, 64),
		)}},
	},
	Run: func(t *harness.Trial, newRecord shared.New) error {
		n, each, size := load.Goroutines.Of(t), sections.Of(t), words.Of(t)
		return load.Rounds(t, func(*rand.Rand) error { return liveRecord(newRecord(size), n, each, size) })
	},
}

// liveRecord lets n goroutines update and load a record a few times each.
func liveRecord(record shared.Shared, n, each, size int) error {
	var group sync.WaitGroup
	torn := make([]bool, n)
	for g := range n {
		group.Go(func() {
			into := make([]uint64, size)
			for range each {
				record.Update(func(words []uint64) { step(words, func() {}) })
				words := record.Load(into)
				torn[g] = torn[g] || slices.Min(words) != slices.Max(words)
			}
		})
	}
	group.Wait()
	words := record.Load(make([]uint64, size))
	switch {
	case slices.Contains(torn, true):
		return errTorn
	case words[0] != uint64(n*each) || words[size-1] != uint64(n*each):
		return fmt.Errorf("lost updates: %d were made and the words are at %d and %d", n*each, words[0], words[size-1])
	}
	return nil
}
