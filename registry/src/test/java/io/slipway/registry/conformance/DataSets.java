package io.slipway.registry.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.conformance.Case.Since;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** The kinds of content a registry has to take, each as a table row: name, promise, maker. */
final class DataSets {
  private static final String TYPE_1 = "application/vnd.example.conformance.v1";
  private static final String TYPE_2 = "application/vnd.example.conformance.v2+json";
  private static final int LARGE_ANNOTATIONS = 390;

  /** A kind of content. */
  record DataSet(String name, Since since, boolean tagParameters, Content content) {}

  private DataSets() {}

  /** Some of whose content is never there. */
  static DataSet sparse() {
    return of("sparse", Since.SPEC, DataSets::sparse);
  }

  static List<DataSet> strict() {
    return List.of(
        of("image", Since.CORE, c -> c.add(c.image(), "image")),
        of("image-uncompressed", Since.CORE, DataSets::uncompressed),
        of("docker-image", Since.CORE, DataSets::docker),
        of("docker-manifest-list", Since.CORE, DataSets::dockerList),
        of("index", Since.CORE, c -> c.add(c.index(), "index")),
        of("large-manifest", Since.SPEC, DataSets::large),
        of("nested-index", Since.SPEC, DataSets::nested),
        of("empty-index", Since.SPEC, c -> c.add(c.index(new Digest[0]), "index")),
        of("artifact", Since.SPEC, c -> c.add(artifact(c, TYPE_1), "artifact")),
        of("artifact-index", Since.SPEC, DataSets::artifactIndex),
        of("artifact-without-layers", Since.SPEC, DataSets::artifactWithoutLayers),
        of("artifacts-with-subject", Since.SPEC, DataSets::withSubject),
        of("index-with-subject", Since.SPEC, DataSets::indexWithSubject),
        of("missing-subject", Since.SPEC, DataSets::missingSubject),
        of("data-field", Since.SPEC, c -> c.withData().add(c.image(), "data-field")),
        of("non-distributable-layers", Since.SPEC, DataSets::nonDistributable),
        of("custom-fields", Since.SPEC, DataSets::customFields),
        of("no-layers", Since.SPEC, c -> c.add(c.image(c.config()), "no-layers")),
        make("sha512", Since.SPEC, DigestAlgorithm.SHA512, false, c -> c.add(c.index())),
        make("tag-parameters-sha256", Since.SPEC, DigestAlgorithm.SHA256, true, DataSets::tagged),
        make("tag-parameters-sha512", Since.SPEC, DigestAlgorithm.SHA512, true, DataSets::tagged));
  }

  private static DataSet of(String name, Since since, Consumer<Content> maker) {
    return make(name, since, DigestAlgorithm.SHA256, false, maker);
  }

  private static DataSet make(
      String name,
      Since since,
      DigestAlgorithm algorithm,
      boolean tagParameters,
      Consumer<Content> maker) {
    Content content = new Content(algorithm, name);
    maker.accept(content);
    return new DataSet(name, since, tagParameters, content);
  }

  private static void uncompressed(Content c) {
    c.add(c.image(c.config(), c.blob(MediaTypes.OCI_LAYER, c.bytes(2_048))), "image-uncompressed");
  }

