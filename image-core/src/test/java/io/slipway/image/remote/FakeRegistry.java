package io.slipway.image.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slipway.image.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small registry in memory that fails on demand: asks for authorization, cuts connections,
 * answers with errors, lies.
 */
public final class FakeRegistry implements AutoCloseable {
  private static final Pattern ROUTE =
      Pattern.compile("/v2/(.+)/(manifests|blobs|tags)/(uploads/)?([^/]*)");

  /** What becomes of a request: true when the fault has answered it. */
  @FunctionalInterface
  public interface Fault {
    boolean answer(HttpExchange exchange) throws IOException;
  }

  private record Upload(ByteArrayOutputStream content) {}

  /** A stored manifest. */
  public record StoredManifest(String mediaType, byte[] content) {}

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, StoredManifest> manifests = new ConcurrentHashMap<>();
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();
  private final Map<Pattern, Fault> faults = new ConcurrentHashMap<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile String challenge = "";
  private volatile String password = "";
  private volatile boolean ignoresRanges;

  public FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** {@code 127.0.0.1:port}. */
  public String domain() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public void putBlob(String repository, byte[] content) {
    blobs.put(repository + "@" + Digest.of(content), content);
  }

  public boolean hasBlob(String repository, Digest digest) {
    return blobs.containsKey(repository + "@" + digest);
  }

  public void putManifest(String repository, String reference, String type, byte[] content) {
    manifests.put(repository + "@" + reference, new StoredManifest(type, content));
    manifests.put(repository + "@" + Digest.of(content), new StoredManifest(type, content));
  }

  public StoredManifest manifest(String repository, String reference) {
    return manifests.get(repository + "@" + reference);
  }

  /** Requests whose {@code METHOD path} contains a match go to {@code fault} first. */
  public void onRequest(String pattern, Fault fault) {
    faults.put(Pattern.compile(pattern), fault);
  }

  public void requireBasic(String user, String secret) {
    challenge = "Basic realm=\"fake\"";
    password = user + ":" + secret;
  }

  /** Tokens for the right password, and refresh token {@code refresh}. */
  public void requireBearer(String user, String secret) {
    challenge = "Bearer realm=\"http://" + domain() + "/token\",service=\"fake service\"";
    password = user + ":" + secret;
  }

  /** Sends whole blobs whatever was asked for. */
  public void ignoreRanges() {
    ignoresRanges = true;
  }

  /** {@code METHOD path[?query]} of every request, in order. */
  public List<String> log() {
    return log;
  }

