package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// answers are what the implementations of a suite said to its questions.
type answers struct {
	suite     harness.Suite
	questions []string
	about     []string
	rows      [][]string // the implementation, and an answer to each question
}

func (a *app) askCommand() *cobra.Command {
	var markdown bool
	var limit time.Duration
	c := &cobra.Command{
		Use:   "ask [PATTERN...]",
		Short: "Show what implementations do where their contract leaves it open",
		Long: `Ask tries cases that a contract leaves open, and that libraries decide in different ways: a task
that panics, a call after the end. Each case runs in a process of its own, because some hang there
and some end the process.`,
		Example: `  contend ask task
  contend ask "worker pool" --limit 10s`,
		RunE: func(c *cobra.Command, names []string) error {
			if limit <= 0 {
				return fmt.Errorf("--limit %v: want a time, such as 2s", limit)
			}
			suites, err := rounds.Named(a.suites, names)
			if err != nil {
				return err
			}
			asked := false
			for _, s := range suites {
				questions, _ := s.Questions()
				if len(questions) == 0 {
					continue
				}
				got, err := a.ask(c.Context(), s, limit)
				if err != nil {
					return err
				}
				got.print(a.out, markdown, limit)
				asked = true
			}
			if !asked && !markdown {
				return fmt.Errorf("nothing is asked of %s; contend ask shows all that is", strings.Join(names, " and "))
			}
			return nil
		},
	}
	f := c.Flags()
	f.DurationVar(&limit, "limit", 2*time.Second, "time after which a case counts as one that hangs")
	f.BoolVar(&markdown, "markdown", false, "print tables in Markdown, as in the folders of impls; nothing where nothing is asked")
	return c
}

// ask asks the contenders of a suite, and its known-broken implementations.
func (a *app) ask(ctx context.Context, s harness.Suite, limit time.Duration) (answers, error) {
	got := answers{suite: s}
	got.questions, got.about = s.Questions()
	for _, c := range s.Impls {
		if c.Role != impls.Contender && c.Role != impls.Known {
			continue
		}
		row := []string{c.Name}
		for _, q := range got.questions {
			answer := "cannot run here"
			if c.Unavailable() == nil {
				var err error
				if answer, err = a.askOne(ctx, s, c, q, limit); err != nil {
					return got, err
				}
			}
			row = append(row, answer)
		}
		got.rows = append(got.rows, row)
	}
	return got, nil
}

func (a *app) askOne(
	ctx context.Context, s harness.Suite, c impls.Card, question string, limit time.Duration,
) (string, error) {
	spec := harness.Spec{
		Cell:  results.Cell{Contract: s.Contract, Impl: c.Name, Procs: 2},
		Suite: s.Name, Question: question, Seed: 1,
	}
	out, err := child.Run(ctx, a.executable(c), spec, limit)
	if err != nil {
		return "", err
	}
	switch out.Status {
	case results.Ok:
		return out.Answer, nil
	case results.Hung:
		return "hangs", nil
	case results.Crashed:
		return "ends the process", nil
	}
	return "", fmt.Errorf("asking %s of %s: %s", question, c.Name, out.Text)
}

func (got answers) print(out io.Writer, markdown bool, limit time.Duration) {
	if markdown {
		fmt.Fprintf(out, "\n## What %s implementations do\n\n", got.suite.Title())
		fmt.Fprintf(out, "`contend ask` tried each case in a process of its own. One that was not done after %v hangs.\n\n", limit)
		for i, q := range got.questions {
			fmt.Fprintf(out, "- **%s**: %s\n", q, got.about[i])
		}
		fmt.Fprintf(out, "\n| | %s |\n|---|%s\n", strings.Join(got.questions, " | "), strings.Repeat("---|", len(got.questions)))
		for _, row := range got.rows {
			fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
		}
		return
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\n", strings.ToUpper(got.suite.Title()), strings.ToUpper(strings.Join(got.questions, "\t")))
	for _, row := range got.rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush()
	for i, q := range got.questions {
		fmt.Fprintf(out, "%s: %s\n", q, got.about[i])
	}
}
