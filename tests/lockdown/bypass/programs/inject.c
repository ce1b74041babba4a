// SPDX-License-Identifier: Apache-2.0
// Puts code into a running approved process: inject memory|ptrace|vm_writev. x86-64.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

// open("/marks/ran", O_CREAT|O_WRONLY, 0666); exit(0)
static unsigned char code[] =
    "\x48\x8d\x3d\x1a\x00\x00\x00\xbe\x41\x00\x00\x00\xba\xb6\x01\x00\x00\xb8\x02\x00\x00\x00\x0f\x05"
    "\x31\xff\xb8\x3c\x00\x00\x00\x0f\x05/marks/ran\0\0\0\0\0\0\0";

static void* place;

static void wait_to_be_changed(void) {
  for (;;) {
    usleep(20000);
    ((void (*)(void))place)();
  }
}

static int change(pid_t child, const char* kind) {
  if (!strcmp(kind, "vm_writev")) {
    const struct iovec from = {code, sizeof code}, to = {place, sizeof code};
    return process_vm_writev(child, &from, 1, &to, 1, 0) > 0;
  }
  if (!strcmp(kind, "memory")) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", child);
    return pwrite(open(path, O_RDWR), code, sizeof code, (off_t)(uintptr_t)place) > 0;
  }
  if (ptrace(PTRACE_ATTACH, child, 0, 0) != 0) return 0;
  waitpid(child, 0, 0);
  for (size_t at = 0; at + 8 <= sizeof code; at += 8) {
    long word = 0;
    memcpy(&word, code + at, 8);
    if (ptrace(PTRACE_POKETEXT, child, (char*)place + at, word) != 0) return 0;
  }
  return ptrace(PTRACE_DETACH, child, 0, 0) == 0;
}

int main(int count, char** words) {
  if (count < 2) return 2;
  const int writable = strcmp(words[1], "vm_writev") == 0 ? PROT_WRITE : 0;
  char* page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(page, 0xc3, 4096);
  mprotect(page, 4096, PROT_READ | PROT_EXEC | writable);
  place = page;
  const pid_t child = fork();
  if (child == 0) wait_to_be_changed();
  usleep(50000);
  if (!change(child, words[1])) perror(words[1]);
  usleep(300000);
  kill(child, SIGKILL);
  waitpid(child, 0, 0);
  return 0;
}
