package child

import (
	"maps"

	"github.com/contendbench/contend/results"
)

// without returns the outcome without the passwords of the user's own servers. Errors and
// logs of clients may quote them.
func (o Outcome) without(endpoints map[string]string) Outcome {
	var secrets []string
	for _, address := range endpoints {
		secrets = append(secrets, results.Secrets(address)...)
	}
	if len(secrets) == 0 {
		return o
	}
	o.Reason, o.Text = results.Without(o.Reason, secrets), results.Without(o.Text, secrets)
	o.Skipped, o.Evidence = maps.Clone(o.Skipped), maps.Clone(o.Evidence)
	for load, reason := range o.Skipped {
		o.Skipped[load] = results.Without(reason, secrets)
	}
	for name, content := range o.Evidence {
		o.Evidence[name] = []byte(results.Without(string(content), secrets))
	}
	return o
}
