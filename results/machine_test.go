package results

import "testing"

func TestAMachineSaysOnlyWhatIsKnown(t *testing.T) {
	for want, m := range map[string]Machine{
		"":                           {},
		"2 cores":                    {Cores: 2},
		"x with 2 cores, go1.26":     {CPU: "x", Cores: 2, Go: "go1.26"},
		"x, linux/arm64, kernel 6.1": {CPU: "x", GOOS: "linux", GOARCH: "arm64", Kernel: "6.1"},
	} {
		if got := m.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
