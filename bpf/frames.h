/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Follows the frames of HTTP/2 (RFC 9113 section 4) in a stream, so that all of it is copied but the payload of DATA,
 * of which the first bytes are. Where frames begin is known by position from the stream's first byte on, or found
 * again where an I/O begins with one. Knows nothing of what frames mean.
 */
#ifndef BEYLA_FRAMES_H
#define BEYLA_FRAMES_H

#include "maps.h"
#include "user_buffer.h"

#define FRAME_HEADER_BYTES  9
#define FRAME_PREFACE_BYTES 24 /* what a client sends before its first frame */
#define FRAME_WHOLE_BYTES   1024 /* DATA up to this length is copied whole: a new piece costs more */
#define FRAME_PREFIX_BYTES  16 /* copied of longer DATA: its padding and the length of a gRPC message */
#define FRAME_STEP_BYTES    2048 /* copied at once; a power of two */
#define FRAME_STEPS         4096 /* buffers and parts of frames that are walked in one I/O */
#define FRAME_USUAL_LENGTH  16384 /* RFC 9113 section 6.5.2: longest payload unless the peer allowed more */

#define PREFACE_WORD 0x20495250 /* "PRI " */

enum frame_type {
	FRAME_DATA = 0,
	FRAME_HEADERS = 1,
	FRAME_PRIORITY = 2,
	FRAME_RST_STREAM = 3,
	FRAME_SETTINGS = 4,
	FRAME_PUSH_PROMISE = 5,
	FRAME_PING = 6,
	FRAME_GOAWAY = 7,
	FRAME_WINDOW_UPDATE = 8,
	FRAME_CONTINUATION = 9,
};

enum frame_flags {
	FRAME_END_STREAM = 0x1, /* of DATA and HEADERS */
	FRAME_ACK = 0x1, /* of SETTINGS and PING */
	FRAME_END_HEADERS = 0x4,
	FRAME_PADDED = 0x8,
	FRAME_PRIORITIZED = 0x20,
};

struct frame {
	__u32 length;
	__u32 id; /* of the stream, with the reserved bit */
	__u8 type;
	__u8 flags;
	__u16 pad;
};

static __always_inline struct frame parse_frame(const __u8 *bytes)
{
	struct frame frame = {
		.length = bytes[0] << 16 | bytes[1] << 8 | bytes[2],
		.type = bytes[3],
		.flags = bytes[4],
		.id = (__u32)bytes[5] << 24 | bytes[6] << 16 | bytes[7] << 8 | bytes[8],
	};

	return frame;
}

/* Whether length and stream are as RFC 9113 section 6 demands of the type. */
static __always_inline int is_valid_frame(const struct frame *frame)
{
	__u32 id = frame->id & 0x7fffffff;

	switch (frame->type) {
	case FRAME_DATA:
	case FRAME_HEADERS:
	case FRAME_CONTINUATION:
		return id != 0;
	case FRAME_PRIORITY:
		return id != 0 && frame->length == 5;
	case FRAME_RST_STREAM:
		return id != 0 && frame->length == 4;
	case FRAME_SETTINGS:
		return id == 0 && (frame->flags & FRAME_ACK ? frame->length == 0 : frame->length % 6 == 0);
	case FRAME_PUSH_PROMISE:
		return id != 0 && frame->length >= 4;
	case FRAME_PING:
		return id == 0 && frame->length == 8;
	case FRAME_GOAWAY:
		return id == 0 && frame->length >= 8;
	case FRAME_WINDOW_UPDATE:
		return frame->length == 4;
	default:
		return 1; /* extensions */
	}
}

static __always_inline __u8 meaningful_flags(__u8 type)
{
	switch (type) {
	case FRAME_DATA:
		return FRAME_END_STREAM | FRAME_PADDED;
	case FRAME_HEADERS:
		return FRAME_END_STREAM | FRAME_END_HEADERS | FRAME_PADDED | FRAME_PRIORITIZED;
	case FRAME_SETTINGS:
	case FRAME_PING:
		return FRAME_ACK;
	case FRAME_PUSH_PROMISE:
		return FRAME_END_HEADERS | FRAME_PADDED;
	case FRAME_CONTINUATION:
		return FRAME_END_HEADERS;
	default:
		return 0;
	}
}

