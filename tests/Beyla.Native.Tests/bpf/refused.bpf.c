/* SPDX-License-Identifier: Apache-2.0 */
/* A program that no verifier takes. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("syscall")
int reads_anywhere(void *ctx)
{
	(void)ctx;
	return *(volatile int *)0x1234;
}

char LICENSE[] SEC("license") = "GPL";
