#include "CInterruption.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

static atomic_int first_signal;
static atomic_int current_policy = interruption_exits;
/// How many handlers are between reading the policy and acting on it.
static atomic_int deciding;

static void receive(int signal_number) {
  atomic_fetch_add(&deciding, 1);
  int none = 0;
  const bool is_first = atomic_compare_exchange_strong(&first_signal, &none, signal_number);
  const int policy = atomic_load(&current_policy);
  if (policy == interruption_exits || (policy == interruption_is_noted_once && !is_first)) _exit(128 + signal_number);
  atomic_fetch_sub(&deciding, 1);
}

void interruption_install(void) {
  struct sigaction action = {.sa_handler = receive, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  struct sigaction before;
  if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, NULL);
  // A program that is started from a thread that blocks signals, as those of libdispatch do, inherits that.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

int interruption_signal(void) { return atomic_load(&first_signal); }

enum interruption_policy interruption_set_policy(enum interruption_policy policy) {
  const int before = atomic_exchange(&current_policy, policy);
  while (atomic_load(&deciding) > 0) sched_yield();
  return (enum interruption_policy)before;
}
