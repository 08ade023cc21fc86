package io.slipway.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.store.GarbageIndex.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link MetadataStore} knows of things held in vain; one subclass per store. */
public abstract class GarbageIndexContract {
  protected static final Instant T0 = Instant.ofEpochSecond(1_000_000);
  protected static final RepositoryName REPO = new RepositoryName("team/app");
  private static final RepositoryName OTHER = new RepositoryName("team/other");
  private static final Instant LATER = T0.plusSeconds(60);

  @TempDir protected Path folder;
  private MetadataStore store;

  /** Opens the store of {@link #folder}. */
  protected abstract MetadataStore open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  protected static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Digest blob(RepositoryName repository, String text) {
    Digest digest = digest(text);
    store.blobs().link(repository, new BlobRecord(digest, 10), T0);
    return digest;
  }

  private Digest manifest(
      String name, String type, Optional<Digest> subject, List<ContentReference> references) {
    return manifest(REPO, name, type, subject, references);
  }

  private Digest manifest(
      RepositoryName repository,
      String name,
      String type,
      Optional<Digest> subject,
      List<ContentReference> references,
      String... tags) {
    Digest digest = digest(name);
    store
        .manifests()
        .put(
            new ManifestPut(
                repository,
                new ManifestRecord(digest, type, 100, "", subject, Map.of()),
                references,
                List.of(tags),
                new TagCondition.Always(),
                T0));
    return digest;
  }

  private Digest image(RepositoryName repository, String name, Digest layer, String... tags) {
    return manifest(
        repository,
        name,
        MediaTypes.OCI_MANIFEST,
        Optional.empty(),
        List.of(new ContentReference(layer, ContentReference.Kind.LAYER, true)),
        tags);
  }

  private Digest index(String name, Digest child, String... tags) {
    return manifest(
        REPO,
        name,
        MediaTypes.OCI_INDEX,
        Optional.empty(),
        List.of(new ContentReference(child, ContentReference.Kind.CHILD, true)),
        tags);
  }

  private GarbageIndex garbage() {
    return store.upkeep().garbage();
  }

  private List<Digest> unneeded(RepositoryName repository, Kind kind) {
    List<Digest> found = new ArrayList<>();
    String cursor = "";
    do {
      // a page of one: every boundary is crossed
      GarbagePage page = garbage().unneeded(repository, kind, LATER, cursor, 1);
      page.contents().forEach(content -> found.add(content.digest()));
      cursor = page.cursor();
    } while (!cursor.isEmpty());
    return found;
  }

  private List<Digest> drop(Kind kind, Digest... digests) {
    return garbage().drop(REPO, kind, List.of(digests), LATER);
  }

  @Test
  void blobIsNeededByManifestsOfTheSameRepository() {
    Digest used = blob(REPO, "used");
    Digest spare = blob(REPO, "spare");
    Digest elsewhere = blob(REPO, "elsewhere");
    blob(OTHER, "elsewhere");
    image(REPO, "m", used, "v1");
    image(OTHER, "o", elsewhere, "v1");
    assertThat(unneeded(REPO, Kind.BLOB)).containsExactlyInAnyOrder(spare, elsewhere);
    assertThat(unneeded(OTHER, Kind.BLOB)).isEmpty();
    assertThat(drop(Kind.BLOB, used, spare, digest("never"))).containsExactly(spare);
    assertThat(store.blobs().find(REPO, used)).isPresent();
    assertThat(store.blobs().find(REPO, spare)).isEmpty();
  }

  @Test
  void whatWasTouchedLatelyIsYoungNotUnneeded() {
    Digest spare = blob(REPO, "spare");
    GarbagePage early = garbage().unneeded(REPO, Kind.BLOB, T0, "", 10);
    assertThat(early.contents()).isEmpty();
    assertThat(early.young()).isTrue();
    assertThat(garbage().unneeded(REPO, Kind.BLOB, LATER, "", 10).young()).isFalse();
    store.blobs().touch(Map.of(spare, LATER));
    assertThat(unneeded(REPO, Kind.BLOB)).isEmpty();
    assertThat(drop(Kind.BLOB, spare)).isEmpty();
  }

