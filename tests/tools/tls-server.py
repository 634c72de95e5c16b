"""tls-server.py DIR - servers for tests/tls.bats, each at a port of its own.

Prints "NAME PORT" for each and an empty line. They serve the files in DIR/site with
HTTP/1.1 keep-alive. At the end of stdin it prints "NAME CONNECTIONS REQUESTS" and ends.
"""
import http.server
import os
import socket
import ssl
import sys
import threading
import time

DIR = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or head and body are 40 ms apart

    def do_GET(self):
        self.server.requests += 1
        path = DIR + "/site" + self.path
        if self.path == "/break":  # a body that ends with the connection, without a word
            self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf")
            self.close_connection = True
            return
        if self.path == "/hang":
            time.sleep(60)
        if path.endswith("/"):
            path += "index.html"
        found = os.path.isfile(path)
        body = open(path, "rb").read() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    """Shakes hands in the connection's own thread, so that nobody waits for another."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, name, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.name, self.context = name, context
        self.connections = self.requests = 0

    def finish_request(self, request, address):
        try:
            if self.context:
                request = self.context.wrap_socket(request, server_side=True)
            self.connections += 1
            super().finish_request(request, address)
        except OSError:
            pass
        finally:
            request.close()


def context(name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(f"{DIR}/{name}.pem", f"{DIR}/{name}.key")
    return made


def listen(name):
    listener = socket.create_server(("127.0.0.1", 0))
    print(name, listener.getsockname()[1])
    return listener


def refuse(listener):
    while True:
        connection = listener.accept()[0]
        connection.recv(1024)
        connection.sendall(bytes((21, 3, 3, 0, 2, 2, 40)))  # alert: fatal, handshake_failure
        connection.close()


def main():
    servers = [Server(name, context(name)) for name in ("good", "wrong", "expired", "unknown")]
    servers.append(Server("plain"))
    for server in servers:
        print(server.name, server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=refuse, args=(listen("refusing"),), daemon=True).start()
    silent = listen("silent")  # takes connections and says nothing
    listen("closed").close()
    print(flush=True)
    sys.stdin.read()
    for server in servers:
        print(server.name, server.connections, server.requests)
    silent.close()


main()
