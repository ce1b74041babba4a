// SPDX-License-Identifier: Apache-2.0
// Changes what a name stands for while it is started again and again: race KIND GOOD BAD TARGET SECONDS
// [INTERPRETER]. KIND: rename, symlink (the name changes), write (the bytes of one file change in place). A
// file whose name ends in .bin holds each byte in another form, as payloads do that must not be seen.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most = 65536 };

static char **words, good[most], bad[most];
static size_t good_size, bad_size;

static size_t load(const char* name, char* bytes) {
  const int file = open(name, O_RDONLY);
  const ssize_t size = read(file, bytes, most);
  close(file);
  for (ssize_t at = 0; strstr(name, ".bin") && at < size; ++at) bytes[at] ^= 0x5a;
  return size < 0 ? 0 : (size_t)size;
}

static void put(const char* source) {
  char next[4096];
  snprintf(next, sizeof next, "%s.next", words[4]);
  unlink(next);
  const int made = words[1][0] == 's' ? symlink(source, next) : link(source, next);
  if (made == 0) (void)rename(next, words[4]);
}

static void write_over(int file, const char* bytes, size_t size) {
  (void)!pwrite(file, bytes, size, 0);
  (void)!ftruncate(file, (off_t)size);
}

static void* change(void* unused) {
  const int file = words[1][0] == 'w' ? open(words[4], O_RDWR) : -1;
  for (;;) {
    if (words[1][0] == 'w') {
      write_over(file, bad, bad_size);
      usleep(100);
      write_over(file, good, good_size);
    } else {
      put(words[3]);
      usleep(100);
      put(words[2]);
    }
    usleep(100);
  }
  return unused;
}

static void start(char* interpreter) {
  const pid_t child = fork();
  if (child == 0) {
    char* direct[] = {words[4], 0};
    char* through[] = {interpreter, words[4], 0};
    execv(interpreter ? interpreter : words[4], interpreter ? through : direct);
    _exit(127);
  }
  waitpid(child, 0, 0);
}

int main(int count, char** given) {
  words = given;
  if (count < 6) return 2;
  if (words[1][0] == 'w') {
    good_size = load(words[2], good);
    bad_size = load(words[3], bad);
  }
  pthread_t thread;
  if (pthread_create(&thread, 0, change, 0) != 0) return 1;
  const time_t end = time(0) + atoi(words[5]);
  int times = 0;
  for (; time(0) < end && access("/marks/ran", F_OK) != 0; ++times) start(count > 6 ? words[6] : 0);
  fprintf(stderr, "race: %d starts\n", times);
  return 0;
}
