package actor

import (
	"context"
	"os"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
)

// TestMain makes the tests' own executable run what trials start.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(append(All(), Remote(sendsTwice()))))
	}
	os.Exit(m.Run())
}

// twiceNode is a node that sends every eighth message twice.
type twiceNode struct{ actors.Node }

func (n twiceNode) Resolve(ctx context.Context, url string) (actors.Ref, error) {
	r, err := n.Node.Resolve(ctx, url)
	if err != nil {
		return nil, err
	}
	return teller{r, doubling()}, nil
}

func sendsTwice() impls.Impl[actors.Backend] {
	i := actors.Remotes()[0]
	create := i.New.New
	i.Name, i.Source = "sends-twice", "here"
	i.New.New = func(c actors.NodeConfig) (actors.Node, error) {
		n, err := create(c)
		if err != nil {
			return nil, err
		}
		return twiceNode{n}, nil
	}
	return i
}

func TestCutFindsMessagesThatAreSentTwice(t *testing.T) {
	harness.Finds(t, Remote(sendsTwice()), "remote-cut", "handled twice")
}
