/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much is copied of a byte stream in two directions, whatever the source that sees it: sockets see the stream of a
 * connection, TLS libraries see its plaintext. A source says which bytes moved and where they lie in user memory.
 */
#ifndef BEYLA_STREAM_H
#define BEYLA_STREAM_H

#include "frames.h"

#define FLOOR_BYTES 32 /* copied of an I/O even when the head budget is used up: a chunk header fits */

/* What is to be copied of an I/O: its first `want` bytes, and of the rest the last BEYLA_TAIL_BYTES. */
struct copy {
	__u32 slot; /* of the scratch to copy into */
	__u32 length; /* bytes the I/O moved */
	__u32 want;
	__u32 head; /* bytes of the head copied so far */
	__u32 tail_from; /* offset in the I/O where the tail begins; equals length when no tail is wanted */
	__u32 tail; /* bytes of the tail copied so far */
	__u32 offset; /* of the next buffer in the I/O */
};

/*
 * Copies what is wanted of one user buffer. A global function, because those are verified once and by themselves:
 * inlined into the loop below, the paths through it multiply beyond what the verifier looks at.
 */
__noinline int copy_buffer(struct copy *copy, __u64 base, __u64 available)
{
	struct scratch *scratch;
	__u32 slot, left, size, end;

	if (!copy)
		return -1;
	slot = copy->slot;
	scratch = bpf_map_lookup_elem(&scratches, &slot);
	if (!scratch)
		return -1;
	left = copy->length - copy->offset;
	size = available < left ? (__u32)available : left;
	end = copy->offset + size;

	if (copy->head == copy->offset && copy->head < copy->want) {
		__u64 at = copy->head;
		__u64 n = copy->want - copy->head;

		if (size < n)
			n = size;
		/* clang drops the bounds it has proved; the verifier needs to see them where the helper is called */
		asm volatile("" : "+r"(at), "+r"(n));
		if (n > BEYLA_MAX_HEAD_BYTES)
			return -1;
		at &= BEYLA_MAX_HEAD_BYTES - 1;
		if (bpf_probe_read_user(scratch->bytes + at, n, (void *)base))
			return -1;
		copy->head += n;
	}
	if (end > copy->tail_from) {
		__u32 from = copy->offset > copy->tail_from ? copy->offset : copy->tail_from;
		__u64 at = from - copy->tail_from;
		__u64 n = end - from;

		asm volatile("" : "+r"(at), "+r"(n));
		if (n > BEYLA_TAIL_BYTES || at >= BEYLA_TAIL_BYTES)
			return -1;
		if (bpf_probe_read_user(scratch->tail + at, n, (void *)(base + (from - copy->offset))))
			return -1;
		copy->tail = at + n;
	}
	copy->offset = end;
	return 0;
}

enum message {
	MESSAGE_UNKNOWN = 0,
	MESSAGE_REQUEST,
	MESSAGE_RESPONSE,
};

/* What the first bytes of a request line or status line say, compared as one word. */
static __always_inline enum message message_of(__u32 word)
{
	switch (word) {
	case 0x50545448: /* HTTP */
		return MESSAGE_RESPONSE;
	case 0x20544547: /* GET */
	case 0x54534f50: /* POST */
	case 0x20545550: /* PUT */
	case 0x44414548: /* HEAD */
	case 0x454c4544: /* DELE */
	case 0x43544150: /* PATC */
	case 0x4954504f: /* OPTI */
		return MESSAGE_REQUEST;
	default:
		return MESSAGE_UNKNOWN;
	}
}

/* Whether the word is the beginning of a TLS record (RFC 8446 section 5.1): type 20 to 23, version 3.0 to 3.4. */
static __always_inline int is_tls(__u32 word)
{
	return (__u8)word >= 20 && (__u8)word <= 23 && (__u8)(word >> 8) == 3 && (__u8)(word >> 16) <= 4;
}

