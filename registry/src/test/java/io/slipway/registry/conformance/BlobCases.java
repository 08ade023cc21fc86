package io.slipway.registry.conformance;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.registry.conformance.Case.Since;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Every way of bringing a blob, with both digest algorithms, whole and wrong. */
final class BlobCases {
  private static final int SIZE = 3_000;

  /** One way to push; the reply is the last one, good or bad. */
  private interface Way {
    Reply push(Probe probe, String repository, Digest digest, byte[] content);
  }

  private record NamedWay(String name, Since since, Way way) {}

  private static final List<NamedWay> WAYS =
      List.of(
          new NamedWay("post", Since.SPEC, BlobCases::post),
          new NamedWay("post+put", Since.CORE, BlobCases::postPut),
          new NamedWay(
              "one chunk", Since.CORE, (p, r, d, c) -> chunks(p, r, d, c, c.length, false)),
          new NamedWay("chunks", Since.CORE, (p, r, d, c) -> chunks(p, r, d, c, 1_001, false)),
          new NamedWay(
              "chunks, last by put", Since.CORE, (p, r, d, c) -> chunks(p, r, d, c, 1_001, true)),
          new NamedWay("stream", Since.CORE, BlobCases::stream),
          new NamedWay("digest-algorithm", Since.SPEC, BlobCases::withAlgorithm));

