package barrier

import (
	"testing"
	"unsafe"

	"github.com/contendbench/contend/impls/cpu"
)

// Words that different parties look at lie in different lines.
func TestPartiesShareNoLine(t *testing.T) {
	const parties = 16
	flags := map[string]func(party int) unsafe.Pointer{}
	tournament := NewTournament(parties)
	flags["tournament"] = func(p int) unsafe.Pointer { return unsafe.Pointer(&tournament.players[p].reached[0]) }
	dissemination := NewDissemination(parties)
	flags["dissemination"] = func(p int) unsafe.Pointer { return unsafe.Pointer(&dissemination.parties[p].heard[0][0]) }
	tree := NewMCSTree(parties)
	flags["mcs-tree"] = func(p int) unsafe.Pointer { return unsafe.Pointer(&tree.nodes[p].awake) }
	for name, flag := range flags {
		for party := range parties - 1 {
			a, b := uintptr(flag(party)), uintptr(flag(party+1))
			if apart := max(a, b) - min(a, b); apart < cpu.Line {
				t.Errorf("%s: got %d bytes between the flags of parties %d and %d, want at least %d",
					name, apart, party, party+1, cpu.Line)
			}
		}
	}
}
