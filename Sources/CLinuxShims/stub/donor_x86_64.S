// What runs in the target, x86-64, position independent. Two entries in one page:
//  * the donor: a thread of the target that was stopped in a system call. It starts the agent's thread
//    and goes on where it was, every register and the whole XSAVE state as before.
//  * the agent's thread: makes two pipes, waits until the tool has its ends, takes the GIL, runs one line
//    of Python, gives everything back and unmaps this page.
// rbx is the address of struct midflight_page in both.
#if defined(__x86_64__)
#include "donor_page.h"

#define FUNCTION(index) (PAGE_FUNCTIONS + 8 * (index))(%rbx)
#define REGISTER(index) (PAGE_RESUME + 8 * (index))(%rbx)

#define SYS_CLOSE 3
#define SYS_POLL 7
#define SYS_MUNMAP 11
#define SYS_RT_SIGPROCMASK 14
#define SYS_SCHED_YIELD 24
#define SYS_MADVISE 28
#define SYS_NANOSLEEP 35
#define SYS_PRCTL 157
#define SYS_CLOCK_GETTIME 228
#define SYS_PIPE2 293

    .text
    .globl midflight_stub_begin, midflight_stub_end, midflight_donor_entry, midflight_agent_entry
    .globl midflight_resume
    .balign 16
midflight_stub_begin:

midflight_donor_entry:
    movl $DONOR_ENTERED, PAGE_DONOR_STATUS(%rbx)
    mov $SYS_RT_SIGPROCMASK, %eax       // the new thread inherits "all blocked"
    mov $2, %edi                        // SIG_SETMASK
    lea PAGE_ALL_MASK(%rbx), %rsi
    xor %edx, %edx
    mov $8, %r10d
    syscall
    mov %rsp, %rbp
    sub $16384, %rsp                    // room for every XSAVE component that x86-64 defines so far
    and $-64, %rsp
    cld
    xor %eax, %eax
    mov %rsp, %rdi
    mov $80, %ecx                       // legacy area and header must be zero before XSAVE
    rep stosq
    mov $-1, %eax
    mov $-1, %edx
    xsave (%rsp)
    lea PAGE_THREAD(%rbx), %rdi
    xor %esi, %esi
    mov PAGE_AGENT_ENTRY(%rbx), %rdx
    mov %rbx, %rcx
    call *FUNCTION(FN_PTHREAD_CREATE)
    mov %rax, PAGE_CREATE_RESULT(%rbx)
    test %eax, %eax
    jne 2f
    mov PAGE_THREAD(%rbx), %rdi
    call *FUNCTION(FN_PTHREAD_DETACH)
    mov $4000, %r12d                    // a bounded wait: the tool may be dead
1:  cmpl $AGENT_HAS_THREAD_STATE, PAGE_AGENT_STATUS(%rbx)
    jge 2f
    mov $SYS_SCHED_YIELD, %eax
    syscall
    dec %r12d
    jnz 1b
2:  mov $-1, %eax
    mov $-1, %edx
    xrstor (%rsp)
    mov %rbp, %rsp
    mov $SYS_RT_SIGPROCMASK, %eax
    mov $2, %edi
    lea PAGE_OLD_MASK(%rbx), %rsi
    xor %edx, %edx
    mov $8, %r10d
    syscall
    pushq REGISTER(15)
    popfq                               // nothing below changes a flag
    mov REGISTER(0), %rax
    mov REGISTER(1), %rcx
    mov REGISTER(2), %rdx
    mov REGISTER(3), %rsi
    mov REGISTER(4), %rdi
    mov REGISTER(5), %rbp
    mov REGISTER(7), %r8
    mov REGISTER(8), %r9
    mov REGISTER(9), %r10
    mov REGISTER(10), %r11
    mov REGISTER(11), %r12
    mov REGISTER(12), %r13
    mov REGISTER(13), %r14
    mov REGISTER(14), %r15
    mov REGISTER(6), %rsp
    movl $DONOR_LEFT, PAGE_DONOR_STATUS(%rbx)
    mov midflight_resume(%rip), %rbx
    jmp *(midflight_resume + 8)(%rip)
    .balign 8
midflight_resume: .quad 0, 0            // rbx, rip

