#include "CLinuxShims.h"

// Packaging writes the commit over this section once the program is linked (scripts/dist), so that a new commit alone
// compiles nothing again. All zero in any other build. Volatile: the compiler must not take the zeros for granted.
__attribute__((section("mf_commit_text"), used, retain))
static const volatile char commit[48] = {0};

void midflight_commit(char *text) {
    for (unsigned i = 0; i < sizeof commit; i++) text[i] = commit[i];
    text[sizeof commit - 1] = 0;
}
