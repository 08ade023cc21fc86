package io.slipway.registry.upkeep;

import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** An OCI image layout in a folder (image-spec "Image Layout"). */
public final class OciLayoutFolder {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  private final Path folder;
  private final RegistryStore store;

  public OciLayoutFolder(Path folder, RegistryStore store) {
    this.folder = folder;
    this.store = store;
  }

  /** Whether the folder is a layout. */
  public static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve("oci-layout"))
        && Files.isRegularFile(folder.resolve("index.json"));
  }

  private Path blob(Digest digest) {
    return folder.resolve("blobs").resolve(digest.algorithm().label()).resolve(digest.hex());
  }

  /** Takes in what the index names, with the tags it gives; can be done again. */
  public ImportReport importTo(RepositoryName repository, Consumer<String> out)
      throws IOException, InterruptedException {
    Bytes index = Bytes.copyOf(Files.readAllBytes(folder.resolve("index.json")));
    ImportIntake intake = new ImportIntake(store, this::blob, out);
    Set<Digest> done = ImportIntake.nothingYet();
    long tags = 0;
    long skipped = 0;
    if (Manifest.parse(index, MediaTypes.OCI_INDEX) instanceof ImageIndex images) {
      for (Descriptor image : images.manifests()) {
        List<String> names = tags(image, out);
        if (intake.manifest(repository, image.digest(), image.mediaType(), names, done)) {
          tags += names.size();
        } else {
          skipped++;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
    return new ImportReport(1, done.size(), tags, skipped);
  }

  /** Some tools write a full name where a tag belongs: what follows its last colon is the tag. */
  private static List<String> tags(Descriptor image, Consumer<String> out) {
    String name = image.annotations().getOrDefault(REF_NAME, "");
    String tag = name.substring(name.lastIndexOf(':') + 1);
    if (tag.isEmpty()) {
      return List.of();
    }
    try {
      return List.of(new ManifestReference.ByTag(tag).tag());
    } catch (RegistryFault e) {
      out.accept("%s is imported without a tag: \"%s\" is none".formatted(image.digest(), tag));
      return List.of();
    }
  }
}
