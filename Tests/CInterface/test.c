// Tests of the C interface from C: `test MODEL WORD…` walks along each word, of a model that decides its end, and holds the
// sums of log-probabilities against the scores; and it asks for what cannot be.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chainrule.h"

#define CHECK(condition)                                                         \
  do {                                                                           \
    if (!(condition)) {                                                          \
      fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #condition, chainrule_last_error()); \
      exit(1);                                                                   \
    }                                                                            \
  } while (0)

// The index of a letter, by the names of the symbols.
static int32_t index_of(const chainrule_model *model, int32_t size, char letter) {
  for (int32_t symbol = 0; symbol < size; symbol += 1) {
    char name[8];
    size_t length;
    CHECK(chainrule_symbol(model, symbol, name, sizeof name, &length) == CHAINRULE_OK);
    if (length == 1 && name[0] == letter) return symbol;
  }
  fprintf(stderr, "the model has no symbol %c\n", letter);
  exit(1);
}

// −log P of a word, by the walk; every step's probabilities are to add up to 1.
static double walk_nats(const chainrule_model *model, int32_t size, const int32_t *word, size_t length) {
  chainrule_walk *walk, *copy;
  double *next = malloc((size_t)(size + 1) * sizeof *next), nats = 0;
  CHECK(chainrule_walk_start(model, -1, &walk) == CHAINRULE_OK);
  for (size_t time = 0; time <= length; time += 1) {
    CHECK(chainrule_walk_next(walk, next) == CHAINRULE_OK);
    double sum = 0;
    for (int32_t outcome = 0; outcome <= size; outcome += 1) sum += exp(next[outcome]);
    CHECK(fabs(sum - 1) < 1e-9);
    nats -= next[time < length ? word[time] : size];
    if (time == length) break;
    // A copy does not notice that the walk continues.
    CHECK(chainrule_walk_copy(walk, &copy) == CHAINRULE_OK);
    CHECK(chainrule_walk_advance(walk, word[time]) == CHAINRULE_OK);
    const double before = next[0];
    CHECK(chainrule_walk_next(copy, next) == CHAINRULE_OK);
    CHECK(next[0] == before);
    chainrule_walk_free(copy);
  }
  chainrule_walk_free(walk);
  free(next);
  return nats;
}

static void refusals(const char *path, const chainrule_model *model, int32_t size) {
  chainrule_model *none = NULL;
  chainrule_walk *walk;
  int32_t number;
  size_t length;
  char name[8];
  double nats[2];
  const int64_t falling[] = {0, 2, 1}, late[] = {1, 1}, one[] = {0, 1};
  const int32_t outside[] = {size, 0}, negative[] = {-1};
  CHECK(chainrule_load(NULL, &none) == CHAINRULE_USAGE);
  CHECK(chainrule_load(path, NULL) == CHAINRULE_USAGE);
  CHECK(chainrule_load("\xff", &none) == CHAINRULE_USAGE);
  CHECK(chainrule_load("-", &none) == CHAINRULE_USAGE);
  CHECK(chainrule_load("no such file", &none) == CHAINRULE_NO_INPUT);
  CHECK(strstr(chainrule_last_error(), "no such file") != NULL);
  CHECK(chainrule_load(__FILE__, &none) == CHAINRULE_DATA && none == NULL);
  CHECK(chainrule_alphabet_size(NULL, &number) == CHAINRULE_USAGE);
  CHECK(chainrule_symbol(model, size, name, sizeof name, &length) == CHAINRULE_USAGE);
  CHECK(chainrule_symbol(model, -1, name, sizeof name, &length) == CHAINRULE_USAGE);
  CHECK(chainrule_symbol(model, 0, name, 0, &length) == CHAINRULE_BUFFER_TOO_SMALL && length == 1);
  CHECK(chainrule_score(model, outside, one, 1, nats) == CHAINRULE_USAGE);
  CHECK(chainrule_score(model, negative, one, 1, nats) == CHAINRULE_USAGE);
  CHECK(chainrule_score(model, outside, falling, 2, nats) == CHAINRULE_USAGE);
  CHECK(chainrule_score(model, negative, late, 1, nats) == CHAINRULE_USAGE);
  CHECK(chainrule_score(model, NULL, one, 1, nats) == CHAINRULE_USAGE);
  CHECK(chainrule_score(model, NULL, one, -1, nats) == CHAINRULE_USAGE);
  CHECK(chainrule_walk_start(model, 3, &walk) == CHAINRULE_USAGE);
  CHECK(chainrule_walk_start(NULL, -1, &walk) == CHAINRULE_USAGE);
  CHECK(chainrule_walk_next(NULL, nats) == CHAINRULE_USAGE);
  CHECK(chainrule_walk_start(model, -1, &walk) == CHAINRULE_OK);
  CHECK(chainrule_walk_next(walk, NULL) == CHAINRULE_USAGE);
  CHECK(chainrule_walk_advance(walk, size) == CHAINRULE_USAGE);
  CHECK(chainrule_walk_advance(walk, INT32_MIN) == CHAINRULE_USAGE);
  chainrule_walk_free(walk);
  chainrule_walk_free(NULL);
  chainrule_free(NULL);
}

