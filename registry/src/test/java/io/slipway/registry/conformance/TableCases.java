package io.slipway.registry.conformance;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.conformance.Case.Since;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Single requests against a repository with known content, one a line of {@code requests.table}:
 * who promises it, method and address, request headers, status, answer headers, error code.
 */
final class TableCases {
  private static final String REPOSITORY = "conformance/table";
  private static final int COLUMNS = 6;
  private static final int BLOB_SIZE = 2_048;

  private record Row(
      Since since,
      String method,
      String address,
      Map<String, String> headers,
      int[] status,
      Map<String, String> answer,
      String code) {}

  private TableCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    Fixture fixture = new Fixture();
    cases.add(new Case("table content", Since.CORE, fixture::push));
    int number = 0;
    for (String line : lines()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Row row = parse(line, number, fixture.names);
      String name = "table line " + number + " " + line.split("\\|")[1].strip();
      cases.add(new Case(name, row.since(), probe -> run(probe, row)));
    }
    return cases;
  }

  private static List<String> lines() {
    try (InputStream table = TableCases.class.getResourceAsStream("/conformance/requests.table")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row parse(String line, int number, Map<String, String> names) {
    String text = line;
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace("$" + name.getKey() + ";", name.getValue());
    }
    String[] cells = text.split("\\|", -1);
    if (cells.length != COLUMNS || text.contains("$")) {
      throw new IllegalArgumentException("requests.table line " + number + ": " + text);
    }
    String[] request = cells[1].strip().split(" ", 2);
    String[] status = cells[3].strip().split(" ");
    return new Row(
        Since.valueOf(cells[0].strip().toUpperCase(Locale.ROOT)),
        request[0],
        request[1].strip(),
        headers(cells[2]),
        java.util.Arrays.stream(status).mapToInt(Integer::parseInt).toArray(),
        headers(cells[4]),
        cells[5].strip());
  }

  private static Map<String, String> headers(String cell) {
    Map<String, String> headers = new HashMap<>();
    for (String header : cell.split(";;")) {
      if (!header.isBlank()) {
        String[] parts = header.split(":", 2);
        headers.put(parts[0].strip(), parts[1].strip());
      }
    }
    return headers;
  }

  private static void run(Probe probe, Row row) {
    List<String> headers = new ArrayList<>();
    byte[] body = new byte[0];
    for (Map.Entry<String, String> header : row.headers().entrySet()) {
      if (header.getKey().equals("BODY")) {
        body = header.getValue().getBytes(StandardCharsets.UTF_8);
      } else {
        headers.add(header.getKey());
        headers.add(header.getValue());
      }
    }
    boolean bodyless = row.method().matches("GET|HEAD|DELETE");
    Reply reply =
        probe.send(
            row.method(),
            row.address(),
            bodyless ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body),
            headers.toArray(String[]::new));
    reply.status(row.status());
    row.answer()
        .forEach((name, value) -> {
          if (name.equals("BODY")) {
            reply.text(value);
          } else if (value.equals("-")) {
            probe.check(reply.header(name).isEmpty(), reply.request() + ": unwanted " + name);
          } else {
            reply.header(name, value);
          }
        });
    if (!row.code().isEmpty()) {
      reply.error(row.code());
    }
  }

  /** The content that rows speak of, and its names in them. */
  private static final class Fixture {
    private final Content content = new Content(DigestAlgorithm.SHA256, REPOSITORY);
    private final Map<String, String> names = new HashMap<>();
    private final byte[] blob = "0123456789abcdef".repeat(BLOB_SIZE / 16).getBytes();

    Fixture() {
      Digest image = content.add(content.image(), "v1", "v2", "a", "b", "c", "latest", "v1.0");
      Digest other = content.add(content.image());
      Digest index = content.add(content.index(image, other), "multi");
      names.put("R", "/v2/" + REPOSITORY);
      names.put("N", REPOSITORY);
      names.put("BLOB", Digest.of(blob).toString());
      names.put("BLOBHEX", Digest.of(blob).hex());
      names.put("IMAGE", image.toString());
      names.put("INDEX", index.toString());
      names.put("IMAGESIZE", "" + content.manifests.get(image).length);
      names.put("ABSENT", content.absent().toString());
      names.put("ABSENT512", Digest.of(DigestAlgorithm.SHA512, blob).toString());
      names.put("OCI", MediaTypes.OCI_MANIFEST);
      names.put("OCIINDEX", MediaTypes.OCI_INDEX);
      names.put("DOCKER", MediaTypes.DOCKER_MANIFEST);
      names.put("DOCKERLIST", MediaTypes.DOCKER_INDEX);
      names.put("SCHEMA1", MediaTypes.DOCKER_SCHEMA1_SIGNED);
      names.put("LONG240", "a".repeat(240));
      names.put("LONG241", "a".repeat(241));
      names.put("LONG400", "a".repeat(400));
      names.put("TAG128", "t".repeat(128));
      names.put("TAG129", "t".repeat(129));
      names.put("NOUPLOAD", "00000000-0000-4000-8000-000000000000");
    }

    void push(Probe probe) {
      String repository = names.get("R");
      DataCases.pushBlobs(probe, repository, content);
      String session = probe.send("POST", repository + "/blobs/uploads/").status(202).location();
      probe.send("PUT", BlobCases.with(session, "digest=" + Digest.of(blob)), blob).status(201);
      content.manifests.forEach((digest, bytes) -> put(probe, digest.toString(), bytes));
      content.tags.forEach((tag, digest) -> put(probe, tag, content.manifests.get(digest)));
    }

    private void put(Probe probe, String reference, byte[] manifest) {
      String type =
          new String(manifest, StandardCharsets.UTF_8).contains("\"manifests\"")
              ? MediaTypes.OCI_INDEX
              : MediaTypes.OCI_MANIFEST;
      String address = names.get("R") + "/manifests/" + reference;
      probe.send("PUT", address, manifest, "Content-Type", type).status(201);
    }
  }
}
