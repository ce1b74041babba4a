// SPDX-License-Identifier: Apache-2.0
// What must not be loaded. Inert: loading it leaves a mark. The names are those that programs look for in
// their plug-ins.
#include <fcntl.h>

__attribute__((constructor)) static void leave_mark(void) {
  (void)open("/marks/ran", O_CREAT | O_WRONLY, 0666);
}

int plugin_is_GPL_compatible = 1;

unsigned la_version(unsigned version) { return version; }

void greet(void) {}
