package txn

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
)

// served are loads that may start the servers of a store that are functions of this
// program.
func served(loads []harness.Workload[txns.Backend]) []harness.Workload[txns.Backend] {
	all := slices.Clone(loads)
	for i := range all {
		helpers := maps.Clone(all[i].Helpers)
		if helpers == nil {
			helpers = map[string]harness.HelperFunc[txns.Backend]{}
		}
		helpers[impls.ServerEntry] = serve
		all[i].Helpers = helpers
	}
	return all
}

func serve(h *harness.Helper, b txns.Backend, args json.RawMessage) error {
	if b.Serve == nil {
		return errors.New("this store has no server of its own")
	}
	return b.Serve(h.Context, args, func(address string) error { return h.Ready(address) })
}
