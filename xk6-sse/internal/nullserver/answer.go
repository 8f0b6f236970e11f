package nullserver

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// answer is a workload's bytes, made once: what every one of its streams sends.
type answer struct {
	chunked bool
	role    []byte // the event before the first token
	group   []byte // a full group of token events, as one write
	events  int    // in that group
	rest    []byte // the last group, which may have fewer events; empty where it is full
	groups  int    // full ones and the rest
	tokens  int
}

const (
	model  = "null"
	header = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nServer: null-server\r\n" +
		"Transfer-Encoding: chunked\r\n\r\n"
)

// created is when the process started: all answers share it, as they share their bytes.
var created = time.Now().Unix()

// chunk is one event, in the shape and about the length of llama-server's.
func chunk(choices, more string) string {
	return fmt.Sprintf(
		`data: {"choices":[%s],"created":%d,"id":"chatcmpl-5JSqhHHfoRPkLLkxL3hsVDrPw8ZUCQGa","model":"%s",`+
			`"system_fingerprint":"b0-null","object":"chat.completion.chunk"%s}`+"\n\n", choices, created, model, more)
}

func delta(fields string) string {
	return chunk(`{"finish_reason":null,"index":0,"delta":{`+fields+`}}`, "")
}

// answers holds the prepared ones by workload and framing.
type answers struct{ prepared sync.Map }

type answerKey struct {
	tokens, perEvent, perWrite int
	chunked                    bool
}

func (a *answers) of(w Workload, chunked bool) *answer {
	key := answerKey{w.Tokens, w.TokensPerEvent, w.EventsPerWrite, chunked}
	if found, ok := a.prepared.Load(key); ok {
		return found.(*answer)
	}
	made := newAnswer(w, chunked)
	a.prepared.Store(key, made)
	return made
}

func newAnswer(w Workload, chunked bool) *answer {
	events := w.events()
	a := &answer{chunked: chunked, tokens: w.Tokens, events: w.EventsPerWrite}
	token := delta(`"content":"` + strings.Repeat(" word", w.TokensPerEvent) + `"`)
	last := delta(`"content":"` + strings.Repeat(" word", w.Tokens-(events-1)*w.TokensPerEvent) + `"`)
	a.role = a.frame(delta(`"role":"assistant","content":null`))
	a.groups = (events + w.EventsPerWrite - 1) / w.EventsPerWrite
	a.group = a.frame(strings.Repeat(token, w.EventsPerWrite))
	a.rest = a.frame(strings.Repeat(token, events-(a.groups-1)*w.EventsPerWrite-1) + last)
	return a
}

// frame makes one HTTP chunk of the text, where the body has chunks.
func (a *answer) frame(text string) []byte {
	if !a.chunked {
		return []byte(text)
	}
	return fmt.Appendf(nil, "%x\r\n%s\r\n", len(text), text)
}

// write is the bytes of one group, and how many token events it has.
func (a *answer) write(group int, events int) ([]byte, int) {
	if group == a.groups-1 {
		return a.rest, events - group*a.events
	}
	return a.group, a.events
}

// end is what follows the last token: finish reason, usage, end marker. The server's own prompt count carries the
// request's number, which a client passes on untouched, so that its record finds the server's.
func (a *answer) end(number uint64, tokens int) []byte {
	text := chunk(`{"finish_reason":"stop","index":0,"delta":{}}`, "") +
		chunk("", fmt.Sprintf(
			`,"usage":{"completion_tokens":%d,"prompt_tokens":16,"total_tokens":%d,"prompt_tokens_details":{"cached_tokens":0}}`+
				`,"timings":{"cache_n":0,"prompt_n":%d,"predicted_n":%d}`, tokens, tokens+16, number, tokens)) +
		"data: [DONE]\n\n"
	framed := a.frame(text)
	if a.chunked {
		framed = append(framed, "0\r\n\r\n"...)
	}
	return framed
}
