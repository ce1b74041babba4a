// SPDX-License-Identifier: Apache-2.0
// An approved program that needs a library, libgreet.so.
void greet(void);

int main(void) {
  greet();
  return 0;
}
