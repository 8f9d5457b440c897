package results

import (
	"fmt"
	"strings"
)

// String says what is known of a machine; "" if nothing is.
func (m Machine) String() string {
	var parts []string
	add := func(known bool, format string, values ...any) {
		if known {
			parts = append(parts, fmt.Sprintf(format, values...))
		}
	}
	switch {
	case m.CPU != "" && m.Cores > 0:
		add(true, "%s with %d cores", m.CPU, m.Cores)
	default:
		add(m.CPU != "", "%s", m.CPU)
		add(m.Cores > 0, "%d cores", m.Cores)
	}
	add(m.GOOS != "" && m.GOARCH != "", "%s/%s", m.GOOS, m.GOARCH)
	add(m.Kernel != "", "kernel %s", m.Kernel)
	add(m.Go != "", "%s", m.Go)
	return strings.Join(parts, ", ")
}
