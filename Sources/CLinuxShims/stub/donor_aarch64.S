// What runs in the target, aarch64, position independent. Two entries in one page:
//  * the donor: a thread of the target that was stopped in a system call. It starts the agent's thread and returns
//    through the signal frame on its own stack: the kernel puts every register, flag and vector back, and the mask.
//    There is no jump that needs no register, so the stub could not do that itself.
//  * the agent's thread: makes two pipes, waits until the tool has its ends, takes the GIL, runs one line
//    of Python, gives everything back and unmaps this page.
// x19 is the address of struct midflight_page in both. Words that the other side waits for are written with stlr and read
// with ldar. Calls out go through blr, and the last one through x16, so that they may land on `bti c`.
#if defined(__aarch64__)
#include "donor_page.h"

#define FUNCTION(index) [x19, #(PAGE_FUNCTIONS + 8 * (index))]
#define SYS_PIPE2 59
#define SYS_CLOSE 57
#define SYS_PPOLL 73
#define SYS_NANOSLEEP 101
#define SYS_CLOCK_GETTIME 113
#define SYS_SCHED_YIELD 124
#define SYS_RT_SIGPROCMASK 135
#define SYS_PRCTL 167
#define SYS_MUNMAP 215
#define SYS_MADVISE 233

    .macro call index
    ldr x16, FUNCTION(\index)
    blr x16
    .endm
    .macro status value
    mov w9, #\value
    add x10, x19, #PAGE_AGENT_STATUS
    stlr w9, [x10]
    .endm

    .text
    .globl midflight_stub_begin, midflight_stub_end, midflight_donor_entry, midflight_agent_entry, midflight_resume
    .balign 16
