// SPDX-License-Identifier: MIT
// The C23 names of strtol and its kin. clang 19's runtimes call them by way of the C library, and that of Debian 12 (2.36) has none: reading a
// dictionary would jump to address 0. From 2.38 on the library has them, and std::strtol is one of them.
#include <cstdlib>

#if defined(__GLIBC__) && !__GLIBC_PREREQ(2, 38)
extern "C" {
long __isoc23_strtol(const char* text, char** end, int base) { return std::strtol(text, end, base); }
unsigned long __isoc23_strtoul(const char* text, char** end, int base) { return std::strtoul(text, end, base); }
long long __isoc23_strtoll(const char* text, char** end, int base) { return std::strtoll(text, end, base); }
unsigned long long __isoc23_strtoull(const char* text, char** end, int base) { return std::strtoull(text, end, base); }
}
#endif