  @Test
  void tagsAndIndexesKeepManifests() {
    Digest layer = blob(REPO, "layer");
    Digest child = image(REPO, "child", layer);
    Digest index = index("index", child, "multi");
    assertThat(unneeded(REPO, Kind.MANIFEST)).isEmpty();
    assertThat(drop(Kind.MANIFEST, child, index)).isEmpty();
    assertThat(garbage().keepers(REPO, Kind.MANIFEST, child).manifests()).containsExactly(index);
    assertThat(garbage().keepers(REPO, Kind.MANIFEST, index).tagged()).isTrue();
    assertThat(garbage().keptBy(REPO, index)).containsExactly(child);
    store.tags().delete(REPO, "multi");
    assertThat(unneeded(REPO, Kind.MANIFEST)).containsExactly(index);
    assertThat(drop(Kind.MANIFEST, index)).containsExactly(index);
    assertThat(unneeded(REPO, Kind.MANIFEST)).containsExactly(child);
    assertThat(drop(Kind.MANIFEST, child)).containsExactly(child);
    assertThat(unneeded(REPO, Kind.BLOB)).containsExactly(layer);
  }

  @Test
  void aTagMovedAwayLeavesTheOldManifestBehindButTouched() {
    Digest layer = blob(REPO, "layer");
    Digest old = image(REPO, "old", layer, "v1");
    store
        .manifests()
        .put(
            new ManifestPut(
                REPO,
                new ManifestRecord(
                    digest("new"), MediaTypes.OCI_MANIFEST, 1, "", Optional.empty(), Map.of()),
                List.of(),
                List.of("v1"),
                new TagCondition.Always(),
                LATER));
    assertThat(unneeded(REPO, Kind.MANIFEST)).isEmpty();
    assertThat(garbage().unneeded(REPO, Kind.MANIFEST, LATER.plusSeconds(1), "", 10).contents())
        .extracting(BlobRecord::digest)
        .containsExactly(old);
  }

  @Test
  void referrersLiveAsLongAsTheirSubject() {
    Digest layer = blob(REPO, "layer");
    Digest subject = image(REPO, "subject", layer, "v1");
    Digest signature =
        manifest("signature", MediaTypes.OCI_MANIFEST, Optional.of(subject), List.of());
    Digest ofSignature =
        manifest("ofSignature", MediaTypes.OCI_MANIFEST, Optional.of(signature), List.of());
    assertThat(unneeded(REPO, Kind.MANIFEST)).isEmpty();
    assertThat(garbage().keptBy(REPO, subject)).containsExactlyInAnyOrder(layer, signature);
    assertThat(store.manifests().delete(REPO, subject)).isTrue();
    assertThat(unneeded(REPO, Kind.MANIFEST)).containsExactly(signature);
    drop(Kind.MANIFEST, signature);
    assertThat(unneeded(REPO, Kind.MANIFEST)).containsExactly(ofSignature);
  }

  @Test
  void aListOfReferrersUnderATagLivesAsLongAsItsSubject() {
    Digest subject = image(REPO, "subject", blob(REPO, "layer"), "v1");
    Digest signature = manifest("sig", MediaTypes.OCI_MANIFEST, Optional.empty(), List.of());
    String tag = "sha256-" + subject.hex();
    Digest list = index("list", signature, tag);
    // an image under such a tag is somebody's image
    Digest image = image(REPO, "i", digest("layer"), "sha256-" + digest("nowhere").hex());
    assertThat(unneeded(REPO, Kind.MANIFEST)).isEmpty();
    store.manifests().delete(REPO, subject);
    assertThat(unneeded(REPO, Kind.MANIFEST)).containsExactly(list);
    assertThat(drop(Kind.MANIFEST, list, image)).containsExactly(list);
    assertThat(store.tags().resolve(REPO, tag)).isEmpty();
    assertThat(unneeded(REPO, Kind.MANIFEST)).containsExactly(signature);
  }

