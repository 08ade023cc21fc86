package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import io.slipway.cli.manifest.KnownPlatforms;
import io.slipway.cli.manifest.ListedManifest;
import io.slipway.cli.manifest.ManifestList;
import io.slipway.cli.manifest.ManifestStore;
import io.slipway.cli.manifest.RegistryManifests;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.DockerConfigCredentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway manifest}: lists of images for several platforms, made here and pushed. */
final class ManifestCommands {
  private static final String TAB = "\t";

  private ManifestCommands() {}

  private static ManifestStore store() throws IOException {
    return new ManifestStore(DockerConfig.load().folder());
  }

  /** Registries, of which that of {@code name} may speak plain HTTP if the caller says so. */
  private static RegistryManifests registries(Invocation call, Reference name) {
    Set<String> insecure = call.flag("--insecure") ? Set.of(name.repository().domain()) : Set.of();
    return new RegistryManifests(DockerConfigCredentials.of(System.getenv()), insecure);
  }

  private static Options insecure(CommandSpec spec, String usage) {
    return new Options(spec).flag(usage, "--insecure");
  }

  /** A command whose failures are told without the word of a daemon, since none takes part. */
  private abstract static class ManifestCommand implements Command {
    abstract int act(Invocation call) throws IOException;

    @Override
    public final int run(Invocation call) throws IOException {
      try {
        return act(call);
      } catch (SlipwayException e) {
        throw new CommandFailure(1, e.getMessage());
      }
    }
  }

  /** {@code manifest create}. */
  static final class Create extends ManifestCommand {
    @Override
    public void describe(CommandSpec spec) {
      insecure(spec, "Allow communication with an insecure registry")
          .flag("Amend an existing manifest list", "-a", "--amend")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] MANIFEST_LIST MANIFEST [MANIFEST...]";
    }

    @Override
    int act(Invocation call) throws IOException {
      List<String> words = call.arguments();
      if (words.size() < 2) {
        throw new UsageException("\"slipway manifest create\" requires at least 2 arguments");
      }
      Reference list = Reference.parseWithDefaultTag(words.getFirst());
      ManifestStore store = store();
      if (store.find(list).isPresent() && !call.flag("--amend")) {
        throw new CommandFailure(
            1, "refusing to amend an existing manifest list with no --amend flag");
      }
      List<ListedManifest> images = new ArrayList<>();
      for (String word : words.subList(1, words.size())) {
        images.add(image(call, store, list, Reference.parseWithDefaultTag(word)));
      }
      for (ListedManifest image : images) {
        store.put(list, image);
      }
      call.console().out().println("Created manifest list " + list);
      return 0;
    }

