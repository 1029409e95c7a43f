/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records that travel through the ring buffer, shared by the BPF programs and the C# reader. This header is the
 * only definition: the mirror in src/Beyla.Core/Capture/Abi is asserted against the BTF of the compiled object by a
 * test. Natural alignment, every byte of padding is named, nothing from the kernel's own headers.
 */
#ifndef BEYLA_ABI_RECORDS_H
#define BEYLA_ABI_RECORDS_H

#define BEYLA_ADDRESS_BYTES 16 /* IPv6, or IPv4 in the first 4 */
#define BEYLA_TAIL_BYTES    16
#define BEYLA_PATH_BYTES    256

enum beyla_record_kind {
	BEYLA_RECORD_SOCKET = 1,
	BEYLA_RECORD_PROCESS = 2,
	BEYLA_RECORD_PLAINTEXT = 3,
	BEYLA_RECORD_CIPHERTEXT = 4,
};

enum beyla_socket_event {
	BEYLA_SOCKET_SENT = 0, /* an I/O that wrote bytes */
	BEYLA_SOCKET_RECEIVED = 1, /* an I/O that read bytes */
	BEYLA_SOCKET_END_OF_INPUT = 2, /* a read returned 0: the peer will send no more */
	BEYLA_SOCKET_SHUT = 3, /* our side sent its FIN */
	BEYLA_SOCKET_CLOSED = 4, /* the connection is gone */
};

enum beyla_socket_flags {
	BEYLA_SOCKET_NO_BUFFER = 1 << 0, /* the user buffer is not readable from here: sendfile, io_uring, MSG_TRUNC */
	BEYLA_SOCKET_CUT = 1 << 1, /* fewer bytes were copied than moved because the head budget was used up */
	BEYLA_SOCKET_RESET = 1 << 2, /* with CLOSED: the socket carries an error (RST, timeout) */
	BEYLA_SOCKET_PIECES = 1 << 3, /* what follows are pieces of the I/O, each behind its beyla_piece */
};

/* A part of an I/O that was copied; `length` bytes follow, then the next piece without padding. */
struct beyla_piece {
	unsigned int offset; /* in the bytes that the record reports; what lies between pieces was left out */
	unsigned int length;
};

/* One socket I/O of a watched process; `captured` bytes from the start of the I/O follow the struct. */
struct beyla_socket_record {
	unsigned int kind; /* BEYLA_RECORD_SOCKET */
	unsigned int tgid; /* process that did the I/O, init pid namespace; 0 for SHUT and CLOSED */
	unsigned long long time_ns; /* CLOCK_MONOTONIC, when the I/O returned */
	unsigned long long cookie; /* socket cookie: unique for the life of the machine */
	unsigned int sent_position; /* tcp_sock.write_seq: position behind the last byte written, modulo 2^32 */
	unsigned int received_position; /* tcp_sock.copied_seq: position behind the last byte read, modulo 2^32 */
	unsigned int length; /* bytes that this I/O moved */
	unsigned int captured; /* bytes that follow this struct */
	unsigned char event; /* enum beyla_socket_event */
	unsigned char flags; /* enum beyla_socket_flags */
	unsigned char family; /* AF_INET = 2, AF_INET6 = 10 */
	unsigned char tail_length; /* valid bytes of tail: the last bytes of an I/O that was cut */
	unsigned short local_port; /* host order */
	unsigned short remote_port; /* host order */
	unsigned char local_address[BEYLA_ADDRESS_BYTES]; /* network order */
	unsigned char remote_address[BEYLA_ADDRESS_BYTES]; /* network order */
	unsigned char tail[BEYLA_TAIL_BYTES];
};

#define BEYLA_RANDOM_BYTES 32 /* of a ClientHello (RFC 8446 section 4.1.2) */
#define BEYLA_SESSION_KEY  (1ULL << 63) /* set in keys of TLS sessions, never in socket cookies */

/*
 * Plaintext that a TLS library of a watched process moved; the bytes follow as with sockets. What ties the session to a
 * connection is repeated in each record, so that losing one costs that one alone.
 */
struct beyla_plaintext_record {
	unsigned int kind; /* BEYLA_RECORD_PLAINTEXT */
	unsigned int pad;
	unsigned long long began_ns; /* CLOCK_MONOTONIC, when the call began: with SENT; else 0 */
	unsigned long long socket; /* cookie of the socket that the session was seen to use; 0: none yet */
	unsigned char random[BEYLA_RANDOM_BYTES]; /* of the session's ClientHello; all 0: not known */
	/*
	 * As for a socket, except that kind is 0, cookie is the key of the session, positions count plaintext from 0,
	 * addresses are those of `socket`, and events are SENT, RECEIVED, END_OF_INPUT and CLOSED.
	 */
	struct beyla_socket_record io;
};

#define BEYLA_CIPHERTEXT_BYTES 32

/* First bytes of ciphertext that a TLS library exchanged with a memory BIO, for a session that is not tied yet. */
struct beyla_ciphertext_record {
	unsigned int kind; /* BEYLA_RECORD_CIPHERTEXT */
	unsigned int tgid;
	unsigned long long time_ns; /* CLOCK_MONOTONIC */
	unsigned long long session; /* key of the session */
	unsigned int received; /* 1: to be decrypted, 0: to be sent */
	unsigned int length; /* bytes that are valid below */
	unsigned char bytes[BEYLA_CIPHERTEXT_BYTES];
};

enum beyla_process_event {
	BEYLA_PROCESS_EXEC = 0,
	BEYLA_PROCESS_FORK = 1, /* of a watched process: the child is watched already */
	BEYLA_PROCESS_EXIT = 2, /* of a watched process, last thread */
	BEYLA_PROCESS_LISTEN = 3, /* began to listen on a selected port: it is watched already */
};

struct beyla_process_record {
	unsigned int kind; /* BEYLA_RECORD_PROCESS */
	unsigned int tgid; /* the process, init pid namespace */
	unsigned long long time_ns; /* CLOCK_MONOTONIC */
	unsigned int parent_tgid; /* with FORK and EXEC */
	unsigned short port; /* with LISTEN, host order */
	unsigned char event; /* enum beyla_process_event */
	unsigned char watched; /* whether the kernel watches this process already (EXEC: provisionally) */
	char path[BEYLA_PATH_BYTES]; /* with EXEC: the path given to execve(2), NUL-terminated, cut if longer */
};

_Static_assert(sizeof(struct beyla_socket_record) == 96, "layout is part of the ABI");
_Static_assert(sizeof(struct beyla_piece) == 8, "layout is part of the ABI");
_Static_assert(sizeof(struct beyla_plaintext_record) == 152, "layout is part of the ABI");
_Static_assert(sizeof(struct beyla_ciphertext_record) == 64, "layout is part of the ABI");
_Static_assert(sizeof(struct beyla_process_record) == 280, "layout is part of the ABI");

#endif