/* Whether bytes of which nothing is known are a frame header in all likelihood: nothing about it is unusual. */
static __always_inline int is_likely_frame(const __u8 *bytes)
{
	struct frame frame = parse_frame(bytes);

	return frame.type <= FRAME_CONTINUATION && frame.length <= FRAME_USUAL_LENGTH && !(frame.id & 0x80000000) &&
	       !(frame.flags & ~meaningful_flags(frame.type)) && is_valid_frame(&frame);
}

/* What the callback below works on; the pointers stay the same through the loop, all else lies behind them. */
struct frame_run {
	struct scratch *scratch;
	struct frame_walk *walk;
};

static __always_inline void submit_frames(struct scratch *scratch, __u32 end, int received)
{
	struct frame_io *io = &scratch->frames;
	struct beyla_socket_record *record = &scratch->record.io;
	__u64 bytes = io->out;

	if (received)
		record->received_position = end;
	else
		record->sent_position = end;
	record->length = end - io->start;
	record->captured = io->out;
	io->start = end;
	io->out = 0;
	io->has_piece = 0;
	asm volatile("" : "+r"(bytes)); /* as in copy_buffer */
	if (bytes > BEYLA_MAX_HEAD_BYTES)
		return;
	if (scratch->record.kind == BEYLA_RECORD_PLAINTEXT)
		submit(&scratch->record, sizeof(scratch->record) + bytes);
	else
		submit(record, sizeof(*record) + bytes);
}

/* Copies the next n bytes of the buffer behind those that are there, with a new piece if bytes between were not. */
static __always_inline int copy_frames(struct scratch *scratch, struct frame_walk *walk, __u32 n)
{
	struct frame_io *io = &scratch->frames;
	struct beyla_piece *piece;
	__u64 at, size = n;

	if (!io->has_piece || io->piece_end != walk->position) {
		at = io->out;
		asm volatile("" : "+r"(at));
		if (at > BEYLA_MAX_HEAD_BYTES)
			return -1;
		piece = (struct beyla_piece *)(scratch->bytes + at);
		piece->offset = walk->position - io->start;
		piece->length = 0;
		io->piece = at;
		io->out = at + sizeof(*piece);
		io->has_piece = 1;
	}
	at = io->out;
	asm volatile("" : "+r"(at), "+r"(size));
	if (at > BEYLA_MAX_HEAD_BYTES || size > FRAME_STEP_BYTES)
		return -1;
	if (bpf_probe_read_user(scratch->bytes + at, size, (void *)io->base))
		return -1;
	io->out = at + size;
	at = io->piece;
	asm volatile("" : "+r"(at));
	if (at > BEYLA_MAX_HEAD_BYTES)
		return -1;
	piece = (struct beyla_piece *)(scratch->bytes + at);
	piece->length += size;
	io->piece_end = walk->position + size;
	return 0;
}

static __always_inline void pass_frames(struct frame_io *io, struct frame_walk *walk, __u32 n)
{
	walk->position += n;
	io->base += n;
	io->available -= n;
}

/* The header is whole. */
static __always_inline int begin_payload(struct frame_walk *walk)
{
	struct frame frame = parse_frame(walk->header);

	walk->gathered = 0;
	if (!is_valid_frame(&frame))
		return -1;
	walk->next = walk->position + frame.length;
	walk->wanted = frame.length;
	walk->ends = 0;
	if (frame.type == FRAME_DATA) {
		walk->ends = frame.flags & FRAME_END_STREAM;
		if (frame.length > FRAME_WHOLE_BYTES)
			walk->wanted = FRAME_PREFIX_BYTES;
	}
	return 0;
}

