package results

import (
	"slices"
	"strings"
	"testing"
)

func TestSecretsAreMasked(t *testing.T) {
	for address, secret := range map[string]string{
		"redis://:hunter2@host:6379":                       "hunter2",
		"postgres://user:hunter2@h/d?sslmode=disable":      "hunter2",
		"postgres://user@h/d?password=hunter2&x=1":         "hunter2",
		"host=h user=u password='hun ter' dbname=d":        "hun ter",
		"nats://hunter2@h:4222":                            "hunter2",
		"postgres://u:a%26b%22c@h/d":                       `a&b"c`,
		"redis=redis://:one@a,redis://:hunter2@b":          "hunter2",
		"127.0.0.1:2379":                                   "",
		"postgres://u@h/d?sslmode=disable":                 "",
		"etcd=a:1,b:2":                                     "",
		"--filter=/work:counter /impl:(mcs OR sync) user@": "",
	} {
		secrets := Secrets(address)
		if (secret != "") != slices.Contains(secrets, secret) || secret == "" && len(secrets) > 0 {
			t.Errorf("%s: got secrets %q, want %q", address, secrets, secret)
		}
		masked := Masked(address)
		if secret == "" && masked != address {
			t.Errorf("%s: got %s, want it as it is", address, masked)
		}
		for _, s := range secrets {
			if strings.Contains(masked, s) {
				t.Errorf("%s: got %s, want no %s in it", address, masked, s)
			}
		}
	}
	quoted := `dial {"addresses":["postgres://u:a%26b%22c@h"]}: a\u0026b\"c, a&b"c`
	got := Without(quoted, Secrets("postgres://u:a%26b%22c@h/d"))
	if strings.Contains(got, "26b") || strings.Count(got, mask) != 3 {
		t.Errorf("got %s, want 3 masks", got)
	}
}
