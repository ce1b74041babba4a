// SPDX-License-Identifier: Apache-2.0
// Many processes open and start approved files without pause, while a file that is not approved is tried:
// flood FILE SECONDS.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { openers = 48, starters = 16 };

static void start(char* name) {
  char* none[] = {name, 0};
  const pid_t child = vfork();
  if (child == 0) {
    execv(name, none);
    _exit(127);
  }
  waitpid(child, 0, 0);
}

static void open_all_the_time(void) {
  for (;;) {
    const int file = open("/usr/bin/bash", O_RDONLY);
    if (file >= 0) close(file);
  }
}

static void start_all_the_time(void) {
  for (;;) start("/usr/bin/true");
}

int main(int count, char** words) {
  if (count < 3) return 2;
  pid_t children[openers + starters];
  for (int at = 0; at < openers + starters; ++at) {
    children[at] = fork();
    if (children[at] == 0) at < openers ? open_all_the_time() : start_all_the_time();
  }
  const time_t end = time(0) + atoi(words[2]);
  int times = 0;
  for (; time(0) < end && access("/marks/ran", F_OK) != 0; ++times) start(words[1]);
  for (int at = 0; at < openers + starters; ++at) kill(children[at], SIGKILL);
  fprintf(stderr, "flood: %d tries\n", times);
  return 0;
}
