package cas

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/multiword"
	"github.com/contendbench/contend/workloads/load"
)

// transfer moves coins between words that change at once, and audits all words. An audit
// is a snapshot, so it must never see half of a transfer.
var transfer = harness.Workload[multiword.New]{
	Load: harness.Load{
		Name: "transfer", Turn: "transfer or audit",
		About:     "n workers move a coin between words that change at once, or audit all words",
		Params:    []harness.AnyParam{load.Goroutines, words, width, readPct, load.Think, load.Yield},
		Metrics:   []harness.Metric{retries},
		Probes:    []impls.Promise{impls.Linearizable},
		CurveAxis: load.Goroutines,
		Allocates: true,
		Points: harness.Points{
			Quick: load.Once,
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8, 64)),
				harness.Over(words.In(64, 1024), width.In(2, 8)),
				harness.Over(load.Yield.In(1)),
			},
			Full: []harness.Grid{harness.Over(
				load.Goroutines.In(2, 8, 64), words.In(8, 64, 1024), width.In(2, 8), readPct.In(0, 10),
				load.Yield.In(0, 1),
			)},
			Stress: []harness.Grid{harness.Over(
				load.Goroutines.In(2, 3, 8), words.In(2, 8), width.In(2, 3), readPct.In(0, 30),
				load.Yield.In(0, 1, 10),
			), harness.Over(
				harness.Within(load.Goroutines, 2, 20), harness.Within(words, 2, 1000), harness.Within(width, 2, 32),
				load.Yield.In(0, 1, 10),
			)},
		},
	},
	Run: runTransfer,
}

var (
	words = harness.Param[int]{
		Key: "words", About: "words; each turn changes some of them, 2 to 10000", Default: 8,
		Valid: harness.Between(2, 10_000),
	}
	width = harness.Param[int]{
		Key: "width", About: "words that change at once, 2 to 64", Default: 2, Valid: harness.Between(2, 64),
	}
)

func runTransfer(t *harness.Trial, newWords multiword.New) error {
	n, yield, share := load.Goroutines.Of(t), load.Yield.Of(t), readPct.Of(t)/100
	width, think := width.Of(t), t.Spins(load.Think.Of(t))
	size := max(words.Of(t), width)
	return t.Window(func(w *harness.Window) error {
		b := &bank{accounts: newWords(size), size: size}
		w.Go("worker", n, func(w *harness.Worker) {
			s := &teller{bank: b, swaps: make([]multiword.Swap, width), audits: make([]multiword.Swap, size)}
			draws := draw(w, size-width+1, share)
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				if draws.reads[turn] {
					s.audit(w)
				} else {
					s.transfer(int(draws.place[turn]), yield)
				}
				w.Think(think)
			}
			b.transfers.Add(s.turns)
			b.tries.Add(s.tries)
		})
		w.Check(func() error { return b.check(w, width) })
		return nil
	})
}

// An account is a word of two halves. The upper one is a balance, which only moves
// between words. The lower one counts the changes of the word.
const (
	coin    = 1 << 32
	changed = 1
)

// A bank is some accounts, with a count of what was done to them.
type bank struct {
	accounts         multiword.MultiWord
	size             int
	transfers, tries atomic.Uint64
}

// A teller is what one worker uses.
type teller struct {
	*bank
	swaps    []multiword.Swap
	audits   []multiword.Swap // of all accounts
	turns    uint64
	tries    uint64
	lastSeen uint64 // changes of all accounts, at the last audit
}

// transfer moves a coin from the first of some accounts to the last, and counts a change
// of each.
func (s *teller) transfer(first, yield int) {
	for done := false; !done; done = s.accounts.CompareAndSwap(s.swaps) {
		s.tries++
		for i := range s.swaps {
			old := s.accounts.Load(first + i)
			s.swaps[i] = multiword.Swap{Place: first + i, Old: old, New: old + changed}
		}
		s.swaps[0].New -= coin
		s.swaps[len(s.swaps)-1].New += coin
		load.Yields(s.tries, yield)
	}
	s.turns++
}

// audit reads all accounts and then swaps each for its own value. If that succeeds, the
// accounts had these values at one instant.
func (s *teller) audit(w *harness.Worker) {
	for done := false; !done; done = s.accounts.CompareAndSwap(s.audits) {
		for i := range s.audits {
			now := s.accounts.Load(i)
			s.audits[i] = multiword.Swap{Place: i, Old: now, New: now}
		}
	}
	balance, changes := uint64(0), uint64(0)
	for _, a := range s.audits {
		balance, changes = balance+a.Old/coin, changes+a.Old%coin
	}
	if balance%coin != 0 || changes%uint64(len(s.swaps)) != 0 {
		w.Fail(fmt.Errorf("an audit saw a part of a transfer: the balance is %d after %d changes",
			int32(balance), changes))
	}
	if changes < s.lastSeen {
		w.Fail(fmt.Errorf("an audit saw %d changes after %d", changes, s.lastSeen))
	}
	s.lastSeen = changes
}

// check compares the accounts with what was done.
func (b *bank) check(w *harness.Window, width int) error {
	balance, changes := uint64(0), uint64(0)
	for i := range b.size {
		a := b.accounts.Load(i)
		balance, changes = balance+a/coin, changes+a%coin
	}
	done := b.transfers.Load()
	if want := done * uint64(width); balance%coin != 0 || changes != want {
		return fmt.Errorf("after %d transfers, the balance is %d and the accounts count %d changes, not %d",
			done, int32(balance), changes, want)
	}
	if done > 0 {
		w.Set(retries, float64(b.tries.Load()-done)/float64(done))
	}
	return nil
}