  @Test
  void everyChangeThatMayLeaveSomethingPutsTheRepositoryUpForReview() {
    Digest layer = blob(REPO, "layer");
    blob(OTHER, "layer");
    assertThat(garbage().unreviewed(new Page(10, ""))).containsExactly(REPO, OTHER);
    assertThat(garbage().unreviewed(new Page(1, ""))).containsExactly(REPO);
    assertThat(garbage().unreviewed(new Page(1, REPO.value()))).containsExactly(OTHER);
    review(OTHER);
    List<Runnable> changes =
        List.of(
            () -> image(REPO, "a", layer, "v1", "v2"),
            () -> image(REPO, "b", layer, "v1"),
            () -> store.tags().delete(REPO, "v2"),
            () -> blob(REPO, "another"),
            () -> store.blobs().unlink(REPO, layer),
            () -> store.manifests().delete(REPO, digest("b")));
    for (Runnable change : changes) {
      review(REPO);
      assertThat(garbage().unreviewed(new Page(10, ""))).isEmpty();
      change.run();
      assertThat(garbage().unreviewed(new Page(10, ""))).containsExactly(REPO);
    }
    long before = garbage().changes(REPO);
    blob(REPO, "meanwhile");
    garbage().reviewed(REPO, before);
    assertThat(garbage().unreviewed(new Page(10, ""))).containsExactly(REPO);
  }

  private void review(RepositoryName repository) {
    garbage().reviewed(repository, garbage().changes(repository));
  }

  @Test
  void contentIsUnheldWhenTheLastRepositoryLetsGo() {
    ContentIndex contents = store.upkeep().contents();
    Digest layer = blob(REPO, "layer");
    blob(OTHER, "layer");
    Digest manifest = image(REPO, "m", layer, "v1");
    assertThat(contents.holders(layer, 10)).containsExactlyInAnyOrder(REPO, OTHER);
    assertThat(contents.holders(manifest, 10)).containsExactly(REPO);
    store.blobs().unlink(REPO, layer);
    assertThat(contents.unheld("", 10).contents()).isEmpty();
    store.blobs().unlink(OTHER, layer);
    store.manifests().delete(REPO, manifest);
    assertThat(contents.unheld("", 10).contents())
        .containsExactlyInAnyOrder(new BlobRecord(layer, 10), new BlobRecord(manifest, 100));
    GarbagePage first = contents.unheld("", 1);
    assertThat(first.contents()).hasSize(1);
    assertThat(contents.unheld(first.cursor(), 1).contents())
        .hasSize(1)
        .doesNotContainAnyElementsOf(first.contents());
    blob(OTHER, "layer");
    assertThat(contents.unheld("", 10).contents()).hasSize(1);
    assertThat(contents.unheld(Set.of(layer, manifest, digest("never"))))
        .containsExactlyInAnyOrder(manifest, digest("never"));
    contents.forget(Set.of(layer, manifest, digest("never")));
    assertThat(contents.find(layer)).isPresent();
    assertThat(contents.find(manifest)).isEmpty();
    assertThat(contents.unheld("", 10).contents()).isEmpty();
    assertThat(contents.list(new Page(10, "")))
        .extracting(ContentRecord::digest)
        .containsExactly(layer);
  }

  @Test
  void damagedContentIsAbsentUntilItIsPushedAgain() {
    Digest layer = blob(REPO, "layer");
    Digest manifest = image(REPO, "m", layer, "v1");
    store.upkeep().contents().judge(List.of(new Verdict(layer, true, LATER)));
    store.upkeep().contents().judge(List.of(new Verdict(manifest, true, LATER)));
    assertThat(store.upkeep().contents().find(layer).orElseThrow().damaged()).isTrue();
    assertThat(store.blobs().find(REPO, layer)).isEmpty();
    assertThat(store.manifests().find(REPO, manifest)).isEmpty();
    assertThat(catchThrowableOfType(RegistryFault.class, () -> image(REPO, "n", layer)).code())
        .isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN);
    blob(OTHER, "layer");
    assertThat(store.blobs().find(REPO, layer)).isPresent();
    image(REPO, "m", layer);
    assertThat(store.manifests().find(REPO, manifest)).isPresent();
    assertThat(store.tags().resolve(REPO, "v1")).contains(manifest);
  }
}
