// Offsets of struct midflight_page (CLinuxShims.h), for the stubs; CLinuxShims.h asserts that both agree.
#ifndef MIDFLIGHT_DONOR_PAGE_H
#define MIDFLIGHT_DONOR_PAGE_H

#define PAGE_DONOR_STATUS 0
#define PAGE_AGENT_STATUS 4
#define PAGE_TAKEN 8
#define PAGE_GONE 12
#define PAGE_FDS 16
#define PAGE_DEADLINE 32
#define PAGE_NOW 40
#define PAGE_OLD_MASK 56
#define PAGE_ALL_MASK 64
#define PAGE_THREAD 72
#define PAGE_CREATE_RESULT 80
#define PAGE_MAPPING_BASE 88
#define PAGE_MAPPING_LENGTH 96
#define PAGE_AGENT_ENTRY 104
#define PAGE_AGENT_CODE 112
#define PAGE_AGENT_CODE_LENGTH 120
#define PAGE_REQUEST 128
#define PAGE_REQUEST_LENGTH 136
#define PAGE_TEXT 144
#define PAGE_RESUME 152
#define PAGE_FUNCTIONS 280

// Words of the donor's and the agent's progress.
#define DONOR_ENTERED 1
#define DONOR_LEFT 3
#define AGENT_STARTED 1
#define AGENT_HAS_PIPES 2
#define AGENT_TAKEN 3
#define AGENT_HAS_THREAD_STATE 5
#define AGENT_HAS_GIL 12
#define AGENT_RAN 13
#define AGENT_RELEASED 14
#define AGENT_REFUSED 100
#define AGENT_CANCELLED 101
#define AGENT_UNFIT 102
#define TAKEN_GO 1
#define TAKEN_CANCEL 2

// Indexes into functions[].
#define FN_PTHREAD_CREATE 0
#define FN_PTHREAD_DETACH 1
#define FN_SYSCALL 2
#define FN_IS_INITIALIZED 3
#define FN_IS_FINALIZING 4
#define FN_INTERPRETER_MAIN 5
#define FN_THREAD_STATE_NEW 6
#define FN_ACQUIRE_THREAD 7
#define FN_THREAD_STATE_CLEAR 8
#define FN_THREAD_STATE_DELETE 9
#define FN_DICT_NEW 10
#define FN_GET_BUILTINS 11
#define FN_DICT_SET_ITEM 12
#define FN_BUILD_VALUE 13
#define FN_BYTES_NEW 14
#define FN_RUN_STRING 15
#define FN_DECREF 16
#define FN_ERR_CLEAR 17
#define FN_AUDIT 18
#define FN_COUNT 19

#endif
