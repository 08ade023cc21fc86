package io.slipway.image.catalog;

import io.slipway.image.catalog.RecordJson.StoredImage;
import io.slipway.image.catalog.RecordJson.StoredTag;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A catalog in one directory:
 *
 * <pre>
 * records/&lt;algorithm&gt;-&lt;hex&gt;.json  an image: id, manifests
 * tags/&lt;sha256 of the reference&gt;.json  a tag: reference, image id
 * </pre>
 *
 * <p>Read once when opened. Writers take turns; readers see the last complete state without
 * waiting. One process at a time owns the directory.
 */
public final class FileCatalog implements ImageCatalog {
  private final RecordDirectory images;
  private final RecordDirectory tags;
  private final Clock clock;
  private final List<String> damaged;
  private volatile State state;

  /** Everything, replaced as a whole at each change; never changed in place. */
  private record State(Map<Digest, ImageRecord> images, Map<Reference, StoredTag> tags) {}

  private FileCatalog(
      RecordDirectory images,
      RecordDirectory tags,
      Clock clock,
      State state,
      List<String> damaged) {
    this.images = images;
    this.tags = tags;
    this.clock = clock;
    this.state = state;
    this.damaged = damaged;
  }

  /** Opens, and if need be creates, the catalog in {@code root}. */
  public static FileCatalog open(Path root, Clock clock) throws IOException {
    RecordDirectory images = RecordDirectory.open(root.resolve("records"));
    RecordDirectory tags = RecordDirectory.open(root.resolve("tags"));
    RecordDirectory.Loaded<StoredImage> storedImages = images.load(RecordJson::image);
    RecordDirectory.Loaded<StoredTag> storedTags = tags.load(RecordJson::tag);
    Set<Digest> known =
        storedImages.records().stream().map(StoredImage::id).collect(Collectors.toSet());
    Map<Reference, StoredTag> tagMap = new HashMap<>();
    Map<Digest, List<StoredTag>> tagsOf = new HashMap<>();
    for (StoredTag tag : storedTags.records()) {
      if (known.contains(tag.id())) {
        tagMap.put(tag.reference(), tag);
        tagsOf.computeIfAbsent(tag.id(), k -> new ArrayList<>()).add(tag);
      } else {
        // a crash between an image's removal and its tags'
        tags.delete(fileName(tag.reference()));
      }
    }
    Map<Digest, ImageRecord> imageMap = new HashMap<>();
    for (StoredImage image : storedImages.records()) {
      imageMap.put(image.id(), record(image, tagsOf.getOrDefault(image.id(), List.of())));
    }
    List<String> damaged = new ArrayList<>(storedImages.damaged());
    damaged.addAll(storedTags.damaged());
    return new FileCatalog(images, tags, clock, new State(imageMap, tagMap), damaged);
  }

  /** Record files that could not be read when this catalog was opened, each with its reason. */
  public List<String> damaged() {
    return List.copyOf(damaged);
  }

  @Override
  public Optional<ImageRecord> find(Digest id) {
    return Optional.ofNullable(state.images().get(id));
  }

  @Override
  public Optional<ImageRecord> find(Reference reference) {
    State now = state;
    if (reference.digest().isEmpty()) {
      return Optional.ofNullable(now.tags().get(reference)).map(tag -> now.images().get(tag.id()));
    }
    Reference repoDigest = reference.withDigest(reference.digest().get());
    return now.images().values().stream()
        .filter(image -> hasRepoDigest(image, repoDigest))
        .min(Comparator.comparing(ImageRecord::added));
  }

  private static boolean hasRepoDigest(ImageRecord image, Reference repoDigest) {
    return image.manifests().stream().anyMatch(origin -> isNamed(origin, repoDigest));
  }

  /** A platform's manifest and the index it came from both name the image. */
  private static boolean isNamed(ManifestOrigin origin, Reference repoDigest) {
    return origin.reference().equals(repoDigest)
        || origin.repository().equals(repoDigest.repository())
            && origin.manifest().digest().equals(repoDigest.digest().orElseThrow());
  }

  @Override
  public List<ImageRecord> list() {
    return state.images().values().stream()
        .sorted(Comparator.comparing(ImageRecord::added).reversed().thenComparing(ImageRecord::id))
        .toList();
  }

