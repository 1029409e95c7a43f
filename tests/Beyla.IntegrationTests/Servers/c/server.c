/*
 * The fleet's contract (../README.md) on bare system calls: a thread for each connection, heads read in small pieces,
 * head and content written at once by writev, and what lies under /static/ sent by sendfile.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_LIMIT = 16 * 1024, SMALL_READ = 700, PIECE = 64 * 1024, CONTENT_SIZE = 1 << 20 };

struct connection {
	int fd;
	size_t start, end;
	char buffer[HEAD_LIMIT + 1];
};

struct request {
	char method[16], path[256], query[260], id[32];
	int status;
	long size, length;
	bool http10, chunked, closes, expects;
};

struct progress {
	long received, sent;
	long long start, end;
};

static char content[CONTENT_SIZE];
static int content_file;
static int truth;

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static bool fill(struct connection *c)
{
	if (c->start > 0) {
		memmove(c->buffer, c->buffer + c->start, c->end - c->start);
		c->end -= c->start;
		c->start = 0;
	}
	size_t room = HEAD_LIMIT - c->end;
	ssize_t got = read(c->fd, c->buffer + c->end, room < SMALL_READ ? room : SMALL_READ);
	if (got <= 0)
		return false;
	c->end += got;
	c->buffer[c->end] = 0;
	return true;
}

/* Takes everything up to and with the mark; the text stays valid until the next fill. */
static char *take_until(struct connection *c, const char *mark)
{
	char *found;

	while (!(found = memmem(c->buffer + c->start, c->end - c->start, mark, strlen(mark))))
		if (!fill(c))
			return NULL;
	char *text = c->buffer + c->start;
	c->start = found + strlen(mark) - c->buffer;
	*found = 0;
	return text;
}

static bool take_content(struct connection *c, long size, struct progress *p)
{
	static __thread char bin[PIECE];

	while (size > 0) {
		long got = c->end - c->start;
		if (got > 0) {
			got = got < size ? got : size;
			c->start += got;
		} else {
			got = read(c->fd, bin, size < PIECE ? size : PIECE);
			if (got <= 0)
				return false;
		}
		p->received += got;
		size -= got;
	}
	return true;
}

static bool take_body(struct connection *c, struct request *r, struct progress *p)
{
	if (!r->chunked)
		return take_content(c, r->length, p);
	for (;;) {
		char *line = take_until(c, "\r\n");
		if (!line)
			return false;
		long size = strtol(line, NULL, 16);
		if (!take_content(c, size, p) || !take_until(c, "\r\n"))
			return false;
		if (size == 0)
			return true;
	}
}

static long query_number(const struct request *r, const char *name, long otherwise)
{
	char pattern[32];

	snprintf(pattern, sizeof pattern, "&%s=", name);
	const char *found = strstr(r->query, pattern);
	return found ? atol(found + strlen(pattern)) : otherwise;
}

static bool parse_head(char *head, struct request *r)
{
	char target[256], version[16], *rest;

	memset(r, 0, sizeof *r);
	char *line = strtok_r(head, "\r\n", &rest);
	if (!line || sscanf(line, "%15s %255s %15s", r->method, target, version) != 3)
		return false;
	r->http10 = strcmp(version, "HTTP/1.0") == 0;
	r->closes = r->http10;
	while ((line = strtok_r(NULL, "\r\n", &rest))) {
		if (strncasecmp(line, "Content-Length:", 15) == 0)
			r->length = atol(line + 15);
		else if (strncasecmp(line, "Transfer-Encoding: chunked", 26) == 0)
			r->chunked = true;
		else if (strncasecmp(line, "Connection: close", 17) == 0)
			r->closes = true;
		else if (strncasecmp(line, "Expect:", 7) == 0)
			r->expects = true;
	}

	char *query = strchr(target, '?');
	if (query) {
		*query = 0;
		snprintf(r->query, sizeof r->query, "&%s", query + 1);
	}
	snprintf(r->path, sizeof r->path, "%s", target);
	snprintf(r->id, sizeof r->id, "%ld", query_number(r, "id", -1));
	r->size = query_number(r, "size", 0);
	r->status = strncmp(r->path, "/status/", 8) == 0 ? atoi(r->path + 8) : 200;
	r->closes |= query_number(r, "close", 0) != 0;
	return true;
}

static bool write_all(int fd, struct iovec *parts, int count)
{
	while (count > 0) {
		ssize_t put = writev(fd, parts, count);
		if (put < 0)
			return false;
		while (count > 0 && (size_t)put >= parts->iov_len) {
			put -= parts->iov_len;
			parts++;
			count--;
		}
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + put;
			parts->iov_len -= put;
		}
	}
	return true;
}

