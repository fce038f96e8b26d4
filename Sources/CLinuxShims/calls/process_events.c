#define _GNU_SOURCE
#include "CLinuxShims.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Where the fields of an event lie in its message.
enum {
    CONNECTOR = NLMSG_HDRLEN,
    EVENT = CONNECTOR + sizeof(struct cn_msg),
    DATA_OF_MESSAGE = EVENT,
    WHAT = EVENT + offsetof(struct proc_event, what),
    DATA = EVENT + offsetof(struct proc_event, event_data),
    ACTOR = DATA + 4, // of parent_pid, parent_tgid, child_pid, child_tgid; of an exec's process_pid, process_tgid
    CHILD = DATA + 8,
    CHILD_GROUP = DATA + 12,
    SMALLEST = DATA + 8,
};

static long subscribe(int fd) {
    // A message with variable size cannot be a member: the parts are laid into the bytes one after the other.
    const struct nlmsghdr header = {.nlmsg_len = DATA_OF_MESSAGE + sizeof(uint32_t), .nlmsg_type = NLMSG_DONE};
    const struct cn_msg message = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof(uint32_t)};
    const uint32_t operation = PROC_CN_MCAST_LISTEN;
    char request[DATA_OF_MESSAGE + sizeof operation] = {0};
    memcpy(request, &header, sizeof header);
    memcpy(request + CONNECTOR, &message, sizeof message);
    memcpy(request + DATA_OF_MESSAGE, &operation, sizeof operation);
    if (send(fd, request, sizeof request, 0) < 0) return -errno;
    // The kernel answers every listener; outside of the first pid or user namespace it stays silent for ever.
    char buffer[1024];
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    for (int left = 16; left > 0 && poll(&polled, 1, 50) > 0; left--) {
        ssize_t count = recv(fd, buffer, sizeof buffer, 0);
        if (count < (ssize_t)SMALLEST) continue;
        uint32_t what, error;
        memcpy(&what, buffer + WHAT, 4);
        memcpy(&error, buffer + DATA, 4);
        if (what == PROC_EVENT_NONE) return error == 0 ? fd : -(long)error;
    }
    return -EPERM;
}

long midflight_process_events_open(void) {
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
    if (fd < 0) return -errno;
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
    long result = bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -errno : subscribe(fd);
    if (result < 0) close(fd);
    return result;
}

// Loads of a socket filter give host order of big-endian words: the constants are turned instead of the message.
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(value), yes, no)
#define RETURN(count) BPF_STMT(BPF_RET | BPF_K, count)
#define ALL 0xffff

long midflight_process_events_filter(int fd, const int32_t *pids, size_t count, int any_exec) {
    if (count > MIDFLIGHT_PROCESS_EVENTS_MOST) return -E2BIG;
    struct sock_filter code[2 * MIDFLIGHT_PROCESS_EVENTS_MOST + 16] = {
        [0] = LOAD(WHAT),
        [1] = EQUAL(PROC_EVENT_EXEC, any_exec ? 6 : 7, 0),
        [2] = EQUAL(PROC_EVENT_FORK, 0, 4),
        [3] = LOAD(CHILD), // a new thread differs from its group's first
        [4] = BPF_STMT(BPF_MISC | BPF_TAX, 0),
        [5] = LOAD(CHILD_GROUP),
        [6] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 2, 0),
        [7] = RETURN(0),
        [8] = RETURN(ALL),
        [9] = LOAD(ACTOR),
    };
    size_t n = 10;
    for (size_t i = 0; i < count; i++) {
        code[n++] = (struct sock_filter)EQUAL((uint32_t)pids[i], 0, 1);
        code[n++] = (struct sock_filter)RETURN(ALL);
    }
    code[n++] = (struct sock_filter)RETURN(0);
    struct sock_fprog program = {.len = (unsigned short)n, .filter = code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? -errno : 0;
}

long midflight_process_events_read(int fd, struct midflight_process_event *event) {
    char buffer[1024];
    for (;;) {
        struct sockaddr_nl sender;
        socklen_t length = sizeof sender;
        ssize_t count = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&sender, &length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (sender.nl_pid != 0 || count < (ssize_t)SMALLEST) continue; // anybody may write to a netlink socket
        uint32_t what;
        memcpy(&what, buffer + WHAT, 4);
        memcpy(&event->actor, buffer + ACTOR, 4);
        if (what == PROC_EVENT_FORK && count >= (ssize_t)(CHILD_GROUP + 4)) {
            memcpy(&event->child, buffer + CHILD_GROUP, 4);
            return 1;
        }
        event->child = 0;
        if (what == PROC_EVENT_EXEC) return 1;
    }
}
