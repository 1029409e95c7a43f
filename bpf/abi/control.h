/* SPDX-License-Identifier: Apache-2.0 */
/* What user space writes into the maps, and the counters it reads; mirrored in src/Beyla.Core/Capture/Abi like
 * records.h. */
#ifndef BEYLA_ABI_CONTROL_H
#define BEYLA_ABI_CONTROL_H

/* Verdict on a process: the value of the map `watched`, whose key is the tgid in the init pid namespace. */
struct beyla_watch {
	unsigned int
		head_bytes; /* bytes copied from the start of each turn of responses, at most BEYLA_MAX_HEAD_BYTES */
	unsigned int provisional; /* 1: exec'd, and user space has not said yes or no */
	unsigned int tls; /* enum beyla_tls_threads; set by the kernel when the process calls a TLS library */
	int goroutine; /* set likewise: where the pointer to the goroutine is, from the thread's fs base; 0: in r14 */
};

/* By what the calls of a process into its TLS libraries are told apart. */
enum beyla_tls_threads {
	BEYLA_TLS_THREADS = 1 << 0,
	BEYLA_TLS_GOROUTINES = 1 << 1,
};

enum beyla_control_flags {
	BEYLA_CONTROL_IGNORE = 1 << 0, /* no known protocol: report nothing more of this connection */
	BEYLA_CONTROL_QUIET_SENT = 1 << 1, /* stay silent until quiet_sent is reached */
	BEYLA_CONTROL_QUIET_RECEIVED = 1 << 2,
	BEYLA_CONTROL_SILENT = 1 << 3, /* a connection that carries TLS: report nothing more but its end */
};

/* Verdict on a stream: the value of the map `control`. Key: the socket cookie, or the key of a TLS session. */
struct beyla_control {
	unsigned int flags; /* enum beyla_control_flags */
	unsigned int quiet_sent; /* stream position, modulo 2^32 */
	unsigned int quiet_received;
};

enum beyla_tls_role {
	BEYLA_TLS_READ = 1, /* hands plaintext to the application */
	BEYLA_TLS_WRITE = 2, /* takes plaintext of the application */
	BEYLA_TLS_CONTROL = 3, /* moves no plaintext; socket I/O inside belongs to the session */
	BEYLA_TLS_FREE = 4, /* the session ends: its address may become another's, or it is used again */
	BEYLA_TLS_BIO_WRITE = 5, /* inside one of the above: ciphertext to be sent */
	BEYLA_TLS_BIO_READ = 6, /* inside one of the above: ciphertext that was received */
};

/* Where a function's arguments and its result are. */
enum beyla_tls_arguments {
	BEYLA_TLS_SESSION = 1, /* f(session, …) */
	BEYLA_TLS_COUNT = 2, /* int f(session, buffer, length): the count when positive */
	BEYLA_TLS_COUNT_BY_POINTER = 3, /* int f(session, buffer, length, size_t *count) */
	BEYLA_TLS_COUNT_BY_FIFTH_POINTER = 4, /* int f(session, buffer, length, …, size_t *count) */
	BEYLA_TLS_GO_REGISTERS = 5, /* Go since 1.17: rax, rbx, rcx, goroutine r14; the count in rax at a RET */
	BEYLA_TLS_GO_STACK = 6, /* Go before: above the return address, the count behind the arguments */
	BEYLA_TLS_RUST = 7, /* fn(&mut self, &[u8]) -> io::Result<usize>; self points to a part of the connection */
	BEYLA_TLS_RUST_VECTORED = 8, /* the same of &[IoSlice] */
	BEYLA_TLS_RUST_CONNECTION = 9, /* self is the part by which a connection is known */
};

enum beyla_tls_site_flags {
	BEYLA_TLS_SITE_RETURN = 1 << 0, /* an entry probe on a RET instruction */
	BEYLA_TLS_SITE_RANDOM = 1 << 1, /* random_offset is known */
};

/* What a probe is told of its place: the attach cookie, read as this struct. */
struct beyla_tls_site {
	unsigned char role; /* enum beyla_tls_role */
	unsigned char arguments; /* enum beyla_tls_arguments */
	unsigned char flags; /* enum beyla_tls_site_flags */
	unsigned char pad;
	unsigned short random_base; /* offset of the pointer to what holds the client random; 0: the session itself */
	unsigned short
		random_offset; /* of the client random in there; with GO_STACK of the goroutine, from the fs base */
};

/* Indexes of the per-CPU array `counters`. */
enum beyla_counter {
	BEYLA_COUNT_RECORDS = 0, /* records handed to the ring */
	BEYLA_COUNT_RING_FULL = 1, /* records lost because the ring was full */
	BEYLA_COUNT_WATCH_FULL = 2, /* processes not watched because the map was full */
	BEYLA_COUNT_STORAGE_FAILED = 3, /* I/O not reported because the socket got no storage */
	BEYLA_COUNT_NO_BUFFER = 4, /* I/O reported without bytes: no user buffer belongs to it */
	BEYLA_COUNT_UNREADABLE = 5, /* I/O reported with fewer bytes: the user buffer could not be read */
	BEYLA_COUNT_IOVEC_LIMIT = 6, /* I/O with more buffers than are walked: its last bytes are not known */
	BEYLA_COUNT_UNIX_SOCKET = 7, /* I/O on UNIX stream sockets of watched processes, not captured */
	BEYLA_COUNT_TLS_NO_SESSION = 8, /* plaintext lost because the table of TLS sessions had no room */
	BEYLA_COUNT_TLS_NO_CALL = 9, /* TLS calls not followed: nested too deeply, pushed out of the table, or begun
					before the probes came */
	BEYLA_COUNT_TLS_BUSY = 10, /* plaintext lost because preempted probes held every slot of the CPU */
	BEYLA_COUNT_FRAMES_LOST = 11, /* times that it was not known any more where the frames of HTTP/2 begin */
	BEYLA_COUNT_MAX = 12,
};

#endif