static __always_inline int next_buffer(struct frame_io *io)
{
	struct user_iovec iovec;

	if (io->buffers == 0)
		return -1;
	if (bpf_probe_read_user(&iovec, sizeof(iovec), (void *)io->iovecs))
		return -1;
	io->iovecs += sizeof(iovec);
	io->buffers--;
	io->base = iovec.base;
	io->available = iovec.length > io->length ? io->length : iovec.length;
	return 0;
}

/* Returns 1 when the I/O is through, or can't be followed any further. */
static long follow_frame(__u32 step, struct frame_run *run)
{
	struct frame_walk *walk = run->walk;
	struct scratch *scratch = run->scratch;
	struct frame_io *io = &scratch->frames;
	__u32 left = io->end - walk->position;
	__u32 n, at;

	if (!left)
		return 1;
	if (!io->available)
		return next_buffer(io) ? 1 : 0;
	n = io->available < left ? io->available : left;

	if (io->out > BEYLA_MAX_HEAD_BYTES - FRAME_STEP_BYTES - sizeof(struct beyla_piece))
		submit_frames(scratch, walk->position, io->received);

	if (walk->next == walk->position) {
		/* in a header */
		if (n > FRAME_HEADER_BYTES - walk->gathered)
			n = FRAME_HEADER_BYTES - walk->gathered;
		if (copy_frames(scratch, walk, n))
			return 1;
		at = io->out - n;
		for (__u32 i = 0; i < FRAME_HEADER_BYTES; i++) {
			if (i < n)
				walk->header[(walk->gathered + i) & 15] =
					scratch->bytes[(at + i) & (2 * BEYLA_MAX_HEAD_BYTES - 1)];
		}
		pass_frames(io, walk, n);
		walk->next = walk->position;
		walk->gathered += n;
		if (walk->gathered == FRAME_HEADER_BYTES && begin_payload(walk)) {
			walk->known = 0;
			return 1;
		}
		return 0;
	}

	left = walk->next - walk->position;
	if (n > left)
		n = left;
	if (walk->wanted) {
		if (n > walk->wanted)
			n = walk->wanted;
		if (n > FRAME_STEP_BYTES)
			n = FRAME_STEP_BYTES;
		if (copy_frames(scratch, walk, n))
			return 1;
		walk->wanted -= n;
	}
	pass_frames(io, walk, n);
	if (walk->next == walk->position && walk->ends) {
		/* not wanted for what it is, but user space has to know that the stream has ended now */
		walk->ends = 0;
		io->must_report = 1;
	}
	return 0;
}

/* Passes over an I/O that lies inside of DATA, with its last byte if that does not end the stream. Needs no buffer. */
static __always_inline int pass_content(struct stream *stream, const struct beyla_socket_record *record, int received)
{
	struct frame_walk *walk = &stream->frames[received];
	__u32 end = received ? record->received_position : record->sent_position;

	if (!walk->known || walk->position != end - record->length || walk->wanted ||
	    record->length + (walk->ends ? 1 : 0) > walk->next - walk->position)
		return 0;
	walk->position = end;
	return 1;
}

static __always_inline void lose_frames(struct frame_walk *walk)
{
	if (walk->known)
		count(BEYLA_COUNT_FRAMES_LOST);
	walk->known = 0;
}

/* An I/O may not be where the one before it ended: as long as it is in the same payload, the next frame is known. */
static __always_inline void catch_up(struct frame_walk *walk, __u32 start)
{
	__u32 ahead = start - walk->position;

	if (!ahead)
		return;
	if (ahead > walk->next - walk->position) {
		lose_frames(walk);
		return;
	}
	walk->position = start;
	walk->wanted -= ahead < walk->wanted ? ahead : walk->wanted;
}

/*
 * Passes over an I/O whose bytes can't be read, as those of sendfile, if it lies inside of a payload. Returns 0 if it
 * does not: then it is not known any more where frames begin.
 */
