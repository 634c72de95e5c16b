# 13.9: its subjects, the lowest first. Each sees itself and the line above it.
SEES_store = -iquote 13.9-crawler/store $(SEES_13.8)
SEES_page = -iquote 13.9-crawler/page $(SEES_store)
SEES_fetch = -iquote 13.9-crawler/fetch $(SEES_page)
SEES_crawl = -iquote 13.9-crawler/crawl $(SEES_fetch)
SEES_13.9 = -iquote 13.9-crawler $(SEES_crawl)
$B/obj/13.9-crawler/store/%.o: SEES = $(SEES_store)
$B/obj/13.9-crawler/page/%.o: SEES = $(SEES_page)
$B/obj/13.9-crawler/fetch/%.o: SEES = $(SEES_fetch)
$B/obj/13.9-crawler/crawl/%.o: SEES = $(SEES_crawl)
$B/obj/13.9-crawler/%.o: SEES = $(SEES_13.9)

# What it is made of, and what its programs are linked with.
$B/13.9/section.a: $(call objects,13.9-crawler/*/*.c 13.9-crawler/demo_site.c)
LIBS_13.9 = $B/13.9/section.a $(LIBS_13.8)
$B/13.9/main: $B/obj/13.9-crawler/main.o $(LIBS_13.9)
$B/crawl: $B/obj/13.9-crawler/crawl.o $(LIBS_13.9)

# The programs of its checks.
SEES_tests_13.9 = -iquote tests/13.9 $(SEES_tests_13.8)
$B/tests/13.9/%: SEES = $(SEES_tests_13.9) $(SEES_13.9)
$B/tests/13.9/%: tests/13.9/%.c $(LIBS_13.9)
	$(CHECK_PROGRAM)

.PHONY: 13.9 13.9-crawler 13.9-all
all: 13.9-all
13.9-all: $B/13.9/main $B/crawl \
  $(patsubst %.c,$B/%,$(filter-out %/sample_site.c %/sample_pages.c,$(wildcard tests/13.9/*.c)))
13.9 13.9-crawler: 13.9-all
	$(RUN_SECTION)
