// Command contend-engines runs the trials of implementations over foreign servers
// and databases. contend starts it. It also has all commands of contend.
package main

import (
	"os"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/impls/engines"
	"github.com/contendbench/contend/workloads/distlock"
	"github.com/contendbench/contend/workloads/txn"
)

func main() {
	os.Exit(cli.Main(
		distlock.Suite(engines.Distlock()...),
		txn.Optimistic(engines.Optimistic()...), txn.Pessimistic(engines.Pessimistic()...),
	))
}
