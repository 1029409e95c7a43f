// HTTP/2 without TLS by net/http itself, which can do it since Go 1.24.
package main

import "net/http"

func init() {
	speakH2c = func(server *http.Server) {
		server.Protocols = new(http.Protocols)
		server.Protocols.SetUnencryptedHTTP2(true)
	}
}
