package harness

import (
	"fmt"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// A Question asks what implementations do in a case that their contract leaves open, or
// that they are known to get wrong. There is no right answer. Ask may hang, panic or end
// the process, which is an answer, too: each runs in a process of its own.
type Question[C any] struct {
	Name  string // a few words, which head a column: "nested submit"
	About string
	// Ask returns the answer in a few words. An error says that the case did not come about.
	Ask func(create C) (answer string, err error)
}

// asked is a question that is bound to the constructors of a table.
type asked struct {
	Name, About string
	ask         map[string]func() (string, error) // by implementation
}

// Asked returns the part of a suite that asks a table of implementations questions.
func Asked[C any](table []impls.Impl[C], questions ...Question[C]) Part {
	p := Under(table)
	for _, q := range questions {
		a := asked{Name: q.Name, About: q.About, ask: map[string]func() (string, error){}}
		for _, i := range table {
			a.ask[i.Name] = func() (string, error) { return q.Ask(i.New) }
		}
		p.asked = append(p.asked, a)
	}
	return p
}

// Questions returns the names of the questions that the suite asks, and what they are
// about.
func (s Suite) Questions() (names, about []string) {
	for _, a := range s.asked {
		names = append(names, a.Name)
		about = append(about, a.About)
	}
	return names, about
}

// Answer asks the implementation of spec its question.
func Answer(suites []Suite, spec Spec) (trial results.Trial, answer string, err error) {
	trial = results.Trial{Cell: spec.Cell, Seed: spec.Seed}
	for _, s := range suites {
		if s.Contract != spec.Cell.Contract || s.Name != spec.Suite {
			continue
		}
		for _, a := range s.asked {
			if ask, ok := a.ask[spec.Cell.Impl]; ok && a.Name == spec.Question {
				if answer, err = ask(); err != nil {
					trial, err = failed(trial, err)
					return trial, "", err
				}
				trial.Status = results.Ok
				return trial, answer, nil
			}
		}
	}
	trial, err = failed(trial, fmt.Errorf("%s is not asked %q", spec.Cell.Name(), spec.Question))
	return trial, "", err
}
