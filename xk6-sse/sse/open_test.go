package sse

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"gopkg.in/guregu/null.v3"
)

// listen is a set-up function that notes everything, in the style of scripts for the community extension.
const listen = `
globalThis.seen = [];
globalThis.listen = (client) => {
  client.on("open", () => seen.push("open"));
  client.on("event", (event) => seen.push([event.id, event.name, event.data, event.comment]));
  client.on("error", (e) => seen.push("error: " + e.error()));
};
`

func sends(head, body string) func(p *peer) {
	return func(p *peer) {
		p.request()
		p.send(head + "\r\n" + body)
	}
}

const streamed = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Two: a\r\nX-Two: b\r\n"

func TestOpen(t *testing.T) {
	event := func(id, name, data string) []any { return []any{id, name, data, ""} }
	tests := []struct {
		name   string
		handle func(p *peer)
		url    string
		params string
		seen   []any
		result map[string]any // of the response
		err    string         // a part of its error
	}{
		{
			name: "events, with comments, line ends of all kinds, ids and names", handle: sends(streamed,
				": ping\n\ndata: one\n\nid: 7\r\nevent: named\r\ndata: two\r\ndata: lines\r\n\r\n:\n\ndata: three\r\rdata: cut off"),
			seen:   []any{"open", event("", "", "one"), event("7", "named", "two\nlines"), event("7", "", "three")},
			result: map[string]any{"status": 200., "error": "", "body": "", "headers": map[string]any{"Content-Type": "text/event-stream", "X-Two": "a, b"}},
		},
		{
			name: "an error page keeps its body and opens nothing", handle: sends("HTTP/1.1 404 Not Found\r\n", "no such model"),
			result: map[string]any{"status": 404., "body": "no such model", "error": ""},
		},
		{
			name: "JSON with status 200 keeps its body", handle: sends("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n", `{"a":1}`),
			result: map[string]any{"status": 200., "body": `{"a":1}`},
		},
		{
			name: "a stream under another name is read", handle: sends("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", "data: x\n\n"),
			seen: []any{"open", event("", "", "x")},
		},
		{
			name: "a cut reaches the error handler", handle: streams(func(p *peer) { p.chunk("data: x\n\n"); p.Close() }),
			seen: []any{"open", event("", "", "x"), "error: the connection ended before the answer did"}, err: "ended before",
			result: map[string]any{"status": 200.},
		},
		{
			name: "so does a timeout", handle: streams(func(p *peer) { p.chunk("data: x\n\n"); p.hold() }), params: `{timeout: "200ms"}`,
			seen: []any{"open", event("", "", "x"), "error: the request was still open after 200ms"}, err: "200ms",
		},
		{
			name: "and a timeout in milliseconds", handle: func(p *peer) { p.request(); p.hold() }, params: `{timeout: 150}`,
			seen: []any{"error: the request was still open after 150ms"}, err: "150ms", result: map[string]any{"status": 0.},
		},
		{name: "a connection that cannot be made reaches the error handler", url: "refused", err: "connection refused", result: map[string]any{"status": 0.}},
		{name: "a name that does not exist", url: "http://missing.test/", err: "no such host"},
		{name: "a URL that is none", url: "http://a b/", err: "invalid character"},
		{name: "an answer that is no HTTP", handle: func(p *peer) { p.request(); p.send("nonsense\r\n\r\n") }, err: "malformed HTTP"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u := newUser(t, newRoot(t), lib.Options{})
			defer u.within(20 * time.Second)()
			url := test.url
			if url == "refused" {
				url = closedPort(t)
			} else if url == "" {
				url = serve(t, test.handle)
			}
			params := test.params
			if params == "" {
				params = "{}"
			}
			response := u.run(listen + fmt.Sprintf("sse.open(%q, %s, listen)", url, params)).(map[string]any)
			if test.result == nil {
				test.result = map[string]any{}
			}
			test.result["url"] = url
			for key, want := range test.result {
				got := response[key]
				if headers, ok := got.(map[string]any); ok {
					delete(headers, "Date")
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got %v, want %v", key, got, want)
				}
			}
			seen := u.run("seen").([]any)
			if test.seen == nil && test.err != "" {
				if len(seen) != 1 || !strings.Contains(fmt.Sprint(seen[0]), test.err) {
					t.Errorf("the handlers saw %v", seen)
				}
			} else if len(seen)+len(test.seen) > 0 && !reflect.DeepEqual(seen, test.seen) {
				t.Errorf("the handlers saw %v, want %v", seen, test.seen)
			}
			if got := response["error"].(string); !strings.Contains(got, test.err) || (got != "") != (test.err != "") {
				t.Errorf("error %q, want %q", got, test.err)
			}
		})
	}
}

