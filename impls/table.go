package impls

import (
	"errors"
	"fmt"
	"maps"
	"time"
)

// New makes a contender: one line of a contract's table.
func New[C any](name string, kind Kind, source string, create C, promises ...Promise) Impl[C] {
	return Impl[C]{Card{Name: name, Kind: kind, Source: source, Promises: promises}, create}
}

// NewControl makes the empty implementation of a contract, which keeps no promise.
func NewControl[C any](source string, create C) Impl[C] {
	return Impl[C]{Card{Name: "none", Kind: Control, Source: source, Role: Noop}, create}
}

// NewKnown marks an implementation as known to be broken. A stress run of length budget
// must show the flaw, or the mark is out of date.
func NewKnown[C any](i Impl[C], budget time.Duration, flaw string) Impl[C] {
	i.Role, i.Flaw = Known, Flaw{Text: flaw, Budget: budget}
	return i
}

// Headline has the quick preset measure an implementation at every point.
func Headline[C any](i Impl[C]) Impl[C] {
	i.Headline = true
	return i
}

// Formerly names what an implementation was called in older results.
func Formerly[C any](name string, i Impl[C]) Impl[C] {
	i.Formerly = name
	return i
}

// UpTo bounds a parameter in the presets, by its key.
func UpTo[C any](param string, most int, i Impl[C]) Impl[C] {
	i.Limits.Param = maps.Clone(i.Limits.Param)
	if i.Limits.Param == nil {
		i.Limits.Param = map[string]int{}
	}
	i.Limits.Param[param] = most
	return i
}

// UpToCrowd bounds the goroutines that a stress run gives an implementation.
func UpToCrowd[C any](most int, i Impl[C]) Impl[C] {
	i.Limits.Crowd = most
	return i
}

// With returns i with another constructor: the same implementation under another
// contract.
func With[C, D any](i Impl[C], create D) Impl[D] { return Impl[D]{i.Card, create} }

// Bug is a seeded bug: its twin minus one idea.
type Bug[C any] struct {
	Name string
	Twin string // a name in the table that the bug is seeded into
	Flaw string // in one sentence
	New  C
}

// Seed makes implementations of bugs. All else that is said of a bug comes from its twin
// in table.
func Seed[C any](table []Impl[C], bugs ...Bug[C]) []Impl[C] {
	var seeded []Impl[C]
	for _, b := range bugs {
		i := Impl[C]{New: b.New}
		for _, twin := range table {
			if twin.Name == b.Twin {
				i.Card = twin.Card
			}
		}
		i.Name, i.Formerly, i.Role, i.Headline, i.Flaw = b.Name, "", Seeded, false, Flaw{Text: b.Flaw, Twin: b.Twin}
		seeded = append(seeded, i)
	}
	return seeded
}

// Check reports what makes a table unfit to be trusted: an implementation without a name,
// a kind or a source, a name that occurs twice, or a bug that names no twin.
func Check[C any](table []Impl[C]) error {
	var errs []error
	cards := map[string]Card{}
	for _, i := range table {
		if i.Name == "" || i.Source == "" || i.Kind == "" {
			errs = append(errs, fmt.Errorf("impls: implementation %q lacks a name, a kind or a source", i.Name))
		}
		if _, twice := cards[i.Name]; twice {
			errs = append(errs, fmt.Errorf("impls: implementation %q occurs twice", i.Name))
		}
		cards[i.Name] = i.Card
	}
	for _, i := range table {
		if twin, ok := cards[i.Flaw.Twin]; i.Role == Seeded && (!ok || twin.Role != Contender || i.Flaw.Text == "") {
			errs = append(errs, fmt.Errorf("impls: bug %q names no flaw, or no twin in the table", i.Name))
		}
		if i.Role == Known && (i.Flaw.Budget <= 0 || i.Flaw.Text == "") {
			errs = append(errs, fmt.Errorf("impls: %q, known to be broken, has no flaw or no budget", i.Name))
		}
		for _, p := range i.Promises {
			if p.Name == "" || p.Meaning == "" {
				errs = append(errs, fmt.Errorf("impls: %q makes promise %q, which has no name or no meaning", i.Name, p.Name))
			}
		}
	}
	return errors.Join(errs...)
}
