package results

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var (
	// userinfo is what precedes the host in an address: user:password or, for NATS, a token.
	userinfo = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*)://([^/?#\s]*)@`)
	// setting is a password among the settings of a connection.
	setting = regexp.MustCompile(`(?i)((?:password|passwd|pwd|passphrase|secret|token)\s*=\s*)('[^']*'|[^\s&,;']+)`)
)

// Secrets returns the passwords in the address of a server, each also as other notations
// write it.
func Secrets(address string) []string {
	var found []string
	for _, m := range userinfo.FindAllStringSubmatch(address, -1) {
		if password := passwordOf(m[1], m[2]); password != "" {
			found = append(found, password)
		}
	}
	for _, m := range setting.FindAllStringSubmatch(address, -1) {
		found = append(found, strings.Trim(m[2], "'"))
	}
	var all []string
	for _, s := range found {
		all = append(all, s)
		for _, decode := range []func(string) (string, error){url.PathUnescape, url.QueryUnescape} {
			if plain, err := decode(s); err == nil {
				all = append(all, plain, url.PathEscape(plain), url.QueryEscape(plain), inJSON(plain))
			}
		}
		all = append(all, inJSON(s))
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) }) // one may be part of another
	return slices.DeleteFunc(slices.Compact(all), func(s string) bool { return s == "" })
}

// passwordOf returns the secret part of an address's userinfo, as it is written.
func passwordOf(scheme, info string) string {
	if _, password, ok := strings.Cut(info, ":"); ok {
		return password
	}
	if scheme == "nats" || scheme == "tls" {
		return info
	}
	return ""
}

func inJSON(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil { // JSON can encode every text
		panic(err)
	}
	return string(encoded[1 : len(encoded)-1])
}

// mask stands for a password.
const mask = "***"

// Masked returns a text without the passwords in the addresses within it.
func Masked(text string) string {
	text = userinfo.ReplaceAllStringFunc(text, func(found string) string {
		m := userinfo.FindStringSubmatch(found)
		password := passwordOf(m[1], m[2])
		if password == "" {
			return found
		}
		return m[1] + "://" + strings.TrimSuffix(m[2], password) + mask + "@"
	})
	return setting.ReplaceAllString(text, "${1}"+mask)
}

// Without returns a text with each of the secrets masked.
func Without(text string, secrets []string) string {
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, mask)
	}
	return text
}
