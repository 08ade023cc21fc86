package io.slipway.builder;

import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.export.Built;
import io.slipway.builder.export.LastTouch;
import io.slipway.builder.export.PackedImage;
import io.slipway.builder.export.Packing;
import io.slipway.builder.export.Registries;
import io.slipway.builder.export.Sink;
import io.slipway.builder.frontend.KnownArguments;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.StepId;
import io.slipway.image.archive.PackedImageWriter;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the outputs of one build, in the order they were asked for. */
final class BuildExports {
  private final LocalBuilder builder;
  private final BuildRequest request;
  private final Registries registries;
  private final Lease lease;
  private final LastTouch last;
  private final BuildListener listener;
  private final Map<PackKey, Packed> packed = new HashMap<>();
  private final List<Reference> tags = new ArrayList<>();
  private int shown;
  private Optional<Digest> imageId = Optional.empty();
  private Optional<Descriptor> manifest = Optional.empty();

  private record PackKey(String target, Packing packing) {}

  private record Packed(List<PackedImage> images, Optional<ImageIndex> index) {}

  BuildExports(
      LocalBuilder builder,
      BuildRequest request,
      Registries registries,
      Lease lease,
      LastTouch last,
      BuildListener listener) {
    this.builder = builder;
    this.request = request;
    this.registries = registries;
    this.lease = lease;
    this.last = last;
    this.listener = listener;
  }

  Optional<Digest> imageId() {
    return imageId;
  }

  Optional<Descriptor> manifest() {
    return manifest;
  }

  List<Reference> tags() {
    return tags;
  }

  void make(Map<String, List<Built>> built) {
    for (BuildOutput output : request.outputs()) {
      String target = BuildProducts.target(request, output);
      try {
        make(output, target, built.get(target));
      } catch (IOException e) {
        throw LocalBuilder.failure("exporting the image", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
      }
    }
  }

  private void make(BuildOutput output, String target, List<Built> built)
      throws IOException, InterruptedException {
    switch (output) {
      case BuildOutput.Image image -> image(image, built.getFirst());
      case BuildOutput.Registry registry ->
          shown(
              "pushing " + names(registry.names()),
              progress -> push(registry, target, built, progress));
      case BuildOutput.Archive archive ->
          shown(
              "writing " + (archive.docker() ? "docker" : "oci") + " archive",
              progress -> archive(archive, target, built, progress));
      case BuildOutput.Directory directory ->
          shown(
              "copying files to " + directory.path(),
              _ -> builder.treeExporter().directory(built, severalAsked(), directory.path()));
      case BuildOutput.Tar tar -> shown("sending files", progress -> tar(tar, built, progress));
      case BuildOutput.CacheOnly _ -> {
        // the steps are in the cache
      }
    }
  }

  private static String names(List<Reference> names) {
    return String.join(", ", names.stream().map(Reference::familiar).toList());
  }

  @FunctionalInterface
  private interface Work {
    void run(ExportProgress progress) throws IOException, InterruptedException;
  }

  private void shown(String what, Work work) throws IOException, InterruptedException {
    var id = new StepId("export " + ++shown + " " + what);
    listener.on(new BuildEvent.Started(Instant.now(), id, "[export] " + what));
    work.run(new ExportProgress(listener, id));
    listener.on(new BuildEvent.Done(Instant.now(), id));
  }

  private void image(BuildOutput.Image image, Built built) throws IOException {
    Digest id =
        builder.imageExporter().export(built.plan(), built.top(), image.tags(), lease, last);
    listener.on(new BuildEvent.Exported(Instant.now(), id, image.tags()));
    imageId = Optional.of(id);
    tags.addAll(image.tags());
  }

  private void push(
      BuildOutput.Registry registry, String target, List<Built> built, ExportProgress progress)
      throws IOException {
    Packed done = packed(target, registry.packing(), built);
    for (Reference name : registry.names()) {
      registries.push(name, done.images, done.index, lease, progress);
    }
  }

  private void archive(
      BuildOutput.Archive archive, String target, List<Built> built, ExportProgress progress)
      throws IOException, InterruptedException {
    Packed done = packed(target, archive.packing(), built);
    var content =
        new PackedImageWriter.Content(
            done.images.stream().map(PackedImage::manifest).toList(),
            done.index,
            archive.names(),
            archive.docker());
    Sink sink = archive.sink();
    OutputStream out = progress.counting(sink.open(), "archive");
    new PackedImageWriter(builder.parts().blobs()).write(content, out);
    out.flush();
    sink.done();
  }

  private void tar(BuildOutput.Tar tar, List<Built> built, ExportProgress progress)
      throws IOException, InterruptedException {
    OutputStream out = progress.counting(tar.sink().open(), "files");
    builder.treeExporter().tar(built, severalAsked(), out);
    out.flush();
    tar.sink().done();
  }

  /** Whether the form is that of several platforms, however many there are. */
  private boolean severalAsked() {
    return KnownArguments.BUILDKIT_MULTI_PLATFORM.in(request.options().buildArgs());
  }

  /** Several outputs of the same form are packed once. */
  private Packed packed(String target, Packing packing, List<Built> built) throws IOException {
    var key = new PackKey(target, packing);
    Packed known = packed.get(key);
    if (known != null) {
      return known;
    }
    List<PackedImage> images = new ArrayList<>();
    for (Built one : built) {
      images.add(builder.imagePacker().pack(one, packing, lease, last));
    }
    Optional<ImageIndex> index =
        images.size() == 1 && packing.index().isEmpty() && !severalAsked()
            ? Optional.empty()
            : Optional.of(builder.imagePacker().index(images, packing.index(), lease));
    Packed made = new Packed(images, index);
    packed.put(key, made);
    if (images.size() == 1) {
      imageId = imageId.or(() -> Optional.of(images.getFirst().config().id()));
    }
    manifest =
        Optional.of(
            index.isPresent()
                ? index.get().descriptor()
                : images.getFirst().manifest().descriptor());
    return made;
  }
}