  private static ObjectNode dockerImage(Content c) {
    ObjectNode image =
        c.image(
            c.blob(MediaTypes.DOCKER_CONFIG, "{\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8)),
            c.blob(MediaTypes.DOCKER_LAYER_GZIP, c.bytes(500)));
    return image.put("mediaType", MediaTypes.DOCKER_MANIFEST);
  }

  private static void docker(Content c) {
    c.add(dockerImage(c), "docker");
  }

  private static void dockerList(Content c) {
    ObjectNode list = c.index(c.add(dockerImage(c)), c.add(dockerImage(c)));
    c.add(list.put("mediaType", MediaTypes.DOCKER_INDEX), "docker-list");
  }

  private static void large(Content c) {
    ObjectNode image = c.image();
    ObjectNode annotations = image.putObject("annotations");
    String value = "A".repeat(10_000);
    for (int i = 0; i < LARGE_ANNOTATIONS; i++) {
      annotations.put("large-" + i, value);
    }
    c.add(image, "large-manifest");
  }

  private static void nested(Content c) {
    c.add(c.index(c.add(c.index()), c.add(c.index())), "index-of-indexes");
  }

  private static ObjectNode artifact(Content c, String type) {
    return c.artifact(type, c.blob(type, c.bytes(2_048)));
  }

  private static void artifactIndex(Content c) {
    ObjectNode index = c.index(c.add(artifact(c, TYPE_1)), c.add(artifact(c, TYPE_1)));
    c.add(index.put("artifactType", TYPE_1), "artifact-index");
  }

  private static void artifactWithoutLayers(Content c) {
    ObjectNode empty = c.blob(MediaTypes.OCI_EMPTY, "{}".getBytes(StandardCharsets.UTF_8));
    c.add(c.artifact(TYPE_1, empty), "artifact-without-layers");
  }

  private static ObjectNode referring(ObjectNode manifest, ObjectNode subject, String note) {
    subject.remove("data");
    manifest.set("subject", subject);
    if (!note.isEmpty()) {
      manifest.putObject("annotations").put("org.example.note", note).put("org.example.n", "1");
    }
    return manifest;
  }

  private static void withSubject(Content c) {
    ObjectNode subject = c.descriptorOf(c.add(c.image(), "image"));
    c.add(referring(c.image(), subject, ""));
    c.add(referring(artifact(c, TYPE_1), subject, "first"), "tagged-1");
    c.add(referring(artifact(c, TYPE_2), subject, "second"), "tagged-2");
  }

  private static void indexWithSubject(Content c) {
    ObjectNode subject = c.descriptorOf(c.add(c.index(), "index"));
    ObjectNode typed = c.index().put("artifactType", TYPE_1);
    c.add(referring(typed, subject, "typed"), "tagged");
    c.add(referring(c.index(), subject, "untyped"));
  }

  private static void missingSubject(Content c) {
    ObjectNode absent = Content.descriptor(MediaTypes.OCI_MANIFEST, c.absent(), 123);
    c.add(referring(artifact(c, TYPE_1), absent, "lonely"), "tagged");
  }

  private static void nonDistributable(Content c) {
    ObjectNode zipped =
        Content.descriptor(MediaTypes.OCI_FOREIGN_LAYER + "+gzip", c.absent(), 123_456);
    zipped.putArray("urls").add("https://store.example.com/zipped");
    ObjectNode plain = Content.descriptor(MediaTypes.OCI_FOREIGN_LAYER, c.absent(), 12_345);
    plain.putArray("urls").add("https://store.example.com/plain");
    c.add(c.image(c.config(), zipped, plain, c.layer()), "non-distributable");
  }

  private static void customFields(Content c) {
    Digest first = c.add(c.image().put("org.example.one", "1"));
    Digest second = c.add(c.image().put("org.example.two", "2"));
    c.add(c.index(first, second).put("org.example.three", "3"), "custom-fields");
  }

  private static void sparse(Content c) {
    ObjectNode layer = Content.descriptor(MediaTypes.OCI_LAYER_GZIP, c.absent(), 1_000);
    c.add(c.image(c.config(), layer, c.layer()), "sparse-image");
    ObjectNode index = c.index(c.add(c.image()));
    ObjectNode child = Content.descriptor(MediaTypes.OCI_MANIFEST, c.absent(), 1_024);
    child.putObject("platform").put("os", "linux").put("architecture", "arm64");
    index.withArray("manifests").add(child);
    c.add(index, "sparse-index");
  }

  /** Ten tags and more in one request have to work. */
  private static void tagged(Content c) {
    Digest first = c.add(c.image(), "first-0", "first-1");
    Digest second = c.add(c.image(), "second-0");
    String[] tags = new String[12];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = "index-" + i;
    }
    c.add(c.index(first, second), tags);
  }
}
