/* Serves one file over HTTP/1.0: server PORT FILE. One request at a time; ends on SIGTERM. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int signal_number) {
  (void)signal_number;
  _exit(0);
}

static long read_file(const char *path, char **content) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  *content = malloc(size);
  if (fread(*content, 1, size, file) != (size_t)size) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return size;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: server PORT FILE\n");
    return 2;
  }
  signal(SIGTERM, stop);
  signal(SIGINT, stop);
  char *page;
  long size = read_file(argv[2], &page);

  int listener = socket(AF_INET, SOCK_STREAM, 0);
  int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) {
    perror("listen");
    return 1;
  }
  printf("serving %s on port %s\n", argv[2], argv[1]);
  fflush(stdout);
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    char request[4096];
    if (read(client, request, sizeof request) > 0) {
      char head[128];
      int length = snprintf(head, sizeof head,
                            "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: %ld\r\n\r\n",
                            size);
      if (write(client, head, length) != length || write(client, page, size) != size) perror("write");
    }
    shutdown(client, SHUT_WR);
    while (read(client, request, sizeof request) > 0) {
    }
    close(client);
  }
}
