#ifndef CINTERRUPTION_H
#define CINTERRUPTION_H

// Signals that ask the program to end (SIGINT, which is Ctrl-C, SIGTERM and SIGHUP), received as a flag. In C, since a
// signal handler may only do what is async-signal-safe: here it reads and writes lock-free atomics, and calls _exit.

/// What a signal does while some work is going on.
enum interruption_policy {
  /// It ends the program at once.
  interruption_exits,
  /// The first one only sets the flag, for the work to ask; the second one ends the program at once.
  interruption_is_noted_once,
  /// It only sets the flag, however many come.
  interruption_is_noted,
};

/// Begins to receive the signals. SIGHUP stays ignored where it was ignored at the start, as under nohup.
void interruption_install(void);

/// The number of the first signal received, or 0.
int interruption_signal(void);

/// Sets what signals do from now on, and returns what they did before. When it returns, no handler is still about to end
/// the program by the old policy.
enum interruption_policy interruption_set_policy(enum interruption_policy policy);

#endif