    /** As the list has it already, else as the registry does. */
    private static ListedManifest image(
        Invocation call, ManifestStore store, Reference list, Reference name) throws IOException {
      Optional<ListedManifest> here = store.find(list, name);
      if (here.isPresent()) {
        return here.get();
      }
      try (RegistryManifests registries = registries(call, name)) {
        RegistryManifests.Found found = registries.find(name);
        if (found.isList()) {
          throw new CommandFailure(1, name + " is a manifest list");
        }
        return found.images().getFirst();
      }
    }
  }

  /** {@code manifest annotate}. */
  static final class Annotate extends ManifestCommand {
    @Override
    public void describe(CommandSpec spec) {
      new Options(spec)
          .text("Set architecture", "string", "--arch")
          .text("Set operating system", "string", "--os")
          .list("Set operating system feature", "strings", "--os-features")
          .text("Set operating system version", "string", "--os-version")
          .text("Set architecture variant", "string", "--variant")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] MANIFEST_LIST MANIFEST";
    }

    @Override
    int act(Invocation call) throws IOException {
      List<String> words = call.arguments(2);
      Reference list = Reference.parseWithDefaultTag(words.get(0));
      Reference name = Reference.parseWithDefaultTag(words.get(1));
      ListedManifest image =
          store()
              .find(list, name)
              .orElseThrow(() ->
                  new CommandFailure(
                      1, "manifest for image %s does not exist in %s".formatted(name, list)));
      Platform platform = annotated(call, image.platform());
      if (!KnownPlatforms.has(platform.os(), platform.architecture())) {
        throw new CommandFailure(
            1,
            "manifest entry for image has unsupported os/arch combination: %s/%s"
                .formatted(platform.os(), platform.architecture()));
      }
      store().put(list, image.withPlatform(platform));
      return 0;
    }

    private static Platform annotated(Invocation call, Platform known) {
      List<String> features = new ArrayList<>(known.osFeatures());
      call.list("--os-features").stream()
          .flatMap(value -> List.of(value.split(",")).stream())
          .filter(feature -> !features.contains(feature))
          .forEach(features::add);
      return new Platform(
          given(call, "--os", known.os()),
          given(call, "--arch", known.architecture()),
          given(call, "--variant", known.variant()),
          given(call, "--os-version", known.osVersion()),
          features);
    }

    private static String given(Invocation call, String option, String known) {
      String value = call.text(option);
      return value.isEmpty() ? known : value;
    }
  }

  /** {@code manifest inspect}. */
  static final class Inspect extends ManifestCommand {
    @Override
    public void describe(CommandSpec spec) {
      insecure(spec, "Allow communication with an insecure registry")
          .flag("Output additional info including layers and platform", "-v", "--verbose")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] [MANIFEST_LIST] MANIFEST";
    }

    @Override
    int act(Invocation call) throws IOException {
      List<String> words = call.someArguments();
      if (words.size() > 2) {
        throw new UsageException(
            "\"slipway manifest inspect\" requires at least 1 and at most 2 arguments");
      }
      Reference name = Reference.parseWithDefaultTag(words.getLast());
      if (words.size() == 2) {
        Reference list = Reference.parseWithDefaultTag(words.getFirst());
        print(
            call,
            store()
                .find(list, name)
                .orElseThrow(() -> new CommandFailure(1, "No such manifest: " + name)));
        return 0;
      }
      Optional<List<ListedManifest>> here = store().find(name);
      if (here.isPresent()) {
        print(call, here.get());
        return 0;
      }
      try (RegistryManifests registries = registries(call, name)) {
        RegistryManifests.Found found = registries.find(name);
        if (found.isList()) {
          print(call, found.images());
        } else {
          print(call, found.images().getFirst());
        }
      }
      return 0;
    }

    private static void print(Invocation call, ListedManifest image) {
      JsonValue shown = call.flag("--verbose") ? image.json() : image.manifestJson();
      call.console().out().println(shown.print(TAB));
    }

    private static void print(Invocation call, List<ListedManifest> images) {
      String shown =
          call.flag("--verbose")
              ? new JsonValue.Arr(images.stream().<JsonValue>map(ListedManifest::json).toList())
                  .print(TAB)
              : new ManifestList(images).bytes().text();
      call.console().out().println(shown);
    }
  }

  /** {@code manifest push}. */
  static final class Push extends ManifestCommand {
    @Override
    public void describe(CommandSpec spec) {
      insecure(spec, "Allow push to an insecure registry")
          .flag("Remove the local manifest list after push", "-p", "--purge")
          .words();
    }

    @Override
    public String arguments() {
      return "[OPTIONS] MANIFEST_LIST";
    }

    @Override
    int act(Invocation call) throws IOException {
      Reference name = Reference.parseWithDefaultTag(call.arguments(1).getFirst());
      ManifestStore store = store();
      ManifestList list =
          new ManifestList(
              store
                  .find(name)
                  .orElseThrow(() -> new CommandFailure(1, "No such manifest: " + name)));
      try (RegistryManifests registries = registries(call, name)) {
        String digest = registries.push(name, list, image -> told(call, image)).digest().toString();
        call.console().out().println(digest);
      }
      if (call.flag("--purge")) {
        store.remove(name);
      }
      return 0;
    }

    private static void told(Invocation call, ListedManifest image) {
      call.console()
          .out()
          .println(
              "Pushed ref %s with digest: %s"
                  .formatted(image.reference(), image.descriptor().digest()));
    }
  }

  /** {@code manifest rm}. */
  static final class Remove implements Command {
    @Override
    public String arguments() {
      return "MANIFEST_LIST [MANIFEST_LIST...]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      return EachName.of(call)
          .run(name -> {
            try {
              store().remove(Reference.parseWithDefaultTag(name));
            } catch (SlipwayException e) {
              throw new CommandFailure(1, e.getMessage());
            }
          });
    }
  }
}
