// Answers every request by HTTPS with 200 and nothing; compiles with every release of Go since 1.9. Called with PORT - CERTIFICATE KEY.
package main

import (
	"crypto/tls"
	"net/http"
	"os"
)

func main() {
	server := http.Server{
		Addr:         "127.0.0.1:" + os.Args[1],
		Handler:      http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}),
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	panic(server.ListenAndServeTLS(os.Args[3], os.Args[4]))
}
