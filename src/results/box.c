#include "jepaflow/results/box.h"

static void find_start(size_t axes, const size_t *extent, size_t first, size_t *start)
{
    for (size_t a = axes; a-- > 0;) {
        start[a] = first % extent[a];
        first /= extent[a];
    }
}

size_t jf_box_find(size_t axes, const size_t *extent, size_t first, size_t most, size_t *start,
                   size_t *count)
{
    size_t inner = 1; /* points of the axes inside */

    find_start(axes, extent, first, start);
    for (size_t a = 0; a < axes; a++) {
        count[a] = 1;
    }
    for (size_t a = axes; a-- > 0;) {
        const size_t fit = most / inner, rest = extent[a] - start[a];
        count[a] = rest < fit ? rest : fit;
        inner *= count[a];
        if (count[a] < extent[a]) {
            break;
        }
    }
    return inner;
}