midflight_resume:                               // the code page holds no word of the way back
midflight_stub_begin:
midflight_donor_entry:                        // sp: the scratch stack, 16-aligned; signals: as the thread's own
    mov w9, #DONOR_ENTERED
    str w9, [x19, #PAGE_DONOR_STATUS]
    mov x0, #2                      // SIG_SETMASK: the new thread inherits "all blocked"; the frame has the old mask
    add x1, x19, #PAGE_ALL_MASK
    mov x2, #0
    mov x3, #8
    mov x8, #SYS_RT_SIGPROCMASK
    svc #0
    mov x29, #0                     // end of the frame chain for unwinders
    add x0, x19, #PAGE_THREAD
    mov x1, #0
    ldr x2, [x19, #PAGE_AGENT_ENTRY]
    mov x3, x19
    call FN_PTHREAD_CREATE
    str x0, [x19, #PAGE_CREATE_RESULT]
    cbnz w0, 2f
    ldr x0, [x19, #PAGE_THREAD]
    call FN_PTHREAD_DETACH
    mov w20, #4000
1:
    add x9, x19, #PAGE_AGENT_STATUS
    ldar w9, [x9]
    cmp w9, #AGENT_HAS_THREAD_STATE
    b.ge 2f
    mov x8, #SYS_SCHED_YIELD
    svc #0
    subs w20, w20, #1
    b.ne 1b
2:  ldr x10, [x19, #PAGE_RESUME]
    ldr x30, [x19, #(PAGE_RESUME + 8)]
    mov sp, x10
    mov w9, #DONOR_LEFT
    stlr w9, [x19]                  // PAGE_DONOR_STATUS is 0
    ret                             // one instruction from here on in this page

midflight_agent_entry:                        // x0: the page
    stp x29, x30, [sp, #-48]!
    mov x29, sp
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    mov x19, x0
    status AGENT_STARTED
    mov x0, #15                     // PR_SET_NAME
    adr x1, thread_name
    mov x2, #0
    mov x3, #0
    mov x4, #0
    mov x8, #SYS_PRCTL
    svc #0
    ldp x0, x1, [x19, #PAGE_MAPPING_BASE]
    mov x2, #10                     // MADV_DONTFORK
    mov x8, #SYS_MADVISE
    svc #0
    add x0, x19, #PAGE_FDS
    bl pipe
    cbnz w0, refuse
    add x0, x19, #(PAGE_FDS + 8)
    bl pipe
    cbnz w0, close_first_pipe
    mov w9, #AGENT_HAS_PIPES
    add x10, x19, #PAGE_AGENT_STATUS
    stlr w9, [x10]                  // after the descriptors
1:  add x9, x19, #PAGE_TAKEN
    ldar w9, [x9]
    cmp w9, #TAKEN_GO
    b.eq taken
    cmp w9, #TAKEN_CANCEL
    b.eq close_both_pipes
    mov x0, #1                      // CLOCK_MONOTONIC
    add x1, x19, #PAGE_NOW
    mov x8, #SYS_CLOCK_GETTIME
    svc #0
    ldr x9, [x19, #PAGE_NOW]
    ldr x10, [x19, #PAGE_DEADLINE]
    cmp x9, x10
    b.ge close_both_pipes
    adr x0, short_nap
    bl nap
    b 1b
close_both_pipes:
    ldr w0, [x19, #(PAGE_FDS + 8)]
    bl close_fd
    ldr w0, [x19, #(PAGE_FDS + 12)]
    bl close_fd
close_first_pipe:
    ldr w0, [x19, #PAGE_FDS]
    bl close_fd
    ldr w0, [x19, #(PAGE_FDS + 4)]
    bl close_fd
refuse:
    status AGENT_REFUSED
    b leave
taken:
    ldr w0, [x19, #(PAGE_FDS + 4)]
    bl close_fd
    ldr w0, [x19, #(PAGE_FDS + 8)]
    bl close_fd
    status AGENT_TAKEN
    call FN_IS_INITIALIZED
    cbz w0, unfit
    ldr x16, FUNCTION(FN_IS_FINALIZING)
    cbz x16, 1f
    blr x16
    cbnz w0, unfit
1:  call FN_INTERPRETER_MAIN
    call FN_THREAD_STATE_NEW               // its argument is the result
    mov x20, x0
    cbz x20, no_thread_state
    status AGENT_HAS_THREAD_STATE
    mov x0, x20
    call FN_ACQUIRE_THREAD
    status AGENT_HAS_GIL
    add x9, x19, #PAGE_TAKEN
    ldar w9, [x9]
    mov w22, #AGENT_CANCELLED
    cmp w9, #TAKEN_CANCEL
    b.eq release
    ldr w9, [x19, #PAGE_FDS]           // has the tool gone? ppoll({fd, 0}, 1, {0, 0}, 0) reports POLLHUP
    str w9, [x19, #PAGE_NOW]
    str wzr, [x19, #(PAGE_NOW + 4)]
    stp xzr, xzr, [sp, #-16]!
    add x0, x19, #PAGE_NOW
    mov x1, #1
    mov x2, sp
    mov x3, #0
    mov x4, #8
    mov x8, #SYS_PPOLL
    svc #0
    add sp, sp, #16
    ldrh w9, [x19, #(PAGE_NOW + 6)]
    tst w9, #0x18
    b.ne release
    call FN_DICT_NEW
    mov x21, x0
    cbz x21, forget_error
    call FN_GET_BUILTINS                // borrowed
    mov x2, x0
    mov x0, x21
    adr x1, name_builtins
    call FN_DICT_SET_ITEM
    adr x0, format_two_ints
    ldr w1, [x19, #PAGE_FDS]
    ldr w2, [x19, #(PAGE_FDS + 12)]
    call FN_BUILD_VALUE             // variadic: as any other call on Linux (Apple's ABI differs)
    adr x1, name_fds
    bl put
    cbnz w0, drop_dict
    adr x0, thread_name             // a format that is wrong: -1 if the process has audit hooks, before one of them
    adr x1, format_wrong            // is called; else 0. From 3.14 on Python code cannot tell
    call FN_AUDIT
    mov w22, w0
    call FN_ERR_CLEAR
    adr x0, format_int
    mov w1, w22
    call FN_BUILD_VALUE
    adr x1, name_hooks
    bl put
    cbnz w0, drop_dict
    ldr x0, [x19, #PAGE_AGENT_CODE]
    ldr x1, [x19, #PAGE_AGENT_CODE_LENGTH]
    call FN_BYTES_NEW
    adr x1, name_agent
    bl put
    cbnz w0, drop_dict
    ldr x0, [x19, #PAGE_REQUEST]
    ldr x1, [x19, #PAGE_REQUEST_LENGTH]
    call FN_BYTES_NEW
    adr x1, name_request
    bl put
    cbnz w0, drop_dict
    ldr x0, [x19, #PAGE_TEXT]
    mov w1, #257                    // Py_file_input
    mov x2, x21
    mov x3, x21
    mov x4, #0
    call FN_RUN_STRING
    cbz x0, drop_dict
    call FN_DECREF
drop_dict:
    call FN_ERR_CLEAR
    mov x0, x21
    call FN_DECREF
forget_error:
    call FN_ERR_CLEAR
    status AGENT_RAN
    mov w22, #AGENT_RELEASED
release:
    mov x0, x20
    call FN_THREAD_STATE_CLEAR
    call FN_THREAD_STATE_DELETE            // lets the GIL go
    add x10, x19, #PAGE_AGENT_STATUS
    stlr w22, [x10]
    b close_ours
no_thread_state:
    status AGENT_REFUSED
    b close_ours
unfit:                              // the interpreter is not there yet, or not any more
    status AGENT_UNFIT
close_ours:
    ldr w0, [x19, #PAGE_FDS]
    bl close_fd
    ldr w0, [x19, #(PAGE_FDS + 12)]
    bl close_fd
leave:
    mov w20, #1000                  // 5 s for the donor to leave
1:  ldar w9, [x19]
    cmp w9, #DONOR_LEFT
    b.eq 2f
    adr x0, long_nap
    bl nap
    subs w20, w20, #1
    b.ne 1b
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x29, x30, [sp], #48
    mov x0, #0
    ret
2:  mov w20, #20                    // its last instruction: the tool saw it elsewhere, or 100 ms
3:  add x9, x19, #PAGE_GONE
    ldar w9, [x9]
    cbnz w9, 4f
    adr x0, long_nap
    bl nap
    subs w20, w20, #1
    b.ne 3b
4:  mov x0, #SYS_MUNMAP
    ldp x1, x2, [x19, #PAGE_MAPPING_BASE]
    ldr x16, FUNCTION(FN_SYSCALL)
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x29, x30, [sp], #48
    br x16                          // x16: BTYPE 01, which `bti c` takes; returns into libc's thread start

put:                                // dict[x1] = x0, whose reference is given up; w0 = 0 if done
    cbz x0, 1f
    stp x30, x22, [sp, #-16]!
    mov x22, x0
    mov x2, x0
    mov x0, x21
    call FN_DICT_SET_ITEM
    stp x0, xzr, [sp, #-16]!
    mov x0, x22
    call FN_DECREF
    ldp x0, xzr, [sp], #16
    ldp x30, x22, [sp], #16
    ret
1:  mov w0, #-1
    ret
pipe:
    mov x1, #0x80000                // O_CLOEXEC
    mov x8, #SYS_PIPE2
    svc #0
    ret
close_fd:
    mov x8, #SYS_CLOSE
    svc #0
    ret
nap:
    mov x1, #0
    mov x8, #SYS_NANOSLEEP
    svc #0
    ret

thread_name: .asciz "midflight"
format_two_ints: .asciz "(ii)"
name_builtins: .asciz "__builtins__"
name_fds: .asciz "F"
name_agent: .asciz "A"
name_request: .asciz "Q"
name_hooks: .asciz "H"
format_int: .asciz "i"
format_wrong: .asciz "!"
    .balign 8
short_nap: .quad 0, 50000
long_nap: .quad 0, 5000000
midflight_stub_end:
    .org midflight_stub_begin + 4096    // an error if the stub does not fit a page
#endif
    .section .note.GNU-stack, "", %progbits
