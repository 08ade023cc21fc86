package io.slipway.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link MetadataStore} does; one subclass per implementation. */
public abstract class MetadataStoreContract {
  private static final Instant T0 = Instant.ofEpochSecond(1_000_000);
  private static final RepositoryName REPO = new RepositoryName("team/app");
  private static final RepositoryName OTHER = new RepositoryName("team/other");
  private static final TagCondition ALWAYS = new TagCondition.Always();

  @TempDir protected Path folder;
  private MetadataStore store;

  /** Opens the store of {@link #folder}, also a second time after {@code close}. */
  protected abstract MetadataStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = open();
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Digest blob(RepositoryName repository, String text) {
    Digest digest = digest(text);
    store.blobs().link(repository, new BlobRecord(digest, text.length()), T0);
    return digest;
  }

  private static ManifestRecord image(Digest digest) {
    return new ManifestRecord(
        digest, MediaTypes.OCI_MANIFEST, 100, "application/x", Optional.empty(), Map.of());
  }

  private Digest manifest(String text, TagCondition condition, String... tags) {
    Digest digest = digest(text);
    store
        .manifests()
        .put(new ManifestPut(REPO, image(digest), List.of(), List.of(tags), condition, T0));
    return digest;
  }

  private Digest manifest(String text, String... tags) {
    return manifest(text, ALWAYS, tags);
  }

  @Test
  void repositoryComesIntoBeingWithItsFirstContentAndOutlivesIt() {
    assertThat(store.repositories().exists(REPO)).isFalse();
    Digest digest = blob(REPO, "a");
    assertThat(store.repositories().exists(REPO)).isTrue();
    store.blobs().unlink(REPO, digest);
    assertThat(store.repositories().exists(REPO)).isTrue();
  }

  @Test
  void repositoriesAreListedInAsciiOrderPageByPage() {
    for (String name : List.of("b", "a-b", "a/b", "a.b", "a", "c")) {
      blob(new RepositoryName(name), "x");
    }
    assertThat(names(new Page(3, ""))).containsExactly("a", "a-b", "a.b");
    assertThat(names(new Page(3, "a.b"))).containsExactly("a/b", "b", "c");
    assertThat(names(new Page(3, "bb"))).containsExactly("c");
    assertThat(names(new Page(0, ""))).isEmpty();
  }

  private List<String> names(Page page) {
    return store.repositories().list(page).stream().map(RepositoryName::value).toList();
  }

  @Test
  void blobBelongsToTheRepositoriesThatLinkIt() {
    Digest digest = blob(REPO, "abc");
    assertThat(store.blobs().find(REPO, digest)).contains(new BlobRecord(digest, 3));
    assertThat(store.blobs().find(OTHER, digest)).isEmpty();
    blob(OTHER, "abc");
    assertThat(store.blobs().holders(digest, 10)).containsExactlyInAnyOrder(REPO, OTHER);
    assertThat(store.blobs().holders(digest, 1)).hasSize(1);
    assertThat(store.blobs().unlink(REPO, digest)).isTrue();
    assertThat(store.blobs().unlink(REPO, digest)).isFalse();
    assertThat(store.blobs().find(REPO, digest)).isEmpty();
    assertThat(store.blobs().find(OTHER, digest)).isPresent();
  }

  @Test
  void unlinkingFromAnUnknownRepositoryIsFalse() {
    assertThat(store.blobs().unlink(OTHER, digest("never"))).isFalse();
    assertThat(store.repositories().exists(OTHER)).isFalse();
  }

  @Test
  void touchingUnknownContentIsHarmless() {
    Digest digest = blob(REPO, "abc");
    store.blobs().touch(Map.of(digest, T0.plusSeconds(5), digest("never"), T0));
    assertThat(store.blobs().find(REPO, digest)).isPresent();
  }

  @Test
  void sha512IsAnotherName() {
    Digest digest = Digest.of(DigestAlgorithm.SHA512, new byte[] {1});
    store.blobs().link(REPO, new BlobRecord(digest, 1), T0);
    assertThat(store.blobs().find(REPO, digest)).contains(new BlobRecord(digest, 1));
  }

  @Test
  void tagsMoveAndAreListedInAsciiOrder() {
    Digest one = manifest("m1", "latest", "1.0", "Z", "_a");
    Digest two = manifest("m2", "latest");
    assertThat(store.tags().resolve(REPO, "latest")).contains(two);
    assertThat(store.tags().resolve(REPO, "1.0")).contains(one);
    assertThat(store.tags().resolve(OTHER, "1.0")).isEmpty();
    assertThat(store.tags().list(REPO, new Page(10, "")))
        .containsExactly("1.0", "Z", "_a", "latest");
    assertThat(store.tags().list(REPO, new Page(2, "1.0"))).containsExactly("Z", "_a");
    assertThat(store.tags().list(REPO, new Page(2, "latest"))).isEmpty();
    assertThat(store.tags().list(OTHER, new Page(2, ""))).isEmpty();
  }

