// SPDX-License-Identifier: Apache-2.0
// An approved program of ordinary use: makes the file that it is told to.
#include <fcntl.h>

int main(int count, char** words) { return count < 2 || open(words[1], O_CREAT | O_WRONLY, 0666) < 0; }
