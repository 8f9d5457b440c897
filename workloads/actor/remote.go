package actor

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// remotePingPong asks an actor in another process, which returns what it got.
var remotePingPong = harness.Workload[actors.Backend]{
	Load: harness.Load{
		Name: "remote-pingpong", Turn: "Ask of an actor in another process",
		About:     "n clients send messages to an actor in another process, and get them back",
		Params:    []harness.AnyParam{load.Goroutines},
		CurveAxis: load.Goroutines, Allocates: true,
		Needs: []impls.Promise{actors.Remote, actors.Asks}, Probes: []impls.Promise{actors.Remote, actors.Asks},
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 8, 64))},
			Stress:   []harness.Grid{harness.Over(few)},
		},
	},
	Helpers: remoteHelpers,
	Run: func(t *harness.Trial, b actors.Backend) error {
		s, err := newSite(t, b)
		if err != nil {
			return err
		}
		echo, err := s.resolve(t.Context, s.cluster.Endpoint(), actors.EchoName)
		if err != nil {
			return s.close(err)
		}
		return s.close(t.Window(func(w *harness.Window) error {
			w.Go("client", load.Goroutines.Of(t), func(w *harness.Worker) {
				for seq := 0; w.Next(); seq++ {
					ball := actors.Numbered{Sender: w.ID, Seq: seq}
					got, err := echo.Ask(t.Context, ball)
					if err != nil {
						w.Fail(fmt.Errorf("asking an actor in another process: %w", err))
						return
					}
					if got != ball {
						w.Fail(fmt.Errorf("got %v back from another process, want %v", got, ball))
						return
					}
				}
			})
			return nil
		}))
	},
}