static bool send_file(int fd, char *head, int length, long size, struct progress *p)
{
	off_t at = 0;

	if (send(fd, head, length, size > 0 ? MSG_MORE : 0) != length)
		return false;
	while (at < size) {
		p->end = now();
		if (sendfile(fd, content_file, &at, size - at < PIECE ? size - at : PIECE) <= 0)
			return false;
		p->sent = at;
	}
	return true;
}

static bool send_chunks(int fd, char *head, int length, long size, struct progress *p)
{
	char frame[32];
	struct iovec first = { head, length };

	if (!write_all(fd, &first, 1))
		return false;
	while (p->sent < size) {
		long piece = size - p->sent < PIECE ? size - p->sent : PIECE;
		struct iovec parts[] = {
			{ frame, snprintf(frame, sizeof frame, "%lx\r\n", piece) },
			{ content + p->sent, piece },
			{ "\r\n", 2 },
		};
		if (!write_all(fd, parts, 3))
			return false;
		p->sent += piece;
	}
	struct iovec last = { "0\r\n\r\n", 5 };
	p->end = now();
	return write_all(fd, &last, 1);
}

static bool answer(int fd, struct request *r, struct progress *p)
{
	char head[256];
	bool has_content = strcmp(r->method, "HEAD") != 0 && r->status != 204 && r->status != 304;
	bool asks_chunked = query_number(r, "chunked", 0) != 0;
	int length = snprintf(head, sizeof head, "HTTP/1.1 %d Whatever\r\n%s", r->status, r->closes ? "Connection: close\r\n" : "");

	if (has_content && asks_chunked && !r->http10)
		length += sprintf(head + length, "Transfer-Encoding: chunked\r\n");
	else if (!asks_chunked && r->status != 204)
		length += sprintf(head + length, "Content-Length: %ld\r\n", r->size);
	length += sprintf(head + length, "\r\n");

	p->end = now();
	if (has_content && asks_chunked && !r->http10)
		return send_chunks(fd, head, length, r->size, p);
	if (strncmp(r->path, "/static/", 8) == 0)
		return send_file(fd, head, length, has_content ? r->size : 0, p);
	struct iovec parts[] = { { head, length }, { content, r->size } };
	if (!write_all(fd, parts, has_content ? 2 : 1))
		return false;
	p->sent = has_content ? r->size : 0;
	return true;
}

static bool exchange(struct connection *c, struct request *r, struct progress *p)
{
	bool early = query_number(r, "early", 0) != 0;
	long delay = query_number(r, "delay_ms", 0);

	if (r->expects && write(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25) != 25)
		return false;
	if (!early && !take_body(c, r, p))
		return false;
	if (delay > 0)
		usleep(delay * 1000);
	return answer(c->fd, r, p) && (!early || take_body(c, r, p));
}

static void *serve(void *argument)
{
	struct connection *c = argument;
	struct request r = { 0 };
	char line[512], *head;

	while (!r.closes && (head = take_until(c, "\r\n\r\n")) && parse_head(head, &r)) {
		struct progress p = { .start = now() };
		bool whole = exchange(c, &r, &p);
		int length = snprintf(line, sizeof line,
			"{\"id\":\"%s\",\"method\":\"%s\",\"path\":\"%s\",\"status\":%d,\"requestBytes\":%ld,\"responseBytes\":%ld,"
			"\"handlerStartNs\":%lld,\"handlerEndNs\":%lld}\n",
			r.id, r.method, r.path, r.status, p.received, p.sent, p.start, p.end ? p.end : p.start);
		if (write(truth, line, length) != length)
			abort();
		if (!whole)
			break;
	}
	close(c->fd);
	free(c);
	return NULL;
}

int main(int argc, char **argv)
{
	static const char pattern[] = "HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1;

	if (argc != 3)
		return 2;
	/* A client that goes away is part of the load. */
	signal(SIGPIPE, SIG_IGN);
	for (size_t at = 0; at < sizeof content; at++)
		content[at] = pattern[at % (sizeof pattern - 1)];
	content_file = memfd_create("content", 0);
	truth = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0644);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	address.sin_port = htons(atoi(argv[1]));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (truth < 0 || write(content_file, content, sizeof content) != sizeof content ||
	    bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 128) != 0) {
		perror("start");
		return 1;
	}
	for (;;) {
		struct connection *c = calloc(1, sizeof *c);
		pthread_t thread;
		if ((c->fd = accept(listener, NULL, NULL)) >= 0 && pthread_create(&thread, NULL, serve, c) == 0)
			pthread_detach(thread);
		else
			return 1;
	}
}
