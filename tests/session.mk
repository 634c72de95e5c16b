# The checks that count allocations wrap malloc and its relatives.
$B/tests/13.9/connector: private override LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=free
# The sample server is made of three files.
$B/tests/13.9/%.o: SEES = $(SEES_tests_13.9) $(SEES_13.9)
$B/tests/13.9/%.o: tests/13.9/%.c
	@mkdir -p $(@D)
	$(SHOW) $(COMPILE) -MMD -MP $(SEES) -c $< -o $@
$B/tests/13.9/sample-server: $B/tests/13.9/sample_site.o $B/tests/13.9/sample_pages.o