  @Override
  public synchronized ImageRecord add(Digest id, Collection<ManifestOrigin> origins)
      throws IOException {
    ImageRecord known = state.images().get(id);
    List<ManifestOrigin> manifests = new ArrayList<>(known == null ? List.of() : known.manifests());
    origins.stream().filter(origin -> !manifests.contains(origin)).forEach(manifests::add);
    if (known != null && manifests.size() == known.manifests().size()) {
      return known;
    }
    return store(new StoredImage(id, known == null ? now() : known.added(), manifests));
  }

  private ImageRecord store(StoredImage image) throws IOException {
    images.write(fileName(image.id()), RecordJson.write(image));
    Map<Digest, ImageRecord> newImages = new HashMap<>(state.images());
    ImageRecord record = record(image, state.tags().values());
    newImages.put(image.id(), record);
    state = new State(newImages, state.tags());
    return record;
  }

  @Override
  public synchronized Optional<Digest> tag(Digest id, Reference reference) throws IOException {
    if (reference.tag().isEmpty() || reference.digest().isPresent()) {
      throw SlipwayException.invalid(
          "cannot tag an image as \"" + reference.familiar() + "\": need a tag and no digest");
    }
    if (!state.images().containsKey(id)) {
      throw SlipwayException.notFound("No such image: " + id);
    }
    StoredTag tag = new StoredTag(reference, id, now());
    tags.write(fileName(reference), RecordJson.write(tag));
    Map<Reference, StoredTag> newTags = new HashMap<>(state.tags());
    Optional<Digest> loser =
        Optional.ofNullable(newTags.put(reference, tag))
            .map(StoredTag::id)
            .filter(other -> !other.equals(id));
    Set<Digest> changed = new HashSet<>(Set.of(id));
    loser.ifPresent(changed::add);
    retag(newTags, changed);
    return loser;
  }

  @Override
  public synchronized Optional<Digest> untag(Reference reference) throws IOException {
    return reference.digest().isPresent() ? dropManifests(reference) : dropTag(reference);
  }

  private Optional<Digest> dropTag(Reference reference) throws IOException {
    Map<Reference, StoredTag> newTags = new HashMap<>(state.tags());
    StoredTag tag = newTags.remove(reference);
    if (tag == null) {
      return Optional.empty();
    }
    tags.delete(fileName(reference));
    retag(newTags, Set.of(tag.id()));
    return Optional.of(tag.id());
  }

  private Optional<Digest> dropManifests(Reference reference) throws IOException {
    Reference repoDigest = reference.withDigest(reference.digest().orElseThrow());
    Optional<ImageRecord> image = find(repoDigest);
    if (image.isEmpty()) {
      return Optional.empty();
    }
    List<ManifestOrigin> kept =
        image.get().manifests().stream().filter(origin -> !isNamed(origin, repoDigest)).toList();
    store(new StoredImage(image.get().id(), image.get().added(), kept));
    return Optional.of(image.get().id());
  }

  @Override
  public synchronized boolean remove(Digest id) throws IOException {
    ImageRecord image = state.images().get(id);
    if (image == null) {
      return false;
    }
    // the image first: tags that name nothing are dropped when opening
    images.delete(fileName(id));
    Map<Digest, ImageRecord> newImages = new HashMap<>(state.images());
    newImages.remove(id);
    Map<Reference, StoredTag> newTags = new HashMap<>(state.tags());
    image.tags().forEach(newTags::remove);
    state = new State(newImages, newTags);
    for (Reference tag : image.tags()) {
      tags.delete(fileName(tag));
    }
    return true;
  }

  private void retag(Map<Reference, StoredTag> newTags, Set<Digest> changed) {
    Map<Digest, ImageRecord> newImages = new HashMap<>(state.images());
    for (Digest id : changed) {
      newImages.computeIfPresent(
          id,
          (k, old) -> record(new StoredImage(id, old.added(), old.manifests()), newTags.values()));
    }
    state = new State(newImages, newTags);
  }

  private static ImageRecord record(StoredImage image, Collection<StoredTag> allTags) {
    List<StoredTag> mine = allTags.stream().filter(tag -> tag.id().equals(image.id())).toList();
    return new ImageRecord(
        image.id(),
        image.manifests(),
        mine.stream().map(StoredTag::reference).sorted().toList(),
        image.added(),
        mine.stream().map(StoredTag::tagged).max(Comparator.naturalOrder()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static String fileName(Digest id) {
    return id.algorithm().label() + "-" + id.hex();
  }

  /** Names have slashes and any length up to 255; their hash has neither. */
  private static String fileName(Reference reference) {
    return Bytes.utf8(Objects.requireNonNull(reference).toString()).digest().hex();
  }
}
