package io.slipway.builder.graph;

import io.slipway.image.model.Bytes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** One change of a {@link FileActions}. Paths are absolute in the tree that is changed. */
public sealed interface FileAction {

  /**
   * @param withoutSource leave out what content keys replace: the path in the input
   */
  Identity identity(boolean withoutSource);

  /**
   * A directory and its missing parents, mode 0755.
   *
   * @param owner {@code user[:group]} of the directories that are made; empty for root
   */
  record MakeDirectory(String path, String owner) implements FileAction {
    public MakeDirectory {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(owner, "owner");
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("mkdir").add("path", path).add("owner", owner).build();
    }
  }

  /**
   * One source of a COPY or ADD.
   *
   * @param input index of the input the source is in
   * @param source path or pattern in the input's tree, from its root
   * @param wildcards whether the source may be a pattern; one without match copies nothing
   * @param destination ends with a slash if it must be a directory
   * @param owner {@code user[:group]}; empty to keep the source's
   * @param mode what to change in permissions
   * @param unpack a source that is a tar archive, compressed or not, is unpacked
   * @param excludes what is left out below the source
   * @param parents keep the source's directories below the destination, except for so many at its
   *     beginning; empty to keep only its name
   */
  record Copy(
      int input,
      String source,
      boolean wildcards,
      String destination,
      Optional<String> owner,
      Optional<ModeChange> mode,
      boolean unpack,
      List<String> excludes,
      OptionalInt parents)
      implements FileAction {
    /** A copy under the source's name alone. */
    public Copy(
        int input,
        String source,
        boolean wildcards,
        String destination,
        Optional<String> owner,
        Optional<ModeChange> mode,
        boolean unpack,
        List<String> excludes) {
      this(
          input,
          source,
          wildcards,
          destination,
          owner,
          mode,
          unpack,
          excludes,
          OptionalInt.empty());
    }

    public Copy {
      Objects.requireNonNull(parents, "parents");
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(destination, "destination");
      Objects.requireNonNull(owner, "owner");
      Objects.requireNonNull(mode, "mode");
      excludes = List.copyOf(excludes);
    }

    private String parents(boolean withoutSource) {
      return withoutSource || parents.isEmpty() ? "" : Integer.toString(parents.getAsInt());
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("copy")
          .add("input", input)
          .addIf(!withoutSource, "source", source)
          .add("wildcards", wildcards)
          .add("destination", destination)
          .addIf(owner.isPresent(), "chown", owner.orElse(""))
          .addIf(mode.isPresent(), "chmod", mode.map(ModeChange::text).orElse(""))
          .addIf(unpack, "unpack", unpack)
          .addAll("exclude", excludes)
          .addIf(parents.isPresent(), "parents", parents(withoutSource))
          .build();
    }
  }

  /**
   * A new file with given content: a heredoc of COPY or ADD. Missing parents are made.
   *
   * @param name the file's name if the destination is a directory
   * @param destination as of {@link Copy}
   */
  record WriteFile(
      String name,
      String destination,
      Bytes content,
      Optional<String> owner,
      Optional<ModeChange> mode)
      implements FileAction {
    public WriteFile {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(destination, "destination");
      Objects.requireNonNull(content, "content");
      Objects.requireNonNull(owner, "owner");
      Objects.requireNonNull(mode, "mode");
    }

    @Override
    public Identity identity(boolean withoutSource) {
      return Identity.of("write")
          .add("name", name)
          .add("destination", destination)
          .add("content", content.digest())
          .addIf(owner.isPresent(), "chown", owner.orElse(""))
          .addIf(mode.isPresent(), "chmod", mode.map(ModeChange::text).orElse(""))
          .build();
    }
  }
}
