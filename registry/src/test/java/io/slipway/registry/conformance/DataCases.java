package io.slipway.registry.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.conformance.Case.Since;
import io.slipway.registry.conformance.DataSets.DataSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every kind of content on its way: pushed, listed, asked for, pulled, referred to, deleted. */
final class DataCases {
  private static final String ACCEPT = String.join(", ", MediaTypes.MANIFESTS);

  private DataCases() {}

  static List<Case> strict() {
    List<Case> cases = new ArrayList<>(cases(DataSets.strict()));
    cases.add(new Case("data bad-digest", Since.CORE, DataCases::badDigest));
    return cases;
  }

  static List<Case> sparse() {
    return cases(List.of(DataSets.sparse()));
  }

  private static List<Case> cases(List<DataSet> sets) {
    return sets.stream()
        .map(set -> new Case("data " + set.name(), set.since(), probe -> run(probe, set)))
        .toList();
  }

  private static void run(Probe probe, DataSet set) {
    String repository = "/v2/conformance/data/" + set.name();
    push(probe, repository, set);
    list(probe, repository, set.content());
    pull(probe, repository, set.content());
    referrers(probe, repository, set.content());
    delete(probe, repository, set);
  }

  static void pushBlobs(Probe probe, String repository, Content content) {
    content.blobs.forEach((digest, bytes) -> {
      String session = probe.send("POST", repository + "/blobs/uploads/").status(202).location();
      probe.send("PUT", BlobCases.with(session, "digest=" + digest), bytes).status(201);
    });
  }

  private static void push(Probe probe, String repository, DataSet set) {
    Content content = set.content();
    pushBlobs(probe, repository, content);
    content.manifests.forEach((digest, bytes) -> {
      List<String> tags = tagsOf(content, digest);
      String address = repository + "/manifests/" + digest;
      if (set.tagParameters()) {
        Reply reply = put(probe, address + "?tag=" + String.join("&tag=", tags), digest, bytes);
        for (String tag : tags) {
          boolean named =
              List.of(
                      String.join(",", reply.response().headers().allValues("OCI-Tag"))
                          .split("\\s*,\\s*"))
                  .contains(tag);
          probe.check(named, address + ": OCI-Tag lacks " + tag);
        }
        return;
      }
      put(probe, address, digest, bytes);
      for (String tag : tags) {
        put(probe, repository + "/manifests/" + tag, digest, bytes);
      }
    });
  }

  private static List<String> tagsOf(Content content, Digest digest) {
    return content.tags.entrySet().stream()
        .filter(entry -> entry.getValue().equals(digest))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Reply put(Probe probe, String address, Digest digest, byte[] bytes) {
    Reply reply = probe.send("PUT", address, bytes, "Content-Type", mediaType(bytes));
    reply.status(201).header("Docker-Content-Digest", digest.toString());
    String subject = json(bytes).at("/subject/digest").asText();
    if (!subject.isEmpty()) {
      reply.header("OCI-Subject", subject);
    }
    found(probe.get(reply.location(), "Accept", ACCEPT), digest, bytes).body(bytes);
    return reply;
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return Content.JSON.readTree(bytes);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException("content made here is JSON", e);
    }
  }

  private static String mediaType(byte[] manifest) {
    return json(manifest).at("/mediaType").asText();
  }

  private static Reply found(Reply reply, Digest digest, byte[] bytes) {
    return reply
        .status(200)
        .header("Content-Type", mediaType(bytes))
        .header("Content-Length", "" + bytes.length)
        .header("Docker-Content-Digest", digest.toString())
        .header("ETag", "\"" + digest + "\"");
  }