/* The first word of the I/O; 0 when it can't be read. */
static __always_inline __u32 first_word(const struct user_buffer *buffer)
{
	__u64 base = buffer->base;
	__u32 word;

	if (buffer->count && bpf_probe_read_user(&base, sizeof(base), (void *)buffer->base))
		return 0;
	return bpf_probe_read_user(&word, sizeof(word), (void *)base) ? 0 : word;
}

/* Plans to copy the first bytes of the I/O, at least the floor, and the tail if they do not reach its end. */
static __always_inline void want(struct copy *copy, __u32 bytes)
{
	copy->want = bytes < FLOOR_BYTES ? FLOOR_BYTES : bytes;
	copy->tail_from = copy->length;
	/* a rest that a tail would hold is copied with the head: the reader then has one piece */
	if (copy->want + BEYLA_TAIL_BYTES >= copy->length && copy->length <= BEYLA_MAX_HEAD_BYTES) {
		copy->want = copy->length;
		return;
	}
	copy->tail_from -= BEYLA_TAIL_BYTES;
	/* head and tail never overlap: the reader takes the tail for bytes it has not seen */
	if (copy->tail_from < copy->want)
		copy->tail_from = copy->want;
}

/* Copies from where the bytes are; the scratch holds them then, `copy` says how many. */
static __always_inline void copy_bytes(struct copy *copy, const struct user_buffer *buffer, __u32 head_bytes)
{
	struct user_iovec iovec;

	/* a further message of the same turn, as with pipelining, begins where an I/O begins */
	if (copy->want == FLOOR_BYTES && copy->length > FLOOR_BYTES &&
	    message_of(first_word(buffer)) != MESSAGE_UNKNOWN)
		want(copy, head_bytes);
	if (!buffer->count) {
		if (copy_buffer(copy, buffer->base, copy->length))
			count(BEYLA_COUNT_UNREADABLE);
		return;
	}
	for (__u32 i = 0; i < MAX_IOVECS; i++) {
		if (i >= buffer->count || copy->offset >= copy->length)
			break;
		if (bpf_probe_read_user(&iovec, sizeof(iovec), (void *)(buffer->base + i * sizeof(iovec))) ||
		    copy_buffer(copy, iovec.base, iovec.length)) {
			count(BEYLA_COUNT_UNREADABLE);
			break;
		}
	}
	if (copy->offset < copy->length) {
		count(BEYLA_COUNT_IOVEC_LIMIT);
		copy->tail = 0;
	}
}

/* Whether user space has said that nothing needs to be reported up to this position. */
static __always_inline int is_quiet(struct stream *stream, const struct beyla_socket_record *record, int received)
{
	struct beyla_control *said = bpf_map_lookup_elem(&control, &stream->key);
	__u32 flag = received ? BEYLA_CONTROL_QUIET_RECEIVED : BEYLA_CONTROL_QUIET_SENT;
	__u32 position = received ? record->received_position : record->sent_position;
	__u32 until;

	if (!said)
		return 0;
	if (said->flags & BEYLA_CONTROL_IGNORE) {
		stream->ignored = 1;
		return 1;
	}
	if (!(said->flags & flag))
		return 0;
	until = received ? said->quiet_received : said->quiet_sent;
	if ((__s32)(position - until) < 0)
		return 1;
	/* positions wrap: a promise that is kept must not hold again 2 GiB later */
	said->flags &= ~flag;
	return 0;
}

/* Whether so much waits for user space that what it has said is long out of date. */
static __always_inline int is_crowded(void)
{
	return bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) > bpf_ringbuf_query(&records, BPF_RB_RING_SIZE) / 4 * 3;
}

/* Whether user space wants nothing but the end of a connection that carries TLS. */
static __always_inline int is_silenced(struct stream *stream)
{
	struct beyla_control *said = bpf_map_lookup_elem(&control, &stream->key);

	if (!said)
		return 0;
	if (said->flags & BEYLA_CONTROL_IGNORE)
		stream->ignored = 1;
	return !!(said->flags & (BEYLA_CONTROL_IGNORE | BEYLA_CONTROL_SILENT));
}

