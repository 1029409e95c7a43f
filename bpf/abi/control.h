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
};

enum beyla_control_flags {
	BEYLA_CONTROL_IGNORE = 1 << 0, /* no known protocol: report nothing more of this connection */
	BEYLA_CONTROL_QUIET_SENT = 1 << 1, /* stay silent until quiet_sent is reached */
	BEYLA_CONTROL_QUIET_RECEIVED = 1 << 2,
};

/* Verdict on a connection: the value of the map `control`, whose key is the socket cookie. */
struct beyla_control {
	unsigned int flags; /* enum beyla_control_flags */
	unsigned int quiet_sent; /* stream position, modulo 2^32 */
	unsigned int quiet_received;
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
	BEYLA_COUNT_MAX = 8,
};

#endif
