// HTTP/2 without TLS by golang.org/x/net, as programs of releases before Go 1.24 have it.
package main

import (
	"net/http"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
)

func init() {
	speakH2c = func(server *http.Server) {
		server.Handler = h2c.NewHandler(server.Handler, &http2.Server{})
	}
}
