package txn

import (
	"bytes"

	"github.com/contendbench/contend/harness/history/serializable"
)

// A listFault is an anomaly, with the history that shows it.
type listFault struct {
	error
	history []serializable.Transaction
	timed   bool // the transactions have times
}

// Unwrap returns the anomaly.
func (f *listFault) Unwrap() error { return f.error }

// Evidence returns the history in text, as serializable.Parse reads it, and for Elle. The
// latter needs times, which only histories of strict stores have.
func (f *listFault) Evidence() map[string][]byte {
	var text, edn bytes.Buffer
	for _, t := range f.history {
		text.WriteString(t.String() + "\n")
	}
	files := map[string][]byte{"history.txt": text.Bytes()}
	if f.timed && serializable.WriteEDN(&edn, f.history) == nil { // a Buffer takes all
		files["history.edn"] = edn.Bytes()
	}
	return files
}