func TestOpenHandlers(t *testing.T) {
	many := streams(func(p *peer) {
		for range 1000 {
			p.chunk("data: x\n\n")
			time.Sleep(2 * time.Millisecond)
		}
	})
	t.Run("close() in a handler ends the stream behind this event, without an error", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{})
		got := u.run(listen + fmt.Sprintf(`
			const response = sse.open(%q, {}, (client) => {
				listen(client);
				client.on("event", () => { if (seen.length === 4) client.close(); });
			});
			[response.status, response.error, seen.length]`, serve(t, many)))
		if !reflect.DeepEqual(got, []any{200., "", 4.}) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("close() with several events in one read", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{})
		got := u.run(fmt.Sprintf(`
			let events = 0;
			sse.open(%q, (client) => client.on("event", () => { events++; client.close(); client.close(); }));
			events`, serve(t, sends(streamed, strings.Repeat("data: x\n\n", 50)))))
		if got != 1. {
			t.Errorf("%v events", got)
		}
	})
	t.Run("an exception in a handler ends the request and reaches the script", func(t *testing.T) {
		for _, event := range []string{"open", "event", "error"} {
			handle := many
			if event == "error" {
				handle = func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") }
			}
			u := newUser(t, newRoot(t), lib.Options{})
			got := u.run(fmt.Sprintf(`
				let caught;
				try {
					sse.open(%q, {}, (client) => client.on(%q, () => { throw new TypeError("mine"); }));
				} catch (e) { caught = e; }
				[caught instanceof TypeError, caught.message]`, serve(t, handle), event))
			if !reflect.DeepEqual(got, []any{true, "mine"}) {
				t.Errorf("%s: got %v", event, got)
			}
		}
	})
	t.Run("an exception in the set-up function reaches the script; nothing is sent", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{})
		url := serve(t, func(p *peer) { t.Error("a connection") })
		got := u.run(fmt.Sprintf(`let caught; try { sse.open(%q, {}, () => { throw new Error("mine"); }); } catch (e) { caught = e.message; } caught`, url))
		if got != "mine" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("handlers may send requests themselves", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{})
		healthy := serve(t, streams(wholeAnswer))
		got := u.run(fmt.Sprintf(`
			const all = [];
			sse.open(%q, {}, (client) => client.on("event", (outer) => {
				all.push(outer.data, sse.record(%q, {}, chat).tokenEvents);
				sse.open(%q, {}, (inner) => inner.on("event", (event) => all.push(event.data)));
			}));
			all`, serve(t, sends(streamed, "data: a\n\ndata: b\n\n")), healthy, serve(t, sends(streamed, "data: in\n\n"))))
		if !reflect.DeepEqual(got, []any{"a", 2., "in", "b", 2., "in"}) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("several handlers of an event, in order; none at all", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{})
		url := serve(t, sends(streamed, "data: a\n\n"))
		got := u.run(fmt.Sprintf(`
			const all = [];
			sse.open(%q, {}, (client) => { client.on("event", () => all.push(1)); client.on("event", () => all.push(2)); });
			sse.open(%q, {}, () => {});
			all`, url, url))
		if !reflect.DeepEqual(got, []any{1., 2.}) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a large event", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{})
		got := u.run(fmt.Sprintf(`let size = 0; sse.open(%q, {}, (client) => client.on("event", (e) => { size += e.data.length; })); size`,
			serve(t, sends(streamed, "data: "+strings.Repeat("x", 5_000_000)+"\n\n"))))
		if got != 5_000_000. {
			t.Errorf("got %v", got)
		}
	})
}

func TestOpenArguments(t *testing.T) {
	url := serve(t, sends(streamed, "data: x\n\n"))
	u := newUser(t, newRoot(t), lib.Options{NoConnectionReuse: null.BoolFrom(true)})
	for _, arguments := range []string{"() => {}", "{}, () => {}", "null, () => {}", "undefined, () => {}"} {
		if got := u.run(fmt.Sprintf("sse.open(%q, %s).status", url, arguments)); got != 200. {
			t.Errorf("%s: %v", arguments, got)
		}
	}
	u.run(fmt.Sprintf(`sse.open(%q, {method: "PUT", headers: {"x-one": 1, Accept: "mine", none: null}, body: "hello", tags: {my: "tag"}}, () => {})`, url))
	for _, bad := range []string{"", "{}", "{}, 1", "{body: 1}, () => {}", "{tags: {a: {}}}, () => {}", `{timeout: "soon"}, () => {}`} {
		if _, err := u.VU.Runtime().RunString(fmt.Sprintf("sse.open(%q, %s)", url, bad)); err == nil {
			t.Errorf("open(url, %s) threw nothing", bad)
		}
	}
	if _, err := u.VU.Runtime().RunString(fmt.Sprintf("sse.open(%q, {}, (client) => client.on('event', 5))", url)); err == nil {
		t.Error("a handler that is no function threw nothing")
	}
	tagged := false
	for _, s := range u.taken() {
		if s.metric == "http_reqs" && s.tags["my"] == "tag" {
			tagged = s.tags["method"] == "PUT" && s.metadata["my"] == ""
		}
	}
	if !tagged {
		t.Error("the tag is not on the samples")
	}
}

func TestOpenThrowsWithTheOption(t *testing.T) {
	u := newUser(t, newRoot(t), lib.Options{Throw: null.BoolFrom(true)})
	if _, err := u.VU.Runtime().RunString(fmt.Sprintf("sse.open(%q, {}, () => {})", closedPort(t))); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v", err)
	}
}