  private BlobCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (NamedWay way : WAYS) {
        add(cases, way.since(), way.name(), algorithm, (p, r) -> good(p, r, way.way(), algorithm));
        add(
            cases,
            way.since(),
            way.name() + ", wrong digest",
            algorithm,
            (p, r) -> wrongDigest(p, r, way.way(), algorithm));
      }
      add(
          cases,
          Since.SPEC,
          "chunks out of order",
          algorithm,
          (p, r) -> outOfOrder(p, r, algorithm));
      add(cases, Since.SPEC, "cancel", algorithm, BlobCases::cancel);
      add(cases, Since.CORE, "mount", algorithm, (p, r) -> mount(p, r, algorithm, true));
      add(
          cases,
          Since.SPEC,
          "mount from anywhere",
          algorithm,
          (p, r) -> mount(p, r, algorithm, false));
      add(
          cases,
          Since.CORE,
          "mount of nothing",
          algorithm,
          (p, r) -> mountOfNothing(p, r, algorithm));
      for (int size : new int[] {0, 1, 2}) {
        add(
            cases,
            Since.CORE,
            size + " bytes",
            algorithm,
            (p, r) ->
                goodContent(
                    p, r, BlobCases::postPut, algorithm, "{}".substring(0, size).getBytes()));
      }
      add(cases, Since.CORE, "absent", algorithm, (p, r) -> absent(p, r, algorithm));
    }
    return cases;
  }

  private static void add(
      List<Case> cases,
      Since since,
      String name,
      DigestAlgorithm algorithm,
      BiConsumer<Probe, String> steps) {
    String full = "blob " + algorithm.label() + " " + name;
    String repository = "/v2/conformance/" + full.replaceAll("[^a-z0-9]+", "-");
    Since from = algorithm == DigestAlgorithm.SHA256 ? since : Since.SPEC;
    cases.add(new Case(full, from, probe -> steps.accept(probe, repository)));
  }

  /** A query parameter more. */
  static String with(String address, String parameter) {
    return address + (address.contains("?") ? "&" : "?") + parameter;
  }

  /** HEAD and GET find the blob with all its headers. */
  static void holds(Probe probe, String address, Digest digest, byte[] content) {
    described(probe.head(address), digest, content).body(new byte[0]);
    described(probe.get(address), digest, content).body(content);
  }

  private static Reply described(Reply reply, Digest digest, byte[] content) {
    return reply
        .status(200)
        .header("Content-Length", "" + content.length)
        .header("Docker-Content-Digest", digest.toString())
        .header("Content-Type", "application/octet-stream")
        .header("ETag", "\"" + digest + "\"");
  }

  private static String start(Probe probe, String repository, String query) {
    Reply started =
        probe
            .send("POST", repository + "/blobs/uploads/" + query)
            .status(202)
            .header("Range", "0-0")
            .header("Content-Length", "0")
            .header("Docker-Upload-UUID", "*");
    return started.location();
  }

  private static Reply post(Probe probe, String repository, Digest digest, byte[] content) {
    return probe.send("POST", repository + "/blobs/uploads/?digest=" + digest, content);
  }

  private static Reply postPut(Probe probe, String repository, Digest digest, byte[] content) {
    String session = start(probe, repository, "");
    probe.get(session).status(204).header("Range", "0-0").header("Location", "*");
    return probe.send("PUT", with(session, "digest=" + digest), content);
  }

  private static Reply chunks(
      Probe probe, String repository, Digest digest, byte[] content, int size, boolean lastByPut) {
    String session = start(probe, repository, "");
    for (int from = 0; from < content.length; from += size) {
      int to = Math.min(from + size, content.length);
      byte[] chunk = Arrays.copyOfRange(content, from, to);
      String range = from + "-" + (to - 1);
      if (lastByPut && to == content.length) {
        return probe.send("PUT", with(session, "digest=" + digest), chunk, "Content-Range", range);
      }
      session = patched(probe.send("PATCH", session, chunk, "Content-Range", range), to);
      probe.get(session).status(204).header("Range", "0-" + (to - 1));
    }
    return probe.send("PUT", with(session, "digest=" + digest), new byte[0]);
  }

  private static String patched(Reply reply, int received) {
    return reply
        .status(202)
        .header("Range", "0-" + (received - 1))
        .header("Docker-Upload-UUID", "*")
        .location();
  }

  /** As docker, skopeo and buildah do it. */
  private static Reply stream(Probe probe, String repository, Digest digest, byte[] content) {
    String session = start(probe, repository, "");
    session =
        patched(
            probe.send(
                "PATCH",
                session,
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))),
            content.length);
    return probe.send("PUT", with(session, "digest=" + digest), new byte[0]);
  }

  private static Reply withAlgorithm(
      Probe probe, String repository, Digest digest, byte[] content) {
    String session = start(probe, repository, "?digest-algorithm=" + digest.algorithm().label());
    session = patched(probe.send("PATCH", session, content), content.length);
    return probe.send("PUT", with(session, "digest=" + digest), new byte[0]);
  }

  private static byte[] content(DigestAlgorithm algorithm, String seed) {
    return new Content(algorithm, seed).bytes(SIZE);
  }

  private static void good(Probe probe, String repository, Way way, DigestAlgorithm algorithm) {
    goodContent(probe, repository, way, algorithm, content(algorithm, repository));
  }

  private static void goodContent(
      Probe probe, String repository, Way way, DigestAlgorithm algorithm, byte[] content) {
    Digest digest = Digest.of(algorithm, content);
    Reply done = way.push(probe, repository, digest, content).status(201);
    done.header("Docker-Content-Digest", digest.toString());
    probe.get(done.location()).status(200).body(content);
    String address = repository + "/blobs/" + digest;
    holds(probe, address, digest, content);
    probe.send("DELETE", address).status(202);
    probe.head(address).status(404);
    probe.get(address).status(404).error("BLOB_UNKNOWN");
    probe.send("DELETE", address).status(404).error("BLOB_UNKNOWN");
  }

  private static void wrongDigest(
      Probe probe, String repository, Way way, DigestAlgorithm algorithm) {
    Digest wrong = Digest.of(algorithm, content(algorithm, repository + "wrong"));
    Reply done = way.push(probe, repository, wrong, content(algorithm, repository));
    done.status(400).error("DIGEST_INVALID");
    probe.head(repository + "/blobs/" + wrong).status(404);
  }

  private static void outOfOrder(Probe probe, String repository, DigestAlgorithm algorithm) {
    byte[] content = content(algorithm, repository);
    Digest digest = Digest.of(algorithm, content);
    String session = start(probe, repository, "");
    byte[] tail = Arrays.copyOfRange(content, 1_000, SIZE);
    probe.send("PATCH", session, tail, "Content-Range", "1000-2999").status(416);
    byte[] head = Arrays.copyOf(content, 1_000);
    session = patched(probe.send("PATCH", session, head, "Content-Range", "0-999"), 1_000);
    for (String range : new String[] {"0-1999", "999-2998", "1001-3000"}) {
      Reply refused = probe.send("PATCH", session, tail, "Content-Range", range).status(416);
      refused.header("Range", "0-999");
      refused.location();
      probe
          .send("PUT", with(session, "digest=" + digest), tail, "Content-Range", range)
          .status(416);
      Reply where = probe.get(session).status(204).header("Range", "0-999");
      session = where.location();
    }
    probe
        .send("PUT", with(session, "digest=" + digest), tail, "Content-Range", "1000-2999")
        .status(201);
    holds(probe, repository + "/blobs/" + digest, digest, content);
  }

  private static void cancel(Probe probe, String repository) {
    String session = start(probe, repository, "");
    session = patched(probe.send("PATCH", session, new byte[10]), 10);
    probe.send("DELETE", session).status(204);
    probe.get(session).status(404).error("BLOB_UPLOAD_UNKNOWN");
    probe.send("DELETE", session).status(404);
    probe.send("PATCH", session, new byte[10]).status(404);
  }

  private static void mount(
      Probe probe, String repository, DigestAlgorithm algorithm, boolean named) {
    byte[] content = content(algorithm, repository);
    Digest digest = Digest.of(algorithm, content);
    String source = repository + "-source";
    postPut(probe, source, digest, content).status(201);
    String from = named ? "&from=" + source.substring("/v2/".length()) : "";
    Reply mounted = probe.send("POST", repository + "/blobs/uploads/?mount=" + digest + from);
    mounted.status(201).header("Docker-Content-Digest", digest.toString());
    probe.get(mounted.location()).status(200).body(content);
    probe.send("DELETE", source + "/blobs/" + digest).status(202);
    holds(probe, repository + "/blobs/" + digest, digest, content);
  }

  /** An upload begins instead. */
  private static void mountOfNothing(Probe probe, String repository, DigestAlgorithm algorithm) {
    byte[] content = content(algorithm, repository);
    Digest digest = Digest.of(algorithm, content);
    String query = "?mount=" + digest + "&from=conformance/no-such-source";
    String session = start(probe, repository, query);
    probe.send("PUT", with(session, "digest=" + digest), content).status(201);
    holds(probe, repository + "/blobs/" + digest, digest, content);
  }

  private static void absent(Probe probe, String repository, DigestAlgorithm algorithm) {
    Digest digest = Digest.of(algorithm, content(algorithm, repository));
    probe.get(repository + "/blobs/" + digest).status(404).error("BLOB_UNKNOWN");
    probe.head(repository + "/blobs/" + digest).status(404);
    probe.send("DELETE", repository + "/blobs/" + digest).status(404);
  }
}
