package io.slipway.engine.image;

import io.slipway.builder.frontend.ConfigChanges;
import io.slipway.engine.http.ProgressStream;
import io.slipway.engine.http.Reply;
import io.slipway.engine.system.EventBus;
import io.slipway.image.archive.ImageArchiveReader;
import io.slipway.image.archive.ImageArchiveWriter;
import io.slipway.image.archive.LoadedImage;
import io.slipway.image.archive.RootfsImporter;
import io.slipway.image.archive.SavedImage;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images from and to tars: save, load, import. */
public final class ImageArchives {
  private final StoredImages images;
  private final Leases leases;
  private final ImageArchiveReader reader;
  private final ImageArchiveWriter writer;
  private final RootfsImporter importer;
  private final EventBus events;
  private final Clock clock;

  public ImageArchives(
      StoredImages images,
      Leases leases,
      ImageArchiveReader reader,
      ImageArchiveWriter writer,
      RootfsImporter importer,
      EventBus events,
      Clock clock) {
    this.images = images;
    this.leases = leases;
    this.reader = reader;
    this.writer = writer;
    this.importer = importer;
    this.events = events;
    this.clock = clock;
  }

  /** What {@code docker import} says besides the tar. */
  record Import(Optional<Reference> name, String message, List<String> changes, Platform platform) {
    Import {
      changes = List.copyOf(changes);
    }
  }

  /** Makes an image of one layer from a root file system; the image's id. */
  Digest importTar(InputStream tar, Import wanted) throws IOException {
    ContainerConfig container = ConfigChanges.apply(ContainerConfig.EMPTY, wanted.changes());
    String message = wanted.message().isEmpty() ? "Imported from -" : wanted.message();
    try (Lease lease = leases.open()) {
      ImageConfig config =
          importer.importTar(
              tar,
              new RootfsImporter.Settings(wanted.platform(), container, message, clock.instant()),
              lease);
      images.catalog().add(config.id(), List.of());
      if (wanted.name().isPresent()) {
        images.catalog().tag(config.id(), wanted.name().get());
      }
      String name = wanted.name().map(Reference::familiar).orElse(config.id().toString());
      events.publish("image", "import", config.id().toString(), Map.of("name", name));
      return config.id();
    }
  }

  /** Reads an archive and makes its images known, each told as docker tells it. */
  void load(InputStream archive, ProgressStream progress) throws IOException {
    try (Lease lease = leases.open()) {
      for (LoadedImage loaded : reader.read(archive, lease)) {
        Digest id = loaded.config().id();
        images.catalog().add(id, List.of());
        for (Reference name : loaded.references()) {
          images.catalog().tag(id, name);
          progress.stream("Loaded image: " + name.familiar() + "\n");
        }
        if (loaded.references().isEmpty()) {
          progress.stream("Loaded image ID: " + id + "\n");
        }
        events.publish("image", "load", id.toString(), Map.of("name", id.toString()));
      }
    }
  }

  /** A tar of these images; names that are not there are refused before anything is sent. */
  Reply save(List<String> names) throws IOException {
    if (names.isEmpty()) {
      throw SlipwayException.invalid("no image names given");
    }
    Map<Digest, List<Reference>> wanted = new LinkedHashMap<>();
    for (String name : names) {
      ImageRecord image = images.get(name);
      List<Reference> tags = wanted.computeIfAbsent(image.id(), id -> new ArrayList<>());
      named(image, name).ifPresent(tags::add);
    }
    List<SavedImage> saved = new ArrayList<>();
    for (var image : wanted.entrySet()) {
      saved.add(new SavedImage(images.config(image.getKey()), image.getValue()));
    }
    return Reply.lazyStream(
        "application/x-tar",
        out -> {
          try (Lease lease = leases.open()) {
            wanted.keySet().forEach(lease::pin);
            writer.write(saved, out, lease);
          }
        });
  }

  /** The tag that was asked for; none when the image was asked for by its id. */
  private static Optional<Reference> named(ImageRecord image, String text) {
    return image.tags().stream()
        .filter(tag ->
            tag.familiar().equals(text)
                || tag.familiar().equals(text + ":" + Reference.DEFAULT_TAG)
                || tag.toString().equals(text))
        .findFirst();
  }
}
