package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// useless returns an error for the first of the flags that the user gave.
func useless(c *cobra.Command, when string, flags ...string) error {
	for _, flag := range flags {
		if c.Flags().Changed(flag) {
			return fmt.Errorf("--%s has no effect %s: leave it out", flag, when)
		}
	}
	return nil
}

// oneOf returns an error if the user gave more than one of the flags.
func oneOf(c *cobra.Command, flags ...string) error {
	first := ""
	for _, flag := range flags {
		switch {
		case !c.Flags().Changed(flag):
		case first != "":
			return fmt.Errorf("--%s with --%s: want one of the two", first, flag)
		default:
			first = flag
		}
	}
	return nil
}

// unnamed returns an error for a flag that names a file or a folder, and has no name.
func unnamed(c *cobra.Command) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "out", "run", "resume", "replay":
			if f.Value.String() == "" {
				err = fmt.Errorf("--%s \"\": want a name", f.Name)
			}
		}
	})
	return err
}
