"""A small LLM server of your own: OpenAI's completions and chat, streamed or whole, over a GGUF model.

It does what a first serving script does: one lock around the model, one request at a time, the others wait.
"""

import argparse
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import xllamacpp


def load(path: str, context: int, threads: int) -> xllamacpp.Server:
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx = context
    params.n_parallel = 1
    # For generating tokens and for processing the prompt.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    return xllamacpp.Server(params)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Send each token at once: Nagle's algorithm would hold small packets back.
    disable_nagle_algorithm = True
    model: xllamacpp.Server
    name: str
    lock = threading.Lock()

    def do_GET(self):
        if self.path == "/health":
            self.send_json(200, {"status": "ok"})
        elif self.path == "/v1/models":
            self.send_json(200, {"object": "list", "data": [{"id": self.name, "object": "model"}]})
        else:
            self.send_error_json(404, f"no such path: {self.path}")

    def do_POST(self):
        generate = {
            "/v1/completions": self.model.handle_completions,
            "/v1/chat/completions": self.model.handle_chat_completions,
        }.get(self.path)
        # Read the body of refused requests too: the next request follows on the same connection.
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if generate is None:
            return self.send_error_json(404, f"no such path: {self.path}")
        try:
            request = json.loads(text)
        except ValueError as error:
            return self.send_error_json(400, f"the body is not JSON: {error}")
        try:
            with self.lock:
                if request.get("stream"):
                    self.stream(generate, request)
                else:
                    self.send_answer(generate(request))
        except ValueError as error:
            self.send_error_json(400, str(error))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def stream(self, generate, request):
        """Sends one server-sent event per token, each in its own HTTP chunk."""
        begun = gone = False

        def send_event(chunk) -> bool:
            """Returns True, which ends the generation, if the client has disconnected."""
            nonlocal begun, gone
            try:
                if not begun:
                    begun = True
                    self.send_response(200)
                    self.send_header("Content-Type", "text/event-stream")
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                self.write_chunk(f"data: {json.dumps(chunk)}\n\n".encode())
            except OSError:
                gone = True
            return gone

        generate(request, send_event)
        if gone:
            self.close_connection = True
            return
        self.write_chunk(b"data: [DONE]\n\n")
        self.write_chunk(b"")

    def write_chunk(self, data: bytes):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def send_answer(self, answer: dict):
        error = answer.get("error")
        self.send_json(200 if error is None else error.get("code", 500), answer)

    def send_error_json(self, status: int, message: str):
        self.send_json(status, {"error": {"code": status, "message": message}})

    def send_json(self, status: int, body: dict):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        """Quiet: a line for each request would cost more than it is worth."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Queue length for clients that connect at the same time.
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="GGUF file")
    parser.add_argument("--name", default="my-model", help="model name in the API")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--context", type=int, default=2048, help="context size in tokens")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    Handler.model = load(options.model, options.context, options.threads)
    Handler.name = options.name
    # Listening starts only now: a refused connection means that the model is not loaded yet.
    with Server((options.host, options.port), Handler) as server:
        print(f"ready on http://{options.host}:{options.port}", file=sys.stderr, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
