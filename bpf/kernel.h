/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel types that the programs read, with the members they read and nothing else. Offsets come from the running
 * kernel's BTF at load (CO-RE), so the build needs no vmlinux.h of any particular kernel.
 */
#ifndef BEYLA_KERNEL_H
#define BEYLA_KERNEL_H

#include <linux/types.h>

/* linux/bpf.h carries the enums of map types, flags and helpers; it is the UAPI and the same everywhere. */
#include <linux/bpf.h>

#define AF_UNIX     1
#define AF_INET     2
#define AF_INET6    10
#define SOCK_STREAM 1
#define IPPROTO_TCP 6

#define MSG_PEEK     0x2
#define MSG_TRUNC    0x20
#define MSG_ERRQUEUE 0x2000

#define TCP_ESTABLISHED 1
#define TCP_FIN_WAIT1   4
#define TCP_FIN_WAIT2   5
#define TCP_CLOSE       7
#define TCP_LAST_ACK    9
#define TCP_LISTEN      10
#define TCP_CLOSING     11

#define SOCK_DONE 1 /* enum sock_flags: the peer's FIN has arrived */

/* these layouts are placeholders, the real ones come from the kernel's BTF */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
	union {
		__u8 u6_addr8[16];
	} in6_u;
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	unsigned long skc_flags;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct file;

struct socket {
	struct file *file;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type;
	__u16 sk_protocol;
	int sk_err;
	struct socket *sk_socket;
};

struct inet_sock {
	__be16 inet_sport;
};

struct tcp_sock {
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 write_seq;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
};

struct thread_info {
	__u32 status;
};

struct thread_struct {
	unsigned long fsbase;
};

struct task_struct {
	struct thread_info thread_info;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	struct signal_struct *signal;
	struct files_struct *files;
	struct thread_struct thread;
};

struct linux_binprm {
	const char *filename;
};

struct pt_regs {
	unsigned long r14;
	unsigned long bx;
	unsigned long r10;
	unsigned long r8;
	unsigned long ax;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
	unsigned long ip;
	unsigned long sp;
};

#pragma clang attribute pop
#pragma clang diagnostic pop

#endif
