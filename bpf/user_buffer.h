/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user buffer of the socket call that is running, found in the registers with which the thread entered the kernel.
 * This is what lets the capture work without kprobes and without ftrace.
 */
#ifndef BEYLA_USER_BUFFER_H
#define BEYLA_USER_BUFFER_H

#include "kernel.h"

#define MAX_IOVECS 16 /* buffers of one call that are walked; head and chunk framing lie in the first few */
#define TS_COMPAT  0x2 /* thread_info.status: the syscall came by the 32-bit entry */

struct user_buffer {
	__u64 base; /* the buffer, or the array of struct iovec */
	__u64 count; /* 0: a plain buffer; else number of iovecs */
};

struct user_iovec {
	__u64 base;
	__u64 length;
};

struct user_msghdr {
	__u64 name;
	__u64 name_length;
	__u64 iov;
	__u64 iov_count;
};

/* x86-64 syscall numbers (arch/x86/entry/syscalls/syscall_64.tbl). */
enum {
	NR_READ = 0,
	NR_WRITE = 1,
	NR_READV = 19,
	NR_WRITEV = 20,
	NR_SENDTO = 44,
	NR_RECVFROM = 45,
	NR_SENDMSG = 46,
	NR_RECVMSG = 47,
	NR_RECVMMSG = 299,
	NR_SENDMMSG = 307,
	NR_PREADV2 = 327,
	NR_PWRITEV2 = 328,
};

/*
 * Whether the file that the running syscall names is this socket. Without it, a receive that io_uring completes at the
 * end of another call, or a write to a file that lives behind a kernel socket (NFS), would be read from a foreign
 * buffer.
 */
static __always_inline int syscall_is_on(struct task_struct *task, const struct sock *sk, __u32 fd)
{
	struct fdtable *fdt = task->files->fdt;
	struct file **slot = fdt->fd;
	struct file *named = 0;

	if (fd >= fdt->max_fds)
		return 0;
	if (bpf_probe_read_kernel(&named, sizeof(named), slot + fd))
		return 0;
	return named && named == sk->sk_socket->file;
}

static __always_inline int find_user_buffer(const struct sock *sk, int received, struct user_buffer *buffer)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	struct user_msghdr message;
	__u64 number = regs->orig_ax;

	buffer->base = regs->si;
	buffer->count = 0;
	switch (number) {
	case NR_READ:
	case NR_RECVFROM:
		if (!received)
			return -1;
		break;
	case NR_WRITE:
	case NR_SENDTO:
		if (received)
			return -1;
		break;
	case NR_READV:
	case NR_PREADV2:
		if (!received)
			return -1;
		buffer->count = regs->dx;
		break;
	case NR_WRITEV:
	case NR_PWRITEV2:
		if (received)
			return -1;
		buffer->count = regs->dx;
		break;
	case NR_RECVMSG:
	case NR_SENDMSG:
	case NR_RECVMMSG:
	case NR_SENDMMSG:
		if (received != (number == NR_RECVMSG || number == NR_RECVMMSG))
			return -1;
		/* which message of several is being moved is not told: only a vector of one is certain */
		if ((number == NR_RECVMMSG || number == NR_SENDMMSG) && regs->dx != 1)
			return -1;
		if (bpf_probe_read_user(&message, sizeof(message), (void *)regs->si))
			return -1;
		buffer->base = message.iov;
		buffer->count = message.iov_count;
		break;
	default:
		return -1;
	}
	if (task->thread_info.status & TS_COMPAT)
		return -1;
	return syscall_is_on(task, sk, regs->di) ? 0 : -1;
}

#endif
