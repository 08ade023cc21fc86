package io.slipway.registry.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A file of JSON lines that says who changed what, who got a token, and who was turned away. Lines
 * are written by a thread of its own, in order. A file that was moved away is made anew.
 */
final class AuditLog implements VisitListener, AutoCloseable {
  private static final int CLOSE_SECONDS = 10;
  private static final int CREATED = 201;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final Consumer<String> notices;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("registry-audit").factory());
  private BufferedWriter out;

  private AuditLog(Path file, Consumer<String> notices) {
    this.file = file;
    this.notices = notices;
  }

  /**
   * @param notices is told when lines cannot be written
   * @throws SlipwayException INVALID when the file cannot be written now
   */
  static AuditLog open(Path file, Consumer<String> notices) {
    AuditLog log = new AuditLog(file, notices);
    try {
      log.reopen();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "cannot write audit log " + file + ": " + e.getClass().getSimpleName(),
          e);
    }
    return log;
  }

  private void reopen() throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }
    out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  @Override
  public void ended(Visit visit, int status, long bytes, boolean complete) {
    Optional<String> event = event(visit, status);
    if (event.isEmpty()) {
      return;
    }
    String line = line(visit, status, event.get());
    try {
      writer.execute(() -> append(line));
    } catch (RejectedExecutionException e) {
      notices.accept("the audit log is closed: " + line.strip());
    }
  }

  /** What is worth a line; empty: nothing, as plain reading. */
  private static Optional<String> event(Visit visit, int status) {
    if (visit.failedLogin()) {
      return Optional.of("login.failed");
    }
    if (status == FORBIDDEN) {
      return Optional.of("denied");
    }
    if (status == TOO_MANY) {
      return Optional.of("limited");
    }
    return visit.route().flatMap(route -> change(visit.request().method(), route, status));
  }

  private static Optional<String> change(HttpMethod method, Route route, int status) {
    boolean delete = method == HttpMethod.DELETE;
    String what =
        switch (route) {
          case Route.Token token -> "token.issued";
          case Route.Manifest m when method == HttpMethod.PUT -> "manifest.pushed";
          case Route.Manifest m when delete -> "manifest.deleted";
          case Route.Blob b when delete -> "blob.deleted";
          case Route.Uploads u when status == CREATED || status == UNAUTHORIZED -> "blob.pushed";
          case Route.Upload u when status == CREATED || status == UNAUTHORIZED -> "blob.pushed";
          default -> "";
        };
    if (what.isEmpty() || !isSuccess(status) && status != UNAUTHORIZED) {
      return Optional.empty();
    }
    return Optional.of(status == UNAUTHORIZED ? "denied" : what);
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  private static String line(Visit visit, int status, String event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
      json.writeStringField("event", event);
      json.writeStringField("user", visit.user());
      json.writeStringField("address", visit.address());
      json.writeStringField("method", visit.request().method().name());
      // without the query, which may hold what clients should not have put there
      String uri = visit.request().uri();
      json.writeStringField("path", uri.contains("?") ? uri.substring(0, uri.indexOf('?')) : uri);
      json.writeNumberField("status", status);
      if (!visit.note().isEmpty()) {
        json.writeStringField("scope", visit.note());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes every write", e);
    }
    return text.append('\n').toString();
  }

  private void append(String line) {
    try {
      if (!Files.exists(file)) {
        out.close();
        reopen();
      }
      out.write(line);
      out.flush();
    } catch (IOException e) {
      notices.accept("cannot write audit log " + file + ": " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        notices.accept("the audit log " + file + " is closed before all of it is written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.close();
  }
}
