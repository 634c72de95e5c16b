# The checks that count what is allocated see the calls of malloc and its like.
$B/tests/13.9-connector: private override CFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=free
