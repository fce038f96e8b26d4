#ifndef MIDFLIGHT_FORK_H
#define MIDFLIGHT_FORK_H

// Forks. The child calls `become`, which executes a program, or returns with errno set. It may call only what is
// async-signal-safe (signal-safety(7)). Returns the child's pid once the program runs, or -errno.
long midflight_fork(void (*become)(const void *context), const void *context);

#endif
