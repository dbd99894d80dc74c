#include "chainrule_error.h"

#include "chainrule.h"

static _Thread_local char last_error[2048];

const char *chainrule_last_error(void) { return last_error; }

void chainrule_set_last_error(const char *sentence) {
  size_t length = 0;
  while (sentence[length] != 0 && length < sizeof last_error - 1) length += 1;
  // Not in the midst of a character.
  if (sentence[length] != 0) {
    while (length > 0 && ((unsigned char)sentence[length] & 0xC0) == 0x80) length -= 1;
  }
  for (size_t i = 0; i < length; i += 1) last_error[i] = sentence[i];
  last_error[length] = 0;
}
