// Command mylock runs, stresses, plots and compares the lock together with those of
// contend.
package main

import (
	"os"
	"sync"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/mutex"

	"example.com/mylock"
)

func main() {
	mine := impls.New("mylock", impls.Spin, "this module", func() sync.Locker { return new(mylock.Lock) })
	os.Exit(cli.Main(mutex.Suite(append(locks.All(), impls.Headline(mine))...)))
}