/* How many bytes are copied of a turn in this direction. */
static __always_inline __u32 head_bytes_of(const struct stream *stream, const struct beyla_watch *watch, int received)
{
	/* whoever speaks first sends the request, so before anything is recognised a turn is taken for one */
	return stream->response_turn == received + 1 && !stream->has_frames ? watch->head_bytes
									    : cfg_request_head_bytes;
}

/*
 * Whether the stream speaks HTTP/2: what the first I/O that begins with a frame says goes for all of it. One that is
 * older than the observer is known at once, before user space could say anything.
 */
static __always_inline int speaks_frames(struct stream *stream, const struct user_buffer *buffer, __u32 length)
{
	struct beyla_control *said;

	if (stream->has_frames)
		return 1;
	stream->has_frames = begins_frames(buffer, length);
	if (stream->has_frames)
		return 1;
	said = bpf_map_lookup_elem(&control, &stream->key);
	if (said)
		stream->ignored = said->flags & BEYLA_CONTROL_IGNORE;
	return 0;
}

/* Whether it is open yet, or settled, that the stream speaks HTTP/2. */
static __always_inline int may_have_frames(const struct stream *stream)
{
	return stream->has_frames || (!stream->response_turn && !stream->tls);
}

/* Plans the copy of an I/O whose positions are in the record. Returns 0 when it need not be reported. */
static __always_inline int plan(struct stream *stream, const struct beyla_socket_record *record, struct copy *copy,
				int received, __u32 head_bytes)
{
	if (stream->turn != received + 1) {
		stream->turn = received + 1;
		stream->budget = head_bytes;
	} else if (stream->response_turn != received + 1 || stream->has_frames) {
		/*
		 * Content of a request, and maybe the next request behind it. Unless its length is known, its framing
		 * is the only way to the next request, so it is copied as heads are. An upload that is faster than
		 * user space, which could say that the length is known, would fill the ring with that alone.
		 */
		if (!is_crowded())
			stream->budget = head_bytes;
		if (is_quiet(stream, record, received))
			return 0;
	} else if (stream->budget == 0) {
		if (is_quiet(stream, record, received))
			return 0;
	}
	copy->length = record->length;
	want(copy, stream->tls ? 0 : stream->budget);
	return 1;
}

/* Enters into the record what was copied, and learns of it. Returns the number of bytes that follow the record. */
static __always_inline __u32 conclude(struct stream *stream, struct scratch *scratch, const struct copy *copy,
				      int received)
{
	struct beyla_socket_record *record = &scratch->record.io;

	/* a head behind content that was not copied in full may come in several pieces */
	if (stream->response_turn == 2 - received && copy->head >= sizeof(__u32) &&
	    message_of(*(__u32 *)scratch->bytes) == MESSAGE_REQUEST)
		stream->budget = cfg_request_head_bytes;
	stream->budget = stream->budget > copy->head ? stream->budget - copy->head : 0;
	if (!stream->response_turn && !stream->has_frames && copy->head >= sizeof(__u32)) {
		__u32 word = *(__u32 *)scratch->bytes;

		stream->tls |= is_tls(word);
		switch (message_of(word)) {
		case MESSAGE_REQUEST:
			stream->response_turn = 2 - received;
			break;
		case MESSAGE_RESPONSE:
			stream->response_turn = 1 + received;
			break;
		case MESSAGE_UNKNOWN:
			break;
		}
	}
	/* after an upgrade: the frames are found with the next I/O */
	if (copy->head >= sizeof(__u32) && *(__u32 *)scratch->bytes == PREFACE_WORD)
		stream->has_frames = 1;

	record->captured = copy->head;
	if (copy->head < copy->length)
		record->flags |= BEYLA_SOCKET_CUT;
	record->tail_length = copy->tail;
	__builtin_memcpy(record->tail, scratch->tail, BEYLA_TAIL_BYTES);
	return copy->head & (2 * BEYLA_MAX_HEAD_BYTES - 1);
}

#endif
