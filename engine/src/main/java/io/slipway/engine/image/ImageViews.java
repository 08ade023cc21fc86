package io.slipway.engine.image;

import io.slipway.engine.http.Filters;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.content.Layer;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.History;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.name.Reference;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What people see of images: the list, one image, its history. */
public final class ImageViews {
  private static final Set<String> FILTERS =
      Set.of("dangling", "label", "before", "since", "reference", "until");
  private static final String MISSING = "<missing>";
  private static final String ZERO_TIME = "0001-01-01T00:00:00Z";

  private final StoredImages images;
  private final Snapshotter snapshotter;
  private final ImageUsers users;

  public ImageViews(StoredImages images, Snapshotter snapshotter, ImageUsers users) {
    this.images = images;
    this.snapshotter = snapshotter;
    this.users = users;
  }

  /** The images that pass the filters, newest first. */
  public List<ImageSummaryJson> list(Filters filters, boolean withShared) throws IOException {
    filters.accept(FILTERS);
    Optional<Instant> before = createdOf(filters, "before");
    Optional<Instant> since = createdOf(filters, "since");
    List<ImageSummaryJson> shown = new ArrayList<>();
    for (ImageRecord image : images.catalog().list()) {
      ImageConfig config = images.config(image.id());
      Instant created = config.created().orElse(Instant.EPOCH);
      boolean wanted =
          (!filters.has("dangling") || filters.flag("dangling", false) == isDangling(image))
              && filters.labelsMatch("label", config.config().labels())
              && before.map(created::isBefore).orElse(true)
              && since.map(created::isAfter).orElse(true)
              && filters.anyMatch("until", limit -> created.isBefore(time(limit)))
              && filters.anyMatch("reference", pattern -> named(image, pattern));
      if (wanted) {
        shown.add(summary(image, config, withShared));
      }
    }
    shown.sort((a, b) -> Long.compare(b.created(), a.created()));
    return shown;
  }

  private static boolean isDangling(ImageRecord image) {
    return image.tags().isEmpty();
  }

  private Optional<Instant> createdOf(Filters filters, String key) throws IOException {
    Optional<String> name = filters.values(key).stream().findFirst();
    return name.isEmpty()
        ? Optional.empty()
        : images.config(images.get(name.get()).id()).created().or(() -> Optional.of(Instant.EPOCH));
  }

  private static Instant time(String text) {
    if (!text.matches("\\d{1,12}(\\.\\d+)?")) {
      throw SlipwayException.invalid("invalid filter 'until=" + text + "': use unix seconds");
    }
    return Instant.ofEpochSecond(Long.parseLong(text.replaceFirst("\\..*", "")));
  }

  /** Docker matches the familiar name, with and without its tag, as a path pattern. */
  private static boolean named(ImageRecord image, String pattern) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    List<Reference> names = new ArrayList<>(image.tags());
    names.addAll(image.repoDigests());
    return names.stream()
        .anyMatch(name ->
            matcher.matches(Path.of(name.familiar()))
                || matcher.matches(Path.of(name.repository().familiar())));
  }

  /** An image as a list shows it. */
  ImageSummaryJson summary(ImageRecord image, ImageConfig config, boolean withShared) {
    return new ImageSummaryJson(
        image.id().toString(),
        "",
        image.tags().stream().map(Reference::familiar).toList(),
        image.repoDigests().stream().map(Reference::familiar).toList(),
        config.created().map(Instant::getEpochSecond).orElse(0L),
        images.size(config),
        withShared ? shared(image, config) : -1,
        config.config().labels(),
        withShared ? users.usersOf(image.id()).size() : -1);
  }

  /** Bytes in layers that other images stand on too. */
  private long shared(ImageRecord image, ImageConfig config) {
    long bytes = 0;
    for (Layer layer : Layer.of(config.rootFs())) {
      boolean used =
          images.catalog().list().stream()
              .filter(other -> !other.id().equals(image.id()))
              .anyMatch(other -> stands(other, layer));
      bytes += used ? images.size(layer) : 0;
    }
    return bytes;
  }

  private boolean stands(ImageRecord other, Layer layer) {
    try {
      return images.config(other.id()).rootFs().chain().contains(layer.chainId());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** One image in full. */
  public ImageJson inspect(String name) throws IOException {
    ImageRecord image = images.get(name);
    ImageConfig config = images.config(image.id());
    List<History> history = config.history();
    return new ImageJson(
        image.id().toString(),
        image.tags().stream().map(Reference::familiar).toList(),
        image.repoDigests().stream().map(Reference::familiar).toList(),
        "",
        history.isEmpty() ? "" : history.getLast().comment(),
        config.created().map(Instant::toString).orElse(ZERO_TIME),
        "",
        config.author(),
        ConfigJson.of(config.config()),
        ConfigJson.of(config.config()),
        config.platform().architecture(),
        config.platform().variant(),
        config.platform().os(),
        images.size(config),
        new ImageJson.GraphDriver(graphData(config), "overlay2"),
        new ImageJson.RootFsJson(
            "layers", config.rootFs().diffIds().stream().map(Object::toString).toList()),
        new ImageJson.Metadata(image.lastTagged().map(Instant::toString).orElse(ZERO_TIME)));
  }

  private Map<String, String> graphData(ImageConfig config) {
    Map<String, String> data = new TreeMap<>();
    List<Layer> layers = Layer.of(config.rootFs());
    if (!layers.isEmpty()) {
      Optional<Snapshot.Committed> top = snapshotter.find(layers.getLast().chainId());
      top.ifPresent(snapshot -> data.put("UpperDir", snapshot.changes().toString()));
    }
    return data;
  }

  /** How an image came about, the last step first. */
  public List<HistoryJson> history(String name) throws IOException {
    ImageRecord image = images.get(name);
    ImageConfig config = images.config(image.id());
    Deque<Layer> layers = new ArrayDeque<>(Layer.of(config.rootFs()));
    List<HistoryJson> lines = new ArrayList<>();
    for (History entry : config.history()) {
      long size = entry.emptyLayer() || layers.isEmpty() ? 0 : images.size(layers.removeFirst());
      lines.add(
          new HistoryJson(
              MISSING,
              entry.created().map(Instant::getEpochSecond).orElse(0L),
              entry.createdBy(),
              null,
              size,
              entry.comment()));
    }
    Collections.reverse(lines);
    if (!lines.isEmpty()) {
      HistoryJson top = lines.getFirst();
      List<String> tags = image.tags().stream().map(Reference::familiar).toList();
      lines.set(
          0,
          new HistoryJson(
              image.id().toString(),
              top.created(),
              top.createdBy(),
              tags.isEmpty() ? null : tags,
              top.size(),
              top.comment()));
    }
    return lines;
  }
}
