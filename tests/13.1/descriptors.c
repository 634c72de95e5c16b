/*
 * descriptors.c - descriptors that are closed too early, reused, or never opened, under
 * each selector.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "turn_trace.h"

static int ends[2]; /* the ends of a pipe or a socket pair */

static void open_pair(void)
{
    EXPECT_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

static void close_pair(void)
{
    close(ends[0]);
    close(ends[1]);
}

/* The descriptor is closed, the system reuses its number, and it is watched again. */
static void closed(const struct selector *selector)
{
    struct word r = { .text = "r" };
    struct word again = { .text = "again", .stops = true };
    int number, others[2];

    begin_by(selector);
    open_pair();
    number = ends[0];
    loop_add_reader(&loop, number, &r.handle, say_handle);
    close_pair();
    EXPECT(loop_remove_reader(&loop, number));
    EXPECT(!loop_remove_reader(&loop, number));

    open_pair();
    EXPECT_INT(ends[0], number);
    loop_add_reader(&loop, number, &r.handle, say_handle);
    close_pair(); /* not removed: the loop still believes that it watches it */
    EXPECT_INT(pipe(others), 0);
    EXPECT_INT(others[0], number);
    EXPECT_INT(write(others[1], "x", 1), 1);
    loop_remove_reader(&loop, number);
    EXPECT_INT(loop_add_reader(&loop, number, &again.handle, say_handle), 0);
    loop_run_forever(&loop);
    EXPECT_TRACE("again@1");
    EXPECT(loop_remove_reader(&loop, number));
    close(others[0]);
    close(others[1]);
    end();
}

static void removing_after_close_is_harmless(void)
{
    by_each(closed);
}

/* The same, but one side of the new descriptor is added while the other side of the old
 * one is still registered. */
static void reused(const struct selector *selector)
{
    struct word r = { .text = "r" }, w = { .text = "w", .stops = true };

    begin_by(selector);
    open_pair();
    loop_add_reader(&loop, ends[0], &r.handle, say_handle);
    close_pair();
    open_pair();
    EXPECT_INT(loop_add_writer(&loop, ends[0], &w.handle, say_handle), 0);
    loop_run_forever(&loop);
    EXPECT_TRACE("w@1");
    EXPECT(loop_remove_writer(&loop, ends[0]) && loop_remove_reader(&loop, ends[0]));
    close_pair();
    end();
}

static void a_number_given_out_again_is_watched(void)
{
    by_each(reused);
}

static void no_such_descriptor(const struct selector *selector)
{
    struct word w = { .text = "w" };

    begin_by(selector);
    EXPECT_INT(loop_add_reader(&loop, -1, &w.handle, say_handle), EBADF);
    EXPECT_INT(loop_add_writer(&loop, -5, &w.handle, say_handle), EBADF);
    end();
}

static void a_negative_descriptor_is_refused(void)
{
    by_each(no_such_descriptor);
}

static void epoll_refuses_a_regular_file(void)
{
    struct word w = { .text = "w" };
    int fd = open("/proc/self/exe", O_RDONLY);

    begin_by(selectors[0]);
    if (strcmp(selectors[0]->name, "epoll") == 0) {
        EXPECT_INT(loop_add_reader(&loop, fd, &w.handle, say_handle), EPERM);
        EXPECT(!loop_remove_reader(&loop, fd));
    }
    close(fd);
    end();
}

/* Both sides of a descriptor are watched, and it is closed before they are removed. */
static void both_sides_can_be_removed_after_close(void)
{
    for (int i = 0; selectors[i] != NULL; i++) {
        struct word r = { .text = "r" }, w = { .text = "w" };

        begin_by(selectors[i]);
        open_pair();
        loop_add_reader(&loop, ends[0], &r.handle, say_handle);
        loop_add_writer(&loop, ends[0], &w.handle, say_handle);
        close_pair();
        EXPECT(loop_remove_reader(&loop, ends[0]));
        EXPECT(!loop_remove_reader(&loop, ends[0]));
        EXPECT(loop_remove_writer(&loop, ends[0]));
        EXPECT(!loop_remove_writer(&loop, ends[0]));
        end();
    }
}

static void a_number_no_descriptor_has_is_refused(void)
{
    for (int i = 0; selectors[i] != NULL; i++) {
        struct word w = { .text = "w" };

        begin_by(selectors[i]);
        EXPECT_INT(loop_add_reader(&loop, 1500000000, &w.handle, say_handle), EBADF);
        end();
    }
}

CHECK_MAIN({ "removing after close is harmless", removing_after_close_is_harmless },
           { "a number given out again is watched", a_number_given_out_again_is_watched },
           { "a negative descriptor is refused", a_negative_descriptor_is_refused },
           { "epoll refuses a regular file", epoll_refuses_a_regular_file },
           { "both sides can be removed after close",
             both_sides_can_be_removed_after_close },
           { "a number no descriptor has is refused",
             a_number_no_descriptor_has_is_refused })