  @Test
  void deletingATagKeepsTheManifest() {
    Digest digest = manifest("m", "a", "b");
    assertThat(store.tags().delete(REPO, "a")).isTrue();
    assertThat(store.tags().delete(REPO, "a")).isFalse();
    assertThat(store.tags().resolve(REPO, "b")).contains(digest);
    assertThat(store.manifests().find(REPO, digest)).isPresent();
  }

  @Test
  void deletingAManifestTakesItsTagsAlongAndNoOthers() {
    Digest digest = manifest("m", "a", "b");
    manifest("other", "c");
    assertThat(store.manifests().delete(REPO, digest)).isTrue();
    assertThat(store.manifests().delete(REPO, digest)).isFalse();
    assertThat(store.manifests().find(REPO, digest)).isEmpty();
    assertThat(store.tags().list(REPO, new Page(10, ""))).containsExactly("c");
  }

  @Test
  void manifestIsKeptAsItWasPut() {
    ManifestRecord record =
        new ManifestRecord(
            digest("m"),
            MediaTypes.DOCKER_MANIFEST,
            77,
            "",
            Optional.of(digest("subject")),
            Map.of("k", "v\"ü"));
    store.manifests().put(new ManifestPut(REPO, record, List.of(), List.of(), ALWAYS, T0));
    assertThat(store.manifests().find(REPO, record.digest())).contains(record);
    assertThat(store.manifests().find(OTHER, record.digest())).isEmpty();
  }

  @Test
  void missingRequiredContentRefusesThePushAndLeavesNothing() {
    Digest held = blob(REPO, "held");
    Digest elsewhere = blob(OTHER, "elsewhere");
    ManifestRecord record = image(digest("m"));
    List<ContentReference> references =
        List.of(
            new ContentReference(held, ContentReference.Kind.CONFIG, true),
            new ContentReference(digest("optional"), ContentReference.Kind.LAYER, false),
            new ContentReference(elsewhere, ContentReference.Kind.LAYER, true));
    assertThatThrownBy(() ->
            store
                .manifests()
                .put(new ManifestPut(REPO, record, references, List.of("t"), ALWAYS, T0)))
        .isInstanceOfSatisfying(
            RegistryFault.class,
            fault -> {
              assertThat(fault.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN);
              assertThat(fault.detail()).isEqualTo(elsewhere.toString());
            });
    assertThat(store.manifests().find(REPO, record.digest())).isEmpty();
    assertThat(store.tags().resolve(REPO, "t")).isEmpty();
    store
        .manifests()
        .put(new ManifestPut(REPO, record, references.subList(0, 2), List.of("t"), ALWAYS, T0));
    assertThat(store.tags().resolve(REPO, "t")).contains(record.digest());
  }

  @Test
  void childOfAnIndexMustBeAManifestNotABlob() {
    Digest blob = blob(REPO, "blob");
    Digest child = manifest("child");
    ManifestRecord index =
        new ManifestRecord(digest("i"), MediaTypes.OCI_INDEX, 9, "", Optional.empty(), Map.of());
    assertThatThrownBy(() -> putIndex(index, blob)).isInstanceOf(RegistryFault.class);
    putIndex(index, child);
    assertThat(store.manifests().find(REPO, index.digest())).contains(index);
  }

  private void putIndex(ManifestRecord index, Digest child) {
    ContentReference reference = new ContentReference(child, ContentReference.Kind.CHILD, true);
    store.manifests().put(new ManifestPut(REPO, index, List.of(reference), List.of(), ALWAYS, T0));
  }

  @Test
  void conditionsGuardTags() {
    Digest one = manifest("m1", new TagCondition.Absent(), "t");
    refused(() -> manifest("m2", new TagCondition.Absent(), "t"));
    refused(() -> manifest("m2", new TagCondition.Exists(), "new"));
    refused(() -> manifest("m2", new TagCondition.OneOf(Set.of(digest("x"))), "t"));
    refused(() -> manifest("m2", new TagCondition.NoneOf(Set.of(one)), "t"));
    assertThat(store.tags().resolve(REPO, "t")).contains(one);
    assertThat(store.manifests().find(REPO, digest("m2"))).isEmpty();
    Digest two = manifest("m2", new TagCondition.OneOf(Set.of(one)), "t");
    assertThat(store.tags().resolve(REPO, "t")).contains(two);
  }

