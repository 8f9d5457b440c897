package cas

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas"
	"github.com/contendbench/contend/workloads/load"
)

// An account is a word: a balance above, which only moves from word to word, and below the number of times that it was changed.
const (
	coin    = 1 << 32
	changed = 1
)

// A bank is a row of accounts with a count of what was done to it.
type bank struct {
	accounts         cas.Words
	size             int
	transfers, tries atomic.Uint64
}

// A teller is one worker at a bank.
type teller struct {
	*bank
	swaps    []cas.Swap
	audits   []cas.Swap // of all accounts
	turns    uint64
	tries    uint64
	lastSeen uint64 // changes of all accounts, at the last audit
}

// transfer moves a coin from the first of some accounts to the last, and counts a change of each.
func (s *teller) transfer(first, yield int) {
	for done := false; !done; done = s.accounts.CompareAndSwap(s.swaps) {
		s.tries++
		for i := range s.swaps {
			old := s.accounts.Load(first + i)
			s.swaps[i] = cas.Swap{Place: first + i, Old: old, New: old + changed}
		}
		s.swaps[0].New -= coin
		s.swaps[len(s.swaps)-1].New += coin
		load.Yields(s.tries, yield)
	}
	s.turns++
}

// audit reads all accounts, and then swaps each for itself: if that succeeds, they stood so at one instant.
func (s *teller) audit(w *harness.Worker) {
	for done := false; !done; done = s.accounts.CompareAndSwap(s.audits) {
		for i := range s.audits {
			now := s.accounts.Load(i)
			s.audits[i] = cas.Swap{Place: i, Old: now, New: now}
		}
	}
	balance, changes := uint64(0), uint64(0)
	for _, a := range s.audits {
		balance, changes = balance+a.Old/coin, changes+a.Old%coin
	}
	if balance%coin != 0 || changes%uint64(len(s.swaps)) != 0 {
		w.Fail(fmt.Errorf("an audit saw a part of a transfer: the balance is %d after %d changes", int32(balance), changes))
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
	if balance%coin != 0 || changes != done*uint64(width) {
		return fmt.Errorf("after %d transfers between %d accounts each the balance is %d and %d changes were made", done, width, int32(balance), changes)
	}
	if done > 0 {
		w.Metric("retries/op", float64(b.tries.Load()-done)/float64(done))
	}
	return nil
}

func transfer(t *harness.Trial, create cas.NewWords) error {
	n, size, share, yield := load.Goroutines.Of(t), max(words.Of(t), width.Of(t)), readPct.Of(t)/100, load.Yield.Of(t)
	width, think := width.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		b := &bank{accounts: create(size), size: size}
		w.Go("worker", n, func(w *harness.Worker) {
			s := &teller{bank: b, swaps: make([]cas.Swap, width), audits: make([]cas.Swap, size)}
			draws := draw(w, size-width+1, share)
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				if draws.reads[turn] {
					s.audit(w)
				} else {
					s.transfer(int(draws.cell[turn]), yield)
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
