// The C interface to fitted models: log-probabilities step by step, likelihoods and samples, without starting a program
// for each question. Symbols are their indices in the model's alphabet, 0 ..< alphabet size; log-probabilities are natural.
//
// Every function but the last three returns CHAINRULE_OK or another status, and then `chainrule_last_error` says in a
// sentence what was wrong. Arguments are checked: a null pointer, an index out of range or a broken file is a status.
// What a pointer points at, and how much room is there, is up to the caller.
//
// A model may be shared by threads. A walk is one thread's at a time. Both are freed by whoever got them; a walk keeps
// what it needs of its model.
#ifndef CHAINRULE_H
#define CHAINRULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A status, numbered as the program's exit codes are.
enum {
  CHAINRULE_OK = 0,
  CHAINRULE_BUFFER_TOO_SMALL = 1,  // call again with more room
  CHAINRULE_USAGE = 64,            // an argument that makes no sense, or not for this model
  CHAINRULE_DATA = 65,             // a broken model file
  CHAINRULE_NO_INPUT = 66,         // a file that is not there or cannot be read
  CHAINRULE_FAULT = 70             // a fault of the library
};
typedef int32_t chainrule_status;

// A fitted model.
typedef struct chainrule_model chainrule_model;
// A walk along one sequence: a model, and what it remembers of the symbols so far.
typedef struct chainrule_walk chainrule_walk;

// Reads a model file, as `chainrule train` writes it, or an ARPA file. The path is UTF-8.
chainrule_status chainrule_load(const char *path, chainrule_model **model);

// k, the number of symbols.
chainrule_status chainrule_alphabet_size(const chainrule_model *model, int32_t *size);

// Copies a symbol's name in UTF-8, without a zero behind it, into `buffer`, which has room for `capacity` bytes. `length`
// becomes the number of bytes that the name has, also where they are too many (CHAINRULE_BUFFER_TOO_SMALL).
chainrule_status chainrule_symbol(const chainrule_model *model, int32_t symbol, char *buffer, size_t capacity,
                                  size_t *length);

// −log P of `count` sequences, end included, into nats[0 ..< count]; infinity where a sequence is impossible. Sequence i is
// symbols[offsets[i] ..< offsets[i + 1]], so there are count + 1 offsets, which begin at 0 and do not fall.
chainrule_status chainrule_score(const chainrule_model *model, const int32_t *symbols, const int64_t *offsets,
                                 int64_t count, double *nats);

// Draws the samples number first ..< first + count of a seed, the same ones as `chainrule sample --seed`. Sample i is
// symbols[offsets[i] ..< offsets[i + 1]] (offsets[0] is 0, and there are count + 1), or the first offsets[i + 1] − offsets[i]
// symbols of it if it was cut at `max_length`, and then complete[i] is 0 and not 1; `complete` may be null. Where the
// samples have more than `capacity` symbols, offsets[count] says how many (CHAINRULE_BUFFER_TOO_SMALL).
chainrule_status chainrule_sample(const chainrule_model *model, uint64_t seed, int64_t first, int64_t count,
                                  int64_t max_length, int32_t *symbols, int64_t capacity, int64_t *offsets,
                                  uint8_t *complete);

// Begins a walk before the first symbol. For a model that draws its length first (/tau) `length` is that length, and
// probabilities are given it; or −1, if its symbols do not depend on it, and the end has its probability under P(τ). For
// other models `length` is −1.
chainrule_status chainrule_walk_start(const chainrule_model *model, int64_t length, chainrule_walk **walk);

// Begins another walk where this one stands.
chainrule_status chainrule_walk_copy(const chainrule_walk *walk, chainrule_walk **copy);

// log P(the next outcome | the symbols so far) of each symbol, and of the end last: alphabet size + 1 numbers, −∞ for what
// is impossible. Their exponentials add up to 1.
chainrule_status chainrule_walk_next(chainrule_walk *walk, double *log_probabilities);

// Continues with a symbol.
chainrule_status chainrule_walk_advance(chainrule_walk *walk, int32_t symbol);

// Frees a walk; null is nothing to free.
void chainrule_walk_free(chainrule_walk *walk);

// Frees a model; null is nothing to free.
void chainrule_free(chainrule_model *model);

// What was wrong in this thread's last call that failed: a sentence in UTF-8, which holds until its next call that
// fails. Empty if none has failed.
const char *chainrule_last_error(void);

#ifdef __cplusplus
}
#endif

#endif