static __always_inline int pass_unseen(struct stream *stream, struct scratch *scratch, int received)
{
	struct beyla_socket_record *record = &scratch->record.io;
	struct frame_walk *walk = &stream->frames[received];
	__u32 end = received ? record->received_position : record->sent_position;

	catch_up(walk, end - record->length);
	if (!walk->known || record->length > walk->next - walk->position) {
		lose_frames(walk);
		return 0;
	}
	walk->position = end;
	walk->wanted -= record->length < walk->wanted ? record->length : walk->wanted;
	if (walk->position == walk->next && walk->ends) {
		walk->ends = 0;
		scratch->frames.start = end - record->length;
		scratch->frames.out = 0;
		record->tail_length = 0;
		record->flags = BEYLA_SOCKET_PIECES | BEYLA_SOCKET_NO_BUFFER;
		submit_frames(scratch, end, received);
	}
	return 1;
}

enum beginning {
	BEGINS_UNKNOWN = 0,
	BEGINS_PREFACE,
	BEGINS_FRAME,
};

/* What an I/O begins with. */
static __always_inline enum beginning begins_frames(const struct user_buffer *buffer, __u32 length)
{
	__u64 base = buffer->base;
	__u8 header[FRAME_HEADER_BYTES];
	__u32 word;

	if (length < FRAME_HEADER_BYTES)
		return BEGINS_UNKNOWN;
	if (buffer->count && bpf_probe_read_user(&base, sizeof(base), (void *)buffer->base))
		return BEGINS_UNKNOWN;
	if (bpf_probe_read_user(header, sizeof(header), (void *)base))
		return BEGINS_UNKNOWN;
	word = header[0] | header[1] << 8 | header[2] << 16 | (__u32)header[3] << 24;
	if (word == PREFACE_WORD)
		return BEGINS_PREFACE;
	return is_likely_frame(header) ? BEGINS_FRAME : BEGINS_UNKNOWN;
}

static __always_inline void find_frames(struct frame_walk *walk, const struct user_buffer *buffer, __u32 start,
					__u32 length)
{
	enum beginning beginning = begins_frames(buffer, length);

	walk->known = beginning != BEGINS_UNKNOWN;
	walk->wanted = beginning == BEGINS_PREFACE ? FRAME_PREFACE_BYTES : 0;
	walk->position = start;
	walk->next = start + walk->wanted;
	walk->gathered = walk->ends = 0;
}

/*
 * Reports an I/O whose positions are in the record by its frames. Returns 0 when it is not known where frames begin:
 * then the I/O has to be copied like any other.
 */
static __always_inline int report_frames(struct stream *stream, struct scratch *scratch,
					 const struct user_buffer *buffer, int received)
{
	struct beyla_socket_record *record = &scratch->record.io;
	struct frame_io *io = &scratch->frames;
	struct frame_run run = {.scratch = scratch, .walk = &stream->frames[received]};
	struct frame_walk *walk = run.walk;
	__u32 end = received ? record->received_position : record->sent_position;
	__u32 start = end - record->length;

	catch_up(walk, start);
	if (!walk->known)
		find_frames(walk, buffer, start, record->length);
	if (!walk->known)
		return 0;

	io->start = start;
	io->end = end;
	io->length = record->length;
	io->received = received;
	io->out = 0;
	io->has_piece = 0;
	io->must_report = 0;
	io->buffers = buffer->count;
	io->iovecs = buffer->base;
	io->base = buffer->base;
	io->available = buffer->count ? 0 : record->length;
	record->tail_length = 0;
	record->flags = BEYLA_SOCKET_PIECES;
	bpf_loop(FRAME_STEPS, follow_frame, &run, 0);
	if (walk->position != end || !walk->known) {
		/* unreadable, too many parts, or no frames after all: the rest of the I/O is not known */
		walk->known = 1;
		lose_frames(walk);
		io->must_report = 1;
	}
	if (io->out || io->must_report)
		submit_frames(scratch, end, received);
	return 1;
}

#endif
