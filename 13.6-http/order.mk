# 13.6: its subjects, the lowest first. Each sees itself and the line above it.
SEES_url = -iquote 13.6-http/url $(SEES_13.5)
SEES_net = -iquote 13.6-http/net $(SEES_url)
SEES_http = -iquote 13.6-http/http $(SEES_net)
SEES_serve = -iquote 13.6-http/serve $(SEES_http)
SEES_13.6 = -iquote 13.6-http $(SEES_serve)
$B/obj/13.6-http/url/%.o: SEES = $(SEES_url)
$B/obj/13.6-http/net/%.o: SEES = $(SEES_net)
$B/obj/13.6-http/http/%.o: SEES = $(SEES_http)
$B/obj/13.6-http/serve/%.o: SEES = $(SEES_serve)
$B/obj/13.6-http/%.o: SEES = $(SEES_13.6)

# What it is made of, and what its programs are linked with.
$B/13.6/section.a: $(call objects,13.6-http/*/*.c)
LIBS_13.6 = $B/13.6/section.a $(LIBS_13.5)
$B/13.6/main: $B/obj/13.6-http/main.o $(LIBS_13.6)
$B/serve: $B/obj/13.6-http/serve.o $(LIBS_13.6)
$B/fetch: $B/obj/13.6-http/fetch.o $(LIBS_13.6)

# The programs of its checks.
SEES_tests_13.6 = -iquote tests/13.6 $(SEES_tests_13.5)
$B/tests/13.6/%: SEES = $(SEES_tests_13.6) $(SEES_13.6)
$B/tests/13.6/%: tests/13.6/%.c $(LIBS_13.6)
	$(CHECK_PROGRAM)

.PHONY: 13.6 13.6-http 13.6-all
all: 13.6-all
13.6-all: $B/13.6/main $B/serve $B/fetch \
  $(patsubst %.c,$B/%,$(wildcard tests/13.6/*.c))
13.6 13.6-http: 13.6-all
	$(RUN_SECTION)