midflight_agent_entry:
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15                           // rsp is a multiple of 16 again
    mov %rdi, %rbx
    movl $AGENT_STARTED, PAGE_AGENT_STATUS(%rbx)
    mov $SYS_PRCTL, %eax
    mov $15, %edi                       // PR_SET_NAME
    lea thread_name(%rip), %rsi
    xor %edx, %edx
    xor %r10d, %r10d
    xor %r8d, %r8d
    syscall
    mov $SYS_MADVISE, %eax              // children that are forked meanwhile do not have the mapping
    mov PAGE_MAPPING_BASE(%rbx), %rdi
    mov PAGE_MAPPING_LENGTH(%rbx), %rsi
    mov $10, %edx                       // MADV_DONTFORK
    syscall
    mov $SYS_PIPE2, %eax
    lea PAGE_FDS(%rbx), %rdi
    mov $0x80000, %esi                  // O_CLOEXEC
    syscall
    test %eax, %eax
    jne refuse
    mov $SYS_PIPE2, %eax
    lea (PAGE_FDS + 8)(%rbx), %rdi
    mov $0x80000, %esi
    syscall
    test %eax, %eax
    jne close_first_pipe
    movl $AGENT_HAS_PIPES, PAGE_AGENT_STATUS(%rbx)
1:  mov PAGE_TAKEN(%rbx), %eax
    cmp $TAKEN_GO, %eax
    je taken
    cmp $TAKEN_CANCEL, %eax
    je close_both_pipes
    mov $SYS_CLOCK_GETTIME, %eax
    mov $1, %edi                        // CLOCK_MONOTONIC
    lea PAGE_NOW(%rbx), %rsi
    syscall
    mov PAGE_NOW(%rbx), %rax
    cmp PAGE_DEADLINE(%rbx), %rax
    jge close_both_pipes
    lea short_nap(%rip), %rdi
    call nap
    jmp 1b

close_both_pipes:
    mov (PAGE_FDS + 8)(%rbx), %edi
    call close_fd
    mov (PAGE_FDS + 12)(%rbx), %edi
    call close_fd
close_first_pipe:
    mov PAGE_FDS(%rbx), %edi
    call close_fd
    mov (PAGE_FDS + 4)(%rbx), %edi
    call close_fd
refuse:
    movl $AGENT_REFUSED, PAGE_AGENT_STATUS(%rbx)
    jmp leave

taken:                                  // the tool has its ends: ours of them go
    mov (PAGE_FDS + 4)(%rbx), %edi
    call close_fd
    mov (PAGE_FDS + 8)(%rbx), %edi
    call close_fd
    movl $AGENT_TAKEN, PAGE_AGENT_STATUS(%rbx)
    call *FUNCTION(FN_IS_INITIALIZED)
    test %eax, %eax
    je unfit
    mov FUNCTION(FN_IS_FINALIZING), %rax
    test %rax, %rax
    je 1f
    call *%rax
    test %eax, %eax
    jne unfit
1:  call *FUNCTION(FN_INTERPRETER_MAIN)
    mov %rax, %rdi
    call *FUNCTION(FN_THREAD_STATE_NEW)
    mov %rax, %r12
    test %rax, %rax
    je no_thread_state
    movl $AGENT_HAS_THREAD_STATE, PAGE_AGENT_STATUS(%rbx)
    mov %r12, %rdi
    call *FUNCTION(FN_ACQUIRE_THREAD)
    movl $AGENT_HAS_GIL, PAGE_AGENT_STATUS(%rbx)
    cmpl $TAKEN_CANCEL, PAGE_TAKEN(%rbx)
    je cancelled
    mov PAGE_FDS(%rbx), %eax            // has the tool gone meanwhile? poll(fd, 0, 0) reports POLLHUP
    mov %eax, PAGE_NOW(%rbx)
    movl $0, (PAGE_NOW + 4)(%rbx)
    mov $SYS_POLL, %eax
    lea PAGE_NOW(%rbx), %rdi
    mov $1, %esi
    xor %edx, %edx
    syscall
    testb $0x18, (PAGE_NOW + 6)(%rbx)   // POLLERR | POLLHUP
    jne cancelled

    call *FUNCTION(FN_DICT_NEW)
    mov %rax, %r13
    test %rax, %rax
    je forget_error
    call *FUNCTION(FN_GET_BUILTINS)     // borrowed
    mov %r13, %rdi
    lea name_builtins(%rip), %rsi
    mov %rax, %rdx
    call *FUNCTION(FN_DICT_SET_ITEM)
    lea format_two_ints(%rip), %rdi
    mov PAGE_FDS(%rbx), %esi
    mov (PAGE_FDS + 12)(%rbx), %edx
    xor %eax, %eax
    call *FUNCTION(FN_BUILD_VALUE)
    lea name_fds(%rip), %rsi
    call put
    test %eax, %eax
    jne drop_dict
    lea thread_name(%rip), %rdi         // a format that is wrong: -1 if the process has audit hooks, before one of
    lea format_wrong(%rip), %rsi        // them is called; else 0. From 3.14 on Python code cannot tell
    xor %eax, %eax
    call *FUNCTION(FN_AUDIT)
    mov %eax, %r14d
    call *FUNCTION(FN_ERR_CLEAR)
    lea format_int(%rip), %rdi
    mov %r14d, %esi
    xor %eax, %eax
    call *FUNCTION(FN_BUILD_VALUE)
    lea name_hooks(%rip), %rsi
    call put
    test %eax, %eax
    jne drop_dict
    mov PAGE_AGENT_CODE(%rbx), %rdi
    mov PAGE_AGENT_CODE_LENGTH(%rbx), %rsi
    call *FUNCTION(FN_BYTES_NEW)
    lea name_agent(%rip), %rsi
    call put
    test %eax, %eax
    jne drop_dict
    mov PAGE_REQUEST(%rbx), %rdi
    mov PAGE_REQUEST_LENGTH(%rbx), %rsi
    call *FUNCTION(FN_BYTES_NEW)
    lea name_request(%rip), %rsi
    call put
    test %eax, %eax
    jne drop_dict
    mov PAGE_TEXT(%rbx), %rdi
    mov $257, %esi                      // Py_file_input
    mov %r13, %rdx
    mov %r13, %rcx
    xor %r8d, %r8d
    call *FUNCTION(FN_RUN_STRING)
    test %rax, %rax
    je drop_dict
    mov %rax, %rdi
    call *FUNCTION(FN_DECREF)
