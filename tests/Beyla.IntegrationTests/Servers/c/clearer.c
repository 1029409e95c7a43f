/*
 * Answers every request by HTTPS with its path's length, one connection at a time, all of them by the same session: it is
 * cleared in between, and moves its ciphertext through memory, so that the TLS library sees no socket. Called with
 * PORT - CERTIFICATE KEY.
 */
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void send_what_is_due(BIO *out, int connection)
{
	char bytes[16384];
	int count;

	while ((count = BIO_read(out, bytes, sizeof(bytes))) > 0)
		if (write(connection, bytes, count) != count)
			return;
}

static void answer(SSL *ssl, const char *request)
{
	size_t length = strcspn(request + 4, " ");
	char response[4096];
	int head = snprintf(response, sizeof(response) - length, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", length);

	memset(response + head, 'x', length);
	SSL_write(ssl, response, head + length);
}

static void serve(SSL *ssl, BIO *in, BIO *out, int connection)
{
	char bytes[16384], request[2048];
	int count;

	SSL_clear(ssl);
	BIO_reset(in);
	BIO_reset(out);
	while ((count = read(connection, bytes, sizeof(bytes))) > 0) {
		BIO_write(in, bytes, count);
		while ((count = SSL_read(ssl, request, sizeof(request) - 1)) > 0) {
			request[count] = 0;
			answer(ssl, request);
		}
		send_what_is_due(out, connection);
	}
	close(connection);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1, connection;
	SSL *ssl;

	if (argc < 5 || SSL_CTX_use_certificate_chain_file(context, argv[3]) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, argv[4], SSL_FILETYPE_PEM) != 1)
		return 2;
	ssl = SSL_new(context);
	SSL_set_bio(ssl, in, out);
	SSL_set_accept_state(ssl);
	address.sin_port = htons(atoi(argv[1]));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 16))
		return 1;
	while ((connection = accept(listener, NULL, NULL)) >= 0)
		serve(ssl, in, out, connection);
	return 1;
}
