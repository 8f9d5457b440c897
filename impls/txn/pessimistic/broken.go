package pessimistic

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/txn"
)

// Broken returns the seeded bugs.
func Broken() []impls.Impl[txn.Backend] {
	return impls.Seed(All())
}
