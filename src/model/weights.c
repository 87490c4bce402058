#include "jepaflow/model/weights.h"

#include <assert.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/text.h"

jf_status jf_weights_init(size_t depth, size_t d, jf_weights *out)
{
    *out = (jf_weights){.depth = depth, .d = d};
    out->numbers = jf_memory_numbers(jf_weights_count(out));
    if (out->numbers == NULL) {
        *out = (jf_weights){0};
        return jf_fail_memory("a network's weights");
    }
    return JF_OK;
}

void jf_weights_clear(jf_weights *weights)
{
    free(weights->numbers);
    *weights = (jf_weights){0};
}

size_t jf_weights_count(const jf_weights *weights)
{
    return weights->depth > 0 ? (weights->depth + 1) * weights->d * weights->d : 0;
}

double *jf_weights_matrix(const jf_weights *weights, size_t a)
{
    assert(a >= 1 && a <= weights->depth + 1);
    return weights->numbers + (a - 1) * weights->d * weights->d;
}

uint64_t jf_weights_hash(const jf_weights *weights)
{
    uint64_t hash = jf_hash_number(JF_HASH_START, (double)weights->depth);

    if (weights->depth == 0) {
        return 0;
    }
    for (size_t i = 0; i < jf_weights_count(weights); i++) {
        hash = jf_hash_number(hash, weights->numbers[i]);
    }
    return hash != 0 ? hash : 1;
}
