// SPDX-License-Identifier: Apache-2.0
// What bench/lockdown.py times: lockdown_load exec N PROGRAM | open N FILE... | first FOLDER | walk FOLDER.
// Prints nanoseconds each.
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most_files = 65536 };

static char* files[most_files];
static long file_count;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void start(char* program) {
  char* words[] = {program, 0};
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    execv(program, words);
    _exit(127);
  }
  waitpid(child, &status, 0);
  if (status != 0) {
    fprintf(stderr, "%s did not run\n", program);
    exit(1);
  }
}

static void open_close(const char* name, int read_it) {
  char bytes[4096];
  const int file = open(name, O_RDONLY);
  if (file < 0) {
    perror(name);
    exit(1);
  }
  if (read_it && read(file, bytes, sizeof bytes) < 0) exit(1);
  close(file);
}

static int collect(const char* name, const struct stat* status, int kind, struct FTW* where) {
  (void)where;
  if (kind == FTW_F && S_ISREG(status->st_mode) && file_count < most_files)
    files[file_count++] = strdup(name);
  return 0;
}

static int walk(const char* name, const struct stat* status, int kind, struct FTW* where) {
  (void)where;
  if (kind == FTW_F && S_ISREG(status->st_mode)) {
    open_close(name, 1);
    ++file_count;
  }
  return 0;
}

static double time_exec(long count, char* program) {
  for (long at = 0; at < 20; ++at) start(program);
  const double begun = now();
  for (long at = 0; at < count; ++at) start(program);
  return (now() - begun) / (double)count;
}

static double time_open(long count, char** names) {
  long used = 0;
  for (char** name = names; *name; ++name, ++used) open_close(*name, 0);
  const double begun = now();
  for (long at = 0; at < count; ++at) open_close(names[at % used], 0);
  return (now() - begun) / (double)count;
}

/// Files that nobody has opened yet, of which the kernel knows all but that.
static double time_first(const char* folder) {
  if (nftw(folder, collect, 64, FTW_PHYS) != 0 || file_count == 0) exit(1);
  const double begun = now();
  for (long at = 0; at < file_count; ++at) open_close(files[at], 0);
  return (now() - begun) / (double)file_count;
}

static double time_walk(const char* folder) {
  const double begun = now();
  if (nftw(folder, walk, 64, FTW_PHYS) != 0 || file_count == 0) exit(1);
  return (now() - begun) / (double)file_count;
}

int main(int count, char** words) {
  double each = -1;
  if (count > 3 && !strcmp(words[1], "exec")) each = time_exec(atol(words[2]), words[3]);
  if (count > 3 && !strcmp(words[1], "open")) each = time_open(atol(words[2]), words + 3);
  if (count > 2 && !strcmp(words[1], "first")) each = time_first(words[2]);
  if (count > 2 && !strcmp(words[1], "walk")) each = time_walk(words[2]);
  if (each < 0) return 2;
  printf("%.1f\n", each);
  return 0;
}