  private static void list(Probe probe, String repository, Content content) {
    Reply reply = probe.get(repository + "/tags/list").status(200);
    List<String> tags = texts(reply.json().at("/tags"));
    probe.check(tags.equals(List.copyOf(new TreeSet<>(content.tags.keySet()))), "tags: " + tags);
    if (tags.size() < 2) {
      return;
    }
    String last = tags.get(tags.size() / 2 - 1);
    List<String> rest =
        texts(probe.get(repository + "/tags/list?last=" + last).status(200).json().at("/tags"));
    probe.check(rest.equals(tags.subList(tags.size() / 2, tags.size())), "after " + last + rest);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  private static void pull(Probe probe, String repository, Content content) {
    content.tags.forEach((tag, digest) ->
        both(probe, repository + "/manifests/" + tag, digest, content.manifests.get(digest)));
    content.manifests.forEach(
        (digest, bytes) -> both(probe, repository + "/manifests/" + digest, digest, bytes));
    content.blobs.forEach(
        (digest, bytes) -> BlobCases.holds(probe, repository + "/blobs/" + digest, digest, bytes));
  }

  private static void both(Probe probe, String address, Digest digest, byte[] bytes) {
    found(probe.head(address, "Accept", ACCEPT), digest, bytes).body(new byte[0]);
    found(probe.get(address, "Accept", ACCEPT), digest, bytes).body(bytes);
  }

  private static void referrers(Probe probe, String repository, Content content) {
    Set<Digest> subjects = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    content.referrers.forEach(referrer -> subjects.add(referrer.subject()));
    for (Digest subject : subjects) {
      List<ObjectNode> expected =
          content.referrers.stream()
              .filter(referrer -> referrer.subject().equals(subject))
              .map(Content.Referrer::descriptor)
              .toList();
      String address = repository + "/referrers/" + subject;
      sameReferrers(probe, address, expected);
      Set<String> types = new TreeSet<>();
      expected.forEach(descriptor -> types.add(descriptor.path("artifactType").asText()));
      types.remove("");
      for (String type : types) {
        sameReferrers(
                probe,
                address + "?artifactType=" + type.replace("+", "%2B"),
                expected.stream()
                    .filter(d -> d.path("artifactType").asText().equals(type))
                    .toList())
            .header("OCI-Filters-Applied", "artifactType");
      }
      sameReferrers(probe, address + "?artifactType=none/such", List.of());
    }
  }

  private static Reply sameReferrers(Probe probe, String address, List<ObjectNode> expected) {
    Reply reply = probe.get(address).status(200).header("Content-Type", MediaTypes.OCI_INDEX);
    JsonNode index = reply.json();
    probe.check(
        index.at("/schemaVersion").asInt() == 2
            && index.at("/mediaType").asText().equals(MediaTypes.OCI_INDEX)
            && index.at("/manifests").isArray(),
        address + ": not an index");
    List<String> found = new ArrayList<>();
    index.at("/manifests").forEach(descriptor -> found.add(sorted(descriptor)));
    List<String> wanted = expected.stream().map(DataCases::sorted).toList();
    probe.check(
        found.size() == wanted.size() && found.containsAll(wanted),
        "%s: %s, wanted %s".formatted(address, found, wanted));
    return reply;
  }

  /** As text, whatever the order of its fields. */
  private static String sorted(JsonNode descriptor) {
    Object tree = Content.JSON.convertValue(descriptor, Object.class);
    return Content.SORTED.valueToTree(tree).toString();
  }

  /** Each delete is seen at once. */
  private static void delete(Probe probe, String repository, DataSet set) {
    Content content = set.content();
    if (set.since() != Since.CORE) {
      content.tags.keySet().forEach(tag -> gone(probe, repository + "/manifests/" + tag));
    }
    List<Digest> manifests = new ArrayList<>(content.manifests.keySet());
    for (Digest digest : manifests.reversed()) {
      gone(probe, repository + "/manifests/" + digest);
    }
    content.blobs.keySet().forEach(digest -> gone(probe, repository + "/blobs/" + digest));
    for (Content.Referrer referrer : content.referrers) {
      sameReferrers(probe, repository + "/referrers/" + referrer.subject(), List.of());
    }
  }

  private static void gone(Probe probe, String address) {
    probe.send("DELETE", address).status(202);
    probe.head(address, "Accept", ACCEPT).status(404);
    probe.get(address, "Accept", ACCEPT).status(404).header("Content-Type", "application/json");
    probe.send("DELETE", address).status(404);
  }

  private static void badDigest(Probe probe) {
    String repository = "/v2/conformance/data/bad-digest";
    Content content = new Content(DigestAlgorithm.SHA256, "bad-digest");
    Digest digest = content.add(content.image());
    pushBlobs(probe, repository, content);
    String spaced = new String(content.manifests.get(digest), StandardCharsets.UTF_8) + "  ";
    probe
        .send(
            "PUT",
            repository + "/manifests/" + digest,
            spaced.getBytes(StandardCharsets.UTF_8),
            "Content-Type",
            MediaTypes.OCI_MANIFEST)
        .status(400)
        .error("DIGEST_INVALID");
    probe.head(repository + "/manifests/" + digest).status(404);
  }
}
