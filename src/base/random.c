#include "jepaflow/base/random.h"

#include <math.h>

/* Random123's headers are not written for -Wconversion and friends. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <Random123/philox.h>
#pragma GCC diagnostic pop

static const double two_pi = 6.283185307179586476925;

/* The top 53 bits as a number in (0, 1): never 0, so that its logarithm is finite. */
static double unit(uint64_t bits)
{
    return ((double)(bits >> 11) + 0.5) * 0x1.0p-53;
}

/* Box, Muller, Ann. Math. Stat. 29 (1958): two uniform numbers make two normal ones. */
static void normal_pair(uint64_t a, uint64_t b, double pair[2])
{
    const double radius = sqrt(-2.0 * log(unit(a)));
    const double angle = two_pi * unit(b);

    pair[0] = radius * cos(angle);
    pair[1] = radius * sin(angle);
}

void jf_random_normal_from(jf_random address, size_t first, double *values, size_t count)
{
    const philox4x64_key_t key = {{address.seed, address.point}};

    for (size_t i = first - first % 4; i < first + count; i += 4) {
        const philox4x64_ctr_t counter = {{i / 4, address.stream, 0, 0}};
        const philox4x64_ctr_t bits = philox4x64(counter, key);
        double four[4];
        normal_pair(bits.v[0], bits.v[1], four);
        normal_pair(bits.v[2], bits.v[3], four + 2);
        for (size_t k = i < first ? first - i : 0; k < 4 && i + k < first + count; k++) {
            values[i + k - first] = four[k];
        }
    }
}

void jf_random_normal(jf_random address, double *values, size_t count)
{
    jf_random_normal_from(address, 0, values, count);
}

/* 64 bits to a range far below 2^32: what is uneven in it is less than 2^-32 of a share. */
uint64_t jf_random_below(jf_random address, size_t index, uint64_t below)
{
    const philox4x64_key_t key = {{address.seed, address.point}};
    const philox4x64_ctr_t counter = {{index / 4, address.stream, 0, 0}};

    return philox4x64(counter, key).v[index % 4] % below;
}
