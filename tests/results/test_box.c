/*
 * test_box.c - stretches of points as boxes: end to end they are the stretch, in its order.
 */
#include "../support/check.h"

#include "jepaflow/results/box.h"

enum { AXES = 4 };
static const size_t extent[AXES] = {2, 1, 3, 4};

/* Number of the point at start + offset, of the box's points in order. */
static size_t point_of(const size_t *start, const size_t *count, size_t offset)
{
    size_t position[AXES], index = 0;

    for (size_t a = AXES; a-- > 0;) {
        position[a] = start[a] + offset % count[a];
        offset /= count[a];
    }
    for (size_t a = 0; a < AXES; a++) {
        assert_true(position[a] < extent[a]);
        index = index * extent[a] + position[a];
    }
    return index;
}

/* Every stretch of the 24 points, cut into boxes. */
static void boxes_are_the_stretch(void **state)
{
    (void)state;
    for (size_t first = 0; first < 24; first++) {
        for (size_t end = first + 1; end <= 24; end++) {
            size_t boxes = 0;
            for (size_t at = first; at < end; boxes++) {
                size_t start[AXES], count[AXES];
                const size_t box = jf_box_find(AXES, extent, at, end - at, start, count);
                assert_true(box >= 1 && box <= end - at);
                for (size_t k = 0; k < box; k++) {
                    assert_int_equal(point_of(start, count, k), at + k);
                }
                at += box;
            }
            assert_true(boxes <= 5); /* two at each end of the stretch, one between */
        }
    }
}

/* Whole axes are one box. */
static void all_points_are_one_box(void **state)
{
    size_t start[AXES], count[AXES];

    (void)state;
    assert_int_equal(jf_box_find(AXES, extent, 0, 24, start, count), 24);
    assert_int_equal(jf_box_find(AXES, extent, 12, 100, start, count), 12);
    assert_int_equal(start[0], 1);
    assert_int_equal(jf_box_find(AXES, extent, 5, 24, start, count), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_are_the_stretch),
        cmocka_unit_test(all_points_are_one_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
