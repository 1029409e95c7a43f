/*
 * Answers every request by HTTPS with its path's length, one connection at a time. Where there is nothing to read it
 * leaves the TLS library by a long jump, waits, and calls again: what programs do that switch stacks inside of a BIO.
 * Called with PORT - CERTIFICATE KEY.
 */
#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static jmp_buf outside;
static int connection, may_leave;

static int read_socket(BIO *bio, char *data, int length)
{
	struct pollfd waiting = {.fd = connection, .events = POLLIN};

	(void)bio;
	if (may_leave && poll(&waiting, 1, 0) == 0)
		longjmp(outside, 1);
	return read(connection, data, length);
}

static int write_socket(BIO *bio, const char *data, int length)
{
	(void)bio;
	return write(connection, data, length);
}

static long control(BIO *bio, int command, long number, void *argument)
{
	(void)bio, (void)number, (void)argument;
	return command == BIO_CTRL_FLUSH;
}

/* Waits for what comes without being inside of the library. */
static int read_some(SSL *ssl, char *buffer, int length)
{
	struct pollfd waiting = {.fd = connection, .events = POLLIN};
	int got;

	if (setjmp(outside))
		poll(&waiting, 1, -1);
	may_leave = 1;
	got = SSL_read(ssl, buffer, length);
	may_leave = 0;
	return got;
}

static void serve(SSL_CTX *context, BIO_METHOD *method)
{
	SSL *ssl = SSL_new(context);
	BIO *bio = BIO_new(method);
	char request[4096], response[256];
	int got;

	BIO_set_init(bio, 1);
	SSL_set_bio(ssl, bio, bio);
	if (SSL_accept(ssl) == 1) {
		while ((got = read_some(ssl, request, sizeof(request) - 1)) > 0) {
			request[got] = 0;
			got = snprintf(response, sizeof(response), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
				       strcspn(request + 4, " "));
			memset(response + got, 'x', strcspn(request + 4, " "));
			SSL_write(ssl, response, got + strcspn(request + 4, " "));
		}
	}
	SSL_free(ssl);
	close(connection);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	BIO_METHOD *method = BIO_meth_new(BIO_get_new_index(), "socket");
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (argc < 5 || SSL_CTX_use_certificate_chain_file(context, argv[3]) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, argv[4], SSL_FILETYPE_PEM) != 1)
		return 2;
	BIO_meth_set_read(method, read_socket);
	BIO_meth_set_write(method, write_socket);
	BIO_meth_set_ctrl(method, control);
	address.sin_port = htons(atoi(argv[1]));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 16))
		return 1;
	while ((connection = accept(listener, NULL, NULL)) >= 0)
		serve(context, method);
	return 1;
}