  public long count(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return log.stream().filter(line -> compiled.matcher(line).find()).count();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    log.add(line);
    try (exchange) {
      for (Map.Entry<Pattern, Fault> fault : faults.entrySet()) {
        if (fault.getKey().matcher(line).find() && fault.getValue().answer(exchange)) {
          return;
        }
      }
      route(exchange);
    } catch (RuntimeException e) {
      log.add("FAULT " + e);
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/token")) {
      token(exchange);
      return;
    }
    if (!isAuthorized(exchange)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
      error(exchange, 401, "UNAUTHORIZED", "authentication required");
      return;
    }
    if (path.equals("/v2/")) {
      reply(exchange, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
      return;
    }
    Matcher match = ROUTE.matcher(path);
    if (!match.matches()) {
      error(exchange, 404, "NAME_UNKNOWN", "no such route");
    } else if (match.group(3) != null) {
      upload(exchange, match.group(1), match.group(4));
    } else {
      switch (match.group(2)) {
        case "manifests" -> manifest(exchange, match.group(1), match.group(4));
        case "blobs" -> blob(exchange, match.group(1), match.group(4));
        default -> tags(exchange, match.group(1));
      }
    }
  }

  private boolean isAuthorized(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (challenge.isEmpty()) {
      return true;
    }
    return challenge.startsWith("Basic")
        ? ("Basic " + base64(password)).equals(header)
        : header != null && header.startsWith("Bearer token-") && !header.contains("stale");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void token(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    boolean allowed =
        exchange.getRequestMethod().equals("POST")
            ? body.contains("grant_type=refresh_token") && body.contains("refresh_token=refresh")
            : ("Basic " + base64(password)).equals(header);
    if (!allowed) {
      error(exchange, 401, "UNAUTHORIZED", "incorrect username or password");
      return;
    }
    String json = "{\"token\":\"token-" + tokens.incrementAndGet() + "\",\"expires_in\":300}";
    reply(exchange, 200, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private void manifest(HttpExchange exchange, String repository, String reference)
      throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      byte[] content = exchange.getRequestBody().readAllBytes();
      putManifest(
          repository, reference, exchange.getRequestHeaders().getFirst("Content-Type"), content);
      exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.of(content).toString());
      reply(exchange, 201, "text/plain", new byte[0]);
      return;
    }
    StoredManifest stored = manifests.get(repository + "@" + reference);
    if (stored == null) {
      error(exchange, 404, "MANIFEST_UNKNOWN", "manifest unknown");
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Docker-Content-Digest", Digest.of(stored.content()).toString());
    reply(exchange, 200, stored.mediaType(), stored.content());
  }

  private void blob(HttpExchange exchange, String repository, String digest) throws IOException {
    byte[] content = blobs.get(repository + "@" + digest);
    if (content == null) {
      error(exchange, 404, "BLOB_UNKNOWN", "blob unknown to registry");
      return;
    }
    String range = range(exchange);
    if (range == null) {
      reply(exchange, 200, "application/octet-stream", content);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    reply(
        exchange,
        206,
        "application/octet-stream",
        Arrays.copyOfRange(content, from, content.length));
  }

  private String range(HttpExchange exchange) {
    return ignoresRanges ? null : exchange.getRequestHeaders().getFirst("Range");
  }

  private void tags(HttpExchange exchange, String repository) throws IOException {
    boolean second = exchange.getRequestURI().toString().contains("last=");
    if (!second) {
      exchange
          .getResponseHeaders()
          .set("Link", "</v2/" + repository + "/tags/list?n=2&last=b>; rel=\"next\"");
    }
    String json = second ? "{\"tags\":[\"c\"]}" : "{\"tags\":[\"a\",\"b\"]}";
    reply(exchange, 200, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private void upload(HttpExchange exchange, String repository, String id) throws IOException {
    Map<String, String> query = query(exchange);
    switch (exchange.getRequestMethod()) {
      case "POST" -> startUpload(exchange, repository, query);
      case "GET" -> {
        Upload upload = session(exchange, id);
        if (upload != null) {
          progress(exchange, repository, id, upload, 204);
        }
      }
      case "PATCH" -> {
        Upload upload = session(exchange, id);
        if (upload != null && receive(exchange, upload)) {
          progress(exchange, repository, id, upload, 202);
        }
      }
      case "PUT" -> {
        Upload upload = session(exchange, id);
        if (upload != null && receive(exchange, upload)) {
          finish(exchange, repository, id, upload, query.get("digest"));
        }
      }
      default -> {
        uploads.remove(id);
        reply(exchange, 204, "text/plain", new byte[0]);
      }
    }
  }

  private void startUpload(HttpExchange exchange, String repository, Map<String, String> query)
      throws IOException {
    byte[] mounted = blobs.get(query.get("from") + "@" + query.get("mount"));
    if (mounted != null) {
      putBlob(repository, mounted);
      reply(exchange, 201, "text/plain", new byte[0]);
      return;
    }
    String id = UUID.randomUUID().toString();
    Upload upload = new Upload(new ByteArrayOutputStream());
    uploads.put(id, upload);
    progress(exchange, repository, id, upload, 202);
  }

  private Upload session(HttpExchange exchange, String id) throws IOException {
    Upload upload = uploads.get(id);
    if (upload == null) {
      error(exchange, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    }
    return upload;
  }

  private boolean receive(HttpExchange exchange, Upload upload) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Content-Range");
    if (range != null && Integer.parseInt(range.split("-")[0]) != upload.content.size()) {
      error(exchange, 416, "RANGE_INVALID", "out of order");
      return false;
    }
    InputStream body = exchange.getRequestBody();
    body.transferTo(upload.content);
    return true;
  }

  private void progress(
      HttpExchange exchange, String repository, String id, Upload upload, int status)
      throws IOException {
    exchange
        .getResponseHeaders()
        .set("Location", "/v2/" + repository + "/blobs/uploads/" + id + "?_state=s%2Ft");
    exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, upload.content.size() - 1));
    reply(exchange, status, "text/plain", new byte[0]);
  }

  private void finish(
      HttpExchange exchange, String repository, String id, Upload upload, String digest)
      throws IOException {
    byte[] content = upload.content.toByteArray();
    uploads.remove(id);
    if (!Digest.of(content).toString().equals(digest)) {
      error(exchange, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
      return;
    }
    putBlob(repository, content);
    reply(exchange, 201, "text/plain", new byte[0]);
  }

  /** Takes the first {@code bytes} of an upload's body and drops the connection. */
  public boolean cutUpload(HttpExchange exchange, int bytes) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] received = exchange.getRequestBody().readNBytes(bytes);
    uploads.get(path.substring(path.lastIndexOf('/') + 1)).content.write(received);
    exchange.close();
    return true;
  }

  /** Answers a blob GET with its true length but only {@code bytes} of it. */
  public boolean cutDownload(HttpExchange exchange, int bytes) throws IOException {
    String[] parts = exchange.getRequestURI().getPath().split("/blobs/");
    byte[] content = blobs.get(parts[0].substring("/v2/".length()) + "@" + parts[1]);
    String range = range(exchange);
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/*");
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
    OutputStream out = exchange.getResponseBody();
    out.write(content, from, Math.min(bytes, content.length - from));
    out.flush();
    exchange.close();
    return true;
  }

  /** Answers with an OCI error. */
  public static boolean error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    String json = "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}";
    return reply(exchange, status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  public static boolean reply(HttpExchange exchange, int status, String type, byte[] content)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
    }
    boolean empty = head || content.length == 0;
    exchange.sendResponseHeaders(status, empty ? -1 : content.length);
    if (!empty) {
      exchange.getResponseBody().write(content);
    }
    exchange.close();
    return true;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String part : raw == null ? new String[0] : raw.split("&")) {
      String[] pair = part.split("=", 2);
      query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return query;
  }
}