static void samples(const chainrule_model *model) {
  enum { count = 50 };
  int64_t offsets[count + 1], again[2];
  uint8_t complete[count];
  int32_t *symbols = malloc(1000 * count * sizeof *symbols), few[1], *one = malloc(1000 * sizeof *one);
  double nats[count];
  CHECK(chainrule_sample(model, 7, 0, count, 1000, few, 1, offsets, NULL) == CHAINRULE_BUFFER_TOO_SMALL);
  const int64_t needed = offsets[count];
  CHECK(needed > 1 && needed <= 1000 * count);
  CHECK(chainrule_sample(model, 7, 0, count, 1000, symbols, needed, offsets, complete) == CHAINRULE_OK);
  CHECK(chainrule_score(model, symbols, offsets, count, nats) == CHAINRULE_OK);
  for (int i = 0; i < count; i += 1) CHECK(complete[i] == 1 && isfinite(nats[i]));
  // A sample depends on its number alone.
  CHECK(chainrule_sample(model, 7, 31, 1, 1000, one, 1000, again, NULL) == CHAINRULE_OK);
  CHECK(again[1] == offsets[32] - offsets[31]);
  CHECK(memcmp(one, symbols + offsets[31], (size_t)again[1] * sizeof *one) == 0);
  // None is longer than it may be, and who is cut is not complete.
  CHECK(chainrule_sample(model, 7, 0, count, 1, symbols, count, offsets, complete) == CHAINRULE_OK);
  CHECK(offsets[count] <= count && complete[0] <= 1);
  CHECK(chainrule_sample(model, 7, -1, count, 1, symbols, count, offsets, NULL) == CHAINRULE_USAGE);
  CHECK(strstr(chainrule_last_error(), "first is -1: it must be from 0 to 2^48") != NULL);
  CHECK(chainrule_sample(model, 7, INT64_MAX, count, 1, symbols, count, offsets, NULL) == CHAINRULE_USAGE);
  free(symbols);
  free(one);
}

int main(int argc, char **argv) {
  CHECK(argc > 2);
  CHECK(chainrule_last_error()[0] == 0);
  chainrule_model *model;
  int32_t size;
  CHECK(chainrule_load(argv[1], &model) == CHAINRULE_OK);
  CHECK(chainrule_alphabet_size(model, &size) == CHAINRULE_OK);
  for (int i = 2; i < argc; i += 1) {
    const size_t length = strlen(argv[i]);
    int32_t *word = malloc((length + 1) * sizeof *word);
    for (size_t time = 0; time < length; time += 1) word[time] = index_of(model, size, argv[i][time]);
    const int64_t offsets[] = {0, (int64_t)length};
    double nats;
    CHECK(chainrule_score(model, word, offsets, 1, &nats) == CHAINRULE_OK);
    // Networks compute in single precision, and batches in another order than walks.
    const double steps = walk_nats(model, size, word, length);
    CHECK(nats == steps || fabs(nats - steps) < 1e-5 * (1 + nats));
    printf("%s\t%.9f\n", argv[i], nats);
    free(word);
  }
  refusals(argv[1], model, size);
  samples(model);
  chainrule_free(model);
  return 0;
}
