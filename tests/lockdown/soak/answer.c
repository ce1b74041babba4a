// SPDX-License-Identifier: Apache-2.0
// Says by its exit code that it ran.
int main(void) { return ANSWER; }
