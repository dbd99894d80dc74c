// For the implementation alone.
#ifndef CHAINRULE_ERROR_H
#define CHAINRULE_ERROR_H

// Keeps a copy of the sentence for `chainrule_last_error` in this thread, without what is beyond 2,047 bytes.
__attribute__((visibility("hidden"))) void chainrule_set_last_error(const char *sentence);

#endif
