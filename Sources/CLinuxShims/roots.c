#define _GNU_SOURCE
#include "CLinuxShims.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_of(pid_t pid, const char *name, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return open(path, flags | O_CLOEXEC);
}

// A child between fork and exec may call only what is async-signal-safe (signal-safety(7)); system calls are.
static void become(int program, int namespace, int root, int socket, char *const argv[], char *const envp[]) {
    if (fchdir(root) != 0) return;
    // Who may not change the root here may in a user namespace of his own.
    if (chroot(".") != 0 && (namespace < 0 || setns(namespace, CLONE_NEWUSER) != 0 || chroot(".") != 0)) return;
    if (chdir("/") != 0) return;
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dup2(socket, 0) < 0 || dup2(socket, 1) < 0) return;
    if (nothing >= 0) dup2(nothing, 2); else close(2);
    setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    syscall(SYS_execveat, program, "", argv, envp, AT_EMPTY_PATH);
}

long midflight_spawn_in_root(pid_t pid, int socket, char *const argv[], char *const envp[]) {
    int failed[2];
    if (pipe2(failed, O_CLOEXEC) != 0) return -errno;
    int program = open_of(pid, "exe", O_PATH);
    int root = program < 0 ? -1 : open_of(pid, "root", O_PATH | O_DIRECTORY);
    long result = root < 0 ? -errno : 0;
    int namespace = -1;
    char own[64] = "", theirs[64] = "", path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/user", (int)pid);
    // Entering the one that we are in fails.
    if (readlink("/proc/self/ns/user", own, sizeof own - 1) > 0 && readlink(path, theirs, sizeof theirs - 1) > 0 &&
        strcmp(own, theirs) != 0)
        namespace = open_of(pid, "ns/user", O_RDONLY);
    if (result == 0) {
        pid_t child = fork();
        if (child == 0) {
            become(program, namespace, root, socket, argv, envp);
            int error = errno;
            if (write(failed[1], &error, sizeof error) < 0) _exit(126);
            _exit(127);
        }
        result = child < 0 ? -errno : child;
    }
    close(failed[1]);
    int error = 0;
    if (result > 0 && read(failed[0], &error, sizeof error) == sizeof error) {
        while (waitpid((pid_t)result, NULL, 0) < 0 && errno == EINTR) {}
        result = -error;
    }
    close(failed[0]);
    if (program >= 0) close(program);
    if (root >= 0) close(root);
    if (namespace >= 0) close(namespace);
    return result;
}

long midflight_open_in_root(const char *root, const char *path) {
    int directory = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -(long)errno;
    struct open_how how = {
        .flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    long descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
    int error = errno;
    close(directory);
    return descriptor < 0 ? -(long)error : descriptor;
}
