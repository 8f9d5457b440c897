package txn

import (
	"encoding/json"
	"errors"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
)

// Every load may start the servers of a store that are functions of this program.
func init() {
	for i := range loads {
		loads[i].Helpers = map[string]harness.HelperFunc[txns.Backend]{impls.ServerEntry: serve}
	}
}

func serve(h *harness.Helper, b txns.Backend, args json.RawMessage) error {
	if b.Serve == nil {
		return errors.New("this store has no server of its own")
	}
	return b.Serve(h.Context, args, func(address string) error { return h.Ready(address) })
}
