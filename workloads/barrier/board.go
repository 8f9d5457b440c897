package barrier

import (
	"fmt"

	"github.com/contendbench/contend/impls/cpu"
)

// A board is where each party notes its phase, in plain memory that only the barrier
// orders. It has two rows, which phases use alternately: a note is read after the barrier
// of its phase, and overwritten after the next one.
type board struct {
	notes [2][]note
	led   uint64 // the last phase that had a leader; only the leader of a phase writes it
}

type note struct {
	phase uint64
	_     [cpu.Line - 8]byte
}

func newBoard(parties int) *board {
	return &board{notes: [2][]note{make([]note, parties), make([]note, parties)}}
}

func (b *board) enter(id int, phase uint64) { b.notes[phase%2][id].phase = phase }

// A judge takes the failures of a window or of a round.
type judge interface{ Fail(error) }

// look compares the phase that a party has left with the note of another one, a different
// one in each phase.
func (b *board) look(j judge, id int, phase uint64) {
	row := b.notes[phase%2]
	other := (uint64(id) + phase) % uint64(len(row))
	if at := row[other].phase; at != phase {
		j.Fail(fmt.Errorf("party %d left phase %d when party %d was in phase %d", id, phase, other, at))
	}
}

// lead notes that a phase has its leader, which must be the only one.
func (b *board) lead(j judge, id int, phase uint64) {
	if b.led != phase-1 {
		j.Fail(fmt.Errorf("party %d leads phase %d, and the last phase that had a leader is %d", id, phase, b.led))
	}
	b.led = phase
}