  private static void refused(Runnable push) {
    assertThatThrownBy(push::run)
        .isInstanceOfSatisfying(
            RegistryFault.class, fault -> assertThat(fault.status()).isEqualTo(412));
  }

  @Test
  void onlyOneOfManyConcurrentCreatorsOfATagWins() throws Exception {
    AtomicInteger winners = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String text = "m" + i;
        all.add(
            threads.submit(() -> {
              try {
                manifest(text, new TagCondition.Absent(), "t");
                winners.incrementAndGet();
              } catch (RegistryFault e) {
                assertThat(e.status()).isEqualTo(412);
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(winners).hasValue(1);
  }

  @Test
  void referrersAreFoundBySubjectTypeAndPage() {
    Digest subject = digest("subject");
    List<String> digests = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ManifestRecord record =
          new ManifestRecord(
              digest("r" + i),
              MediaTypes.OCI_MANIFEST,
              i,
              i < 3 ? "application/sbom" : "application/sig",
              Optional.of(subject),
              Map.of("n", "" + i));
      store.manifests().put(new ManifestPut(REPO, record, List.of(), List.of(), ALWAYS, T0));
      digests.add(record.digest().toString());
    }
    digests.sort(null);
    assertThat(referrers(REPO, subject, "", new Page(10, ""))).isEqualTo(digests);
    assertThat(referrers(REPO, subject, "", new Page(2, digests.get(1))))
        .isEqualTo(digests.subList(2, 4));
    assertThat(referrers(REPO, subject, "application/sig", new Page(10, ""))).hasSize(2);
    assertThat(referrers(REPO, subject, "application/none", new Page(10, ""))).isEmpty();
    assertThat(referrers(OTHER, subject, "", new Page(10, ""))).isEmpty();
    store.manifests().delete(REPO, digest("r0"));
    assertThat(referrers(REPO, subject, "", new Page(10, ""))).hasSize(4);
  }

  private List<String> referrers(RepositoryName name, Digest subject, String type, Page page) {
    return store.manifests().referrers(name, subject, type, page).stream()
        .map(record -> record.digest().toString())
        .toList();
  }

  @Test
  void uploadsAreSavedFoundAndExpire() {
    UploadRecord old = new UploadRecord(UploadId.random(), REPO, DigestAlgorithm.SHA256, T0);
    UploadRecord young =
        new UploadRecord(UploadId.random(), OTHER, DigestAlgorithm.SHA512, T0.plusSeconds(60));
    store.uploads().save(old);
    store.uploads().save(young);
    assertThat(store.uploads().find(young.id())).contains(young);
    assertThat(store.uploads().find(UploadId.random())).isEmpty();
    assertThat(store.uploads().idleSince(T0.plusSeconds(30), 10)).containsExactly(old);
    store
        .uploads()
        .save(new UploadRecord(old.id(), REPO, DigestAlgorithm.SHA256, T0.plusSeconds(90)));
    assertThat(store.uploads().idleSince(T0.plusSeconds(30), 10)).isEmpty();
    assertThat(store.uploads().idleSince(T0.plusSeconds(100), 1)).containsExactly(young);
    store.uploads().remove(young.id());
    assertThat(store.uploads().find(young.id())).isEmpty();
  }

  @Test
  void theGenerationIsKept() {
    assertThat(store.upkeep().generation().read()).isEmpty();
    store.upkeep().generation().write("one");
    store.upkeep().generation().write("two");
    reopen();
    assertThat(store.upkeep().generation().read()).contains("two");
  }

  @Test
  void everythingOutlivesTheStore() {
    Digest blob = blob(REPO, "abc");
    Digest manifest = manifest("m", "latest");
    UploadRecord upload = new UploadRecord(UploadId.random(), REPO, DigestAlgorithm.SHA256, T0);
    store.uploads().save(upload);
    reopen();
    assertThat(store.blobs().find(REPO, blob)).isPresent();
    assertThat(store.tags().resolve(REPO, "latest")).contains(manifest);
    assertThat(store.uploads().find(upload.id())).contains(upload);
  }

  @Test
  void concurrentWritersAndReadersSeeTheirOwnWrites() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String text = "blob " + i;
        RepositoryName repository = new RepositoryName("r" + i % 7);
        all.add(
            threads.submit(() -> {
              Digest digest = blob(repository, text);
              assertThat(store.blobs().find(repository, digest)).isPresent();
              store.blobs().unlink(repository, digest);
              assertThat(store.blobs().find(repository, digest)).isEmpty();
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(store.repositories().list(new Page(100, ""))).hasSize(7);
  }
}
