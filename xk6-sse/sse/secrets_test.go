package sse

import (
	"strings"
	"testing"

	"go.k6.io/k6/v2/lib"
	"gopkg.in/guregu/null.v3"
)

const planted = `sk-"planted"/key`

func TestSecretsInTexts(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"as it is", "bad key " + planted + ".", "bad key (hidden)."},
		{"in its form in JSON", `{"error":"sk-\"planted\"/key"}`, `{"error":"(hidden)"}`},
		{"cut off in its middle", "bad key sk-\"pla", "bad key (hidden)"},
		{"a longer one that has a shorter one in it", "Bearer " + planted, "(hidden)"},
		{"only its first letters", "sk-", "sk-"},
		{"nothing of it", "bad key", "bad key"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := newSecrets([]string{"", planted, "Bearer " + planted}).text(row.text)
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestSecretsOfNobodyChangeNothing(t *testing.T) {
	if none := newSecrets([]string{""}); none != nil || none.text("sk-planted") != "sk-planted" {
		t.Errorf("got %v", none)
	}
}

// An answer that repeats the key leaves it neither in the facts, nor in the journal's line, nor in k6's log.
func TestAnswersThatRepeatAKey(t *testing.T) {
	for name, answer := range map[string]string{
		"a refusal":        "HTTP/1.1 401 No\r\nX-Echo: KEY\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nwrong: KEY",
		"a stream's error": streamHead + `data: {"error":{"message":"wrong: KEY"}}` + "\n\n" + lastChunk,
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, func(p *peer) {
				for p.request() != nil {
					p.send(strings.ReplaceAll(answer, "KEY", "planted1"))
				}
			})
			root := newRoot(t)
			init := newInit(t, root)
			init.set("secrets", []string{"planted1"})
			init.run(`sse.hide(secrets)`)
			u := newUser(t, root, lib.Options{HTTPDebug: null.StringFrom("full")})
			got := u.record(url, `{body: "x", headers: {"X-Team": "planted1"}}`)
			for key, value := range got {
				if text, ok := value.(string); ok && strings.Contains(text, "planted1") {
					t.Errorf("%s has the secret: %q", key, text)
				}
			}
			if strings.Contains(u.log.String(), "planted1") {
				t.Errorf("the log has the secret:\n%s", u.log.String())
			}
		})
	}
}