drop_dict:
    call *FUNCTION(FN_ERR_CLEAR)
    mov %r13, %rdi
    call *FUNCTION(FN_DECREF)
forget_error:
    call *FUNCTION(FN_ERR_CLEAR)
    movl $AGENT_RAN, PAGE_AGENT_STATUS(%rbx)
    mov $AGENT_RELEASED, %r14d
    jmp release
cancelled:
    mov $AGENT_CANCELLED, %r14d
release:
    mov %r12, %rdi
    call *FUNCTION(FN_THREAD_STATE_CLEAR)
    call *FUNCTION(FN_THREAD_STATE_DELETE)  // of the current thread; lets the GIL go
    mov %r14d, PAGE_AGENT_STATUS(%rbx)
    jmp close_ours
no_thread_state:
    movl $AGENT_REFUSED, PAGE_AGENT_STATUS(%rbx)
    jmp close_ours
unfit:                                  // the interpreter is not there yet, or not any more
    movl $AGENT_UNFIT, PAGE_AGENT_STATUS(%rbx)
close_ours:
    mov PAGE_FDS(%rbx), %edi
    call close_fd
    mov (PAGE_FDS + 12)(%rbx), %edi
    call close_fd

leave:
    mov $1000, %r12d                    // 5 s; a donor that needs longer keeps the page for ever
1:  cmpl $DONOR_LEFT, PAGE_DONOR_STATUS(%rbx)
    je 2f
    lea long_nap(%rip), %rdi
    call nap
    dec %r12d
    jnz 1b
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    ret
2:  mov $20, %r12d                      // the donor's last two instructions: the tool saw it elsewhere, or 100 ms
3:  cmpl $0, PAGE_GONE(%rbx)
    jne 4f
    lea long_nap(%rip), %rdi
    call nap
    dec %r12d
    jnz 3b
4:  mov $SYS_MUNMAP, %edi
    mov PAGE_MAPPING_BASE(%rbx), %rsi
    mov PAGE_MAPPING_LENGTH(%rbx), %rdx
    mov FUNCTION(FN_SYSCALL), %rax
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    jmp *%rax                           // syscall(SYS_munmap, …) returns into libc's thread start

close_fd:                               // edi
    mov $SYS_CLOSE, %eax
    syscall
    ret
nap:                                    // rdi = timespec
    xor %esi, %esi
    mov $SYS_NANOSLEEP, %eax
    syscall
    ret
put:                                    // dict[rsi] = rax, whose reference is given up; eax = 0 if done
    push %r15
    mov %rax, %r15
    test %rax, %rax
    je 1f
    mov %r13, %rdi
    mov %rax, %rdx
    call *FUNCTION(FN_DICT_SET_ITEM)
    push %rax
    sub $8, %rsp
    mov %r15, %rdi
    call *FUNCTION(FN_DECREF)
    add $8, %rsp
    pop %rax
    pop %r15
    ret
1:  mov $-1, %eax
    pop %r15
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
    .section .note.GNU-stack, "", @progbits
