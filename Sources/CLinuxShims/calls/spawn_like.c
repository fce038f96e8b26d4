#define _GNU_SOURCE
#include "CLinuxShims.h"
#include "fork.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// What is opened of the process before the fork; -1 where there is nothing to open.
struct model {
    int directory, program, root, pidfd, user_namespace;
};

static void close_model(const struct model *model) {
    const int descriptors[] = { model->directory, model->program, model->root, model->pidfd, model->user_namespace };
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
}

static long open_model(pid_t pid, const char *program, int foreign, struct model *model) {
    char path[32], own[64] = "", theirs[64] = "";
    snprintf(path, sizeof path, "/proc/%d", (int)pid);
    *model = (struct model){ -1, -1, -1, -1, -1 };
    model->directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (model->directory < 0) return -errno;
    model->program = open(program, O_PATH | O_CLOEXEC);
    if (model->program < 0) return -errno;
    if (!foreign) return 0;
    model->root = openat(model->directory, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (model->root < 0) return -errno;
    model->pidfd = (int)midflight_pidfd_open(pid);
    // Entering the one that we are in fails.
    if (readlink("/proc/self/ns/user", own, sizeof own - 1) > 0 &&
        readlinkat(model->directory, "ns/user", theirs, sizeof theirs - 1) > 0 && strcmp(own, theirs) != 0)
        model->user_namespace = openat(model->directory, "ns/user", O_RDONLY | O_CLOEXEC);
    return 0;
}

// What follows up to the exec runs in a child of a process with many threads: the C library's functions that change ids take
// locks and signal all threads, so the system calls are made directly.

static int enter_tree(const struct model *model) {
    if (model->root < 0) return 0;
    int namespaces = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
    if (model->user_namespace >= 0) namespaces |= CLONE_NEWUSER;
    // Linux 5.8. Who may not enter them all sees the tree at least; that takes a user namespace of his own where he may not
    // change the root in ours.
    int entered = model->pidfd >= 0 && setns(model->pidfd, namespaces) == 0;
    if (fchdir(model->root) != 0) return -1;
    if (chroot(".") != 0 &&
        (entered || model->user_namespace < 0 || setns(model->user_namespace, CLONE_NEWUSER) != 0 || chroot(".") != 0))
        return -1;
    return chdir("/");
}

// The `skip`-th number of a line of /proc/PID/status and what follows it; NULL if there is none.
static char *number(char *text, const char *name, int skip, int base, unsigned long long *value) {
    char *at = text == NULL ? NULL : name == NULL ? text : strstr(text, name);
    if (at == NULL) return NULL;
    if (name != NULL) at += strlen(name);
    for (;; skip--) {
        while (*at == ' ' || *at == '\t') at++;
        if (*at == '\0' || *at == '\n') return NULL;
        *value = 0;
        for (; *at != ' ' && *at != '\t' && *at != '\n' && *at != '\0'; at++)
            *value = *value * (unsigned)base + (unsigned)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
        if (skip == 0) return at;
    }
}

static int take_groups(char *status) {
    enum { MOST = 1024 };
    gid_t groups[MOST];
    size_t count = 0;
    unsigned long long value;
    char *at = number(status, "\nGroups:", 0, 10, &value);
    for (; at != NULL && count < MOST; at = number(at, NULL, 0, 10, &value)) groups[count++] = (gid_t)value;
    return (int)syscall(SYS_setgroups, count, groups);
}

// Exec as root gives every capability of the bounding set, and those of the inheritable one (capabilities(7)).
static int drop_capabilities(char *status) {
    unsigned long long kept = 0;
    if (number(status, "\nCapBnd:", 0, 16, &kept) == NULL) kept = 0;
    for (int i = 0; i < 64; i++)
        if (!(kept >> i & 1) && prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1 && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0)
            return -1;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0) return -1;
    data[0].inheritable = data[1].inheritable = 0;
    return (int)syscall(SYS_capset, &header, data);
}

// The file is opened here, because it tells the ids as they are in its reader's user namespace (user_namespaces(7)).
static int take_rights(const struct model *model, int privileged) {
    char status[16384];
    int file = openat(model->directory, "status", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, status, sizeof status - 1);
    if (file >= 0) close(file);
    if (length <= 0) return -1;
    status[length] = '\0';
    unsigned long long user, group;
    if (number(status, "\nUid:", 1, 10, &user) == NULL || number(status, "\nGid:", 1, 10, &group) == NULL) {
        errno = EBADMSG;
        return -1;
    }
    if (!privileged && geteuid() == user && getegid() == group) return 0;
    // A user namespace may forbid it to everybody; our own groups were given up before it was entered.
    if (take_groups(status) != 0 && model->user_namespace < 0) return -1;
    if (drop_capabilities(status) != 0) return -1;
    if (syscall(SYS_setresgid, (gid_t)group, (gid_t)group, (gid_t)group) != 0) return -1;
    return (int)syscall(SYS_setresuid, (uid_t)user, (uid_t)user, (uid_t)user);
}

static void become(const struct model *model, int socket, char *const argv[], char *const envp[]) {
    int privileged = geteuid() == 0;
    if (privileged && syscall(SYS_setgroups, 0, NULL) != 0) return;
    if (enter_tree(model) != 0) return;
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dup2(socket, 0) < 0 || dup2(socket, 1) < 0) return;
    if (nothing >= 0) dup2(nothing, 2); else close(2);
    setpgid(0, 0);
    if (take_rights(model, privileged) != 0) return;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    syscall(SYS_execveat, model->program, "", argv, envp, AT_EMPTY_PATH);
}

struct likeness {
    struct model model;
    int socket;
    char *const *argv, *const *envp;
};

static void become_like(const void *context) {
    const struct likeness *like = context;
    become(&like->model, like->socket, like->argv, like->envp);
}

long midflight_spawn_like(
    pid_t pid, const char *program, int foreign, int socket, char *const argv[], char *const envp[]) {
    struct likeness like = { .socket = socket, .argv = argv, .envp = envp };
    long result = open_model(pid, program, foreign, &like.model);
    if (result == 0) result = midflight_fork(become_like, &like);
    close_model(&like.model);
    return result;
}
