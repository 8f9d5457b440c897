package cli_test

import (
	"os"
	"sync"

	"github.com/contendbench/contend/harness/cli"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/mutex"
)

// A main function gives your own lock the whole command, together with the locks of this
// project. Trials run it too, so it must do nothing else first.
func ExampleMain() {
	type Lock struct{ sync.Mutex } // yours
	mine := impls.New("mylock", impls.Spin, "this module", func() sync.Locker { return new(Lock) })
	main := func() {
		os.Exit(cli.Main(mutex.Suite(append(locks.All(), impls.Headline(mine))...)))
	}
	_ = main
}
