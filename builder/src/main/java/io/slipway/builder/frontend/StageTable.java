package io.slipway.builder.frontend;

import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Stage;
import io.slipway.dockerfile.word.Env;
import io.slipway.dockerfile.word.ExpansionException;
import io.slipway.dockerfile.word.WordExpander;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The stages of a Dockerfile, what each starts from, and which one a name means. */
final class StageTable {
  private static final String SCRATCH = "scratch";

  private final List<Entry> entries;
  private final ContextNames contexts;

  /**
   * A stage with its FROM resolved as far as names go.
   *
   * @param platform what FROM asks for; empty for the build's
   */
  record Entry(Stage stage, Origin base, Optional<Platform> platform, Optional<String> name) {
    int index() {
      return stage.index();
    }

    /** The name in messages and progress: the stage's own, else {@code stage-N}. */
    String label() {
      return name.orElse("stage-" + index());
    }
  }

  /** Where a stage's tree, or a COPY's files, come from. */
  sealed interface Origin {
    /** Nothing at all. */
    record Scratch() implements Origin {}

    /** An earlier stage. */
    record Earlier(int index) implements Origin {}

    /**
     * @param text as the Dockerfile has it
     */
    record Image(String text, Reference reference) implements Origin {}

    /** What the caller put in the place of a name. */
    record Context(String name, NamedContext context) implements Origin {}
  }

  private StageTable(List<Entry> entries, ContextNames contexts) {
    this.contexts = contexts;
    this.entries = List.copyOf(entries);
  }

  static StageTable of(
      Dockerfile dockerfile,
      GlobalScope globals,
      WordExpander expander,
      SourceText source,
      ContextNames contexts) {
    List<Entry> entries = new ArrayList<>();
    for (Stage stage : dockerfile.stages()) {
      try {
        entries.add(entry(stage, entries, globals.env(), expander, contexts));
      } catch (ExpansionException | SlipwayException e) {
        throw source.failure(e, Optional.of(stage.from().range()));
      }
    }
    return new StageTable(entries, contexts);
  }

  private static Entry entry(
      Stage stage, List<Entry> before, Env globals, WordExpander expander, ContextNames contexts) {
    Instruction.From from = stage.from();
    String image = expander.expand(from.image(), globals).text();
    if (image.isBlank()) {
      throw SlipwayException.invalid("base name (" + from.image().text() + ") should not be blank");
    }
    Optional<Platform> platform =
        from.header().flagValue("platform").map(text -> platform(text, globals, expander));
    Origin base = contexts.find(image).orElseGet(() -> base(image, before));
    return new Entry(stage, base, platform, from.stageName());
  }

  private static Platform platform(String text, Env globals, WordExpander expander) {
    String value = expander.expand(text, globals).text();
    if (value.isEmpty()) {
      throw SlipwayException.invalid("empty platform value from expression " + text);
    }
    try {
      return Platform.parse(value);
    } catch (SlipwayException e) {
      throw SlipwayException.invalid("failed to parse platform " + value + ": " + e.getMessage());
    }
  }

  private static Origin base(String image, List<Entry> before) {
    if (image.equals(SCRATCH)) {
      return new Origin.Scratch();
    }
    for (Entry entry : before.reversed()) {
      if (entry.name().filter(image.toLowerCase(Locale.ROOT)::equals).isPresent()) {
        return new Origin.Earlier(entry.index());
      }
    }
    try {
      return new Origin.Image(image, Reference.parseWithDefaultTag(image));
    } catch (SlipwayException e) {
      throw SlipwayException.invalid(
          "failed to parse stage name \"" + image + "\": " + e.getMessage());
    }
  }

  /**
   * Looks at the stages that any stage copies from, also one that the build does not need: that a
   * later one is named is told only where it matters.
   *
   * @throws SlipwayException INVALID for a number that no stage has, and for the stage itself
   */
  void checkSources(SourceText source) {
    for (Entry entry : entries) {
      for (Instruction instruction : entry.stage().instructions()) {
        Optional<String> from = instruction.header().flagValue("from");
        if (from.filter(text -> isIndex(text) || means(entry, text)).isPresent()) {
          try {
            copySource(from.get(), entry.index());
          } catch (SlipwayException e) {
            throw source.failure(e, Optional.of(instruction.range()));
          }
        }
      }
    }
  }

  private static boolean means(Entry entry, String name) {
    return entry.name().filter(name.toLowerCase(Locale.ROOT)::equals).isPresent();
  }

  List<Entry> entries() {
    return entries;
  }

  boolean isOnly() {
    return entries.size() == 1;
  }

  Entry get(int index) {
    return entries.get(index);
  }

  /** The stage {@code --target} names; without a name the last one. */
  Entry target(String name) {
    if (name.isEmpty()) {
      return entries.getLast();
    }
    return named(name, entries.size())
        .orElseThrow(
            () -> SlipwayException.invalid("target stage \"" + name + "\" could not be found"));
  }

  private Optional<Entry> named(String name, int before) {
    String lower = name.toLowerCase(Locale.ROOT);
    return entries.subList(0, before).reversed().stream()
        .filter(entry -> entry.name().filter(lower::equals).isPresent())
        .findFirst();
  }

  /** What {@code COPY --from=text} in stage {@code current} means: index, stage or image. */
  Origin copySource(String text, int current) {
    if (text.contains("$")) {
      throw SlipwayException.invalid(
          "variable expansion is not supported for --from, define a new stage with FROM using ARG"
              + " from global scope as a workaround");
    }
    Optional<Origin> context = contexts.find(text);
    if (context.isPresent()) {
      return context.get();
    }
    if (isIndex(text)) {
      int index = Integer.parseInt(text);
      if (index >= entries.size()) {
        throw SlipwayException.invalid("invalid stage index " + text);
      }
      return earlier(entries.get(index), current);
    }
    Optional<Entry> stage = named(text, current).or(() -> named(text, entries.size()));
    return stage.map(entry -> earlier(entry, current)).orElseGet(() -> image(text));
  }

  private static boolean isIndex(String text) {
    return text.matches("[0-9]{1,6}");
  }

  private Origin earlier(Entry entry, int current) {
    if (entry.index() == current) {
      throw SlipwayException.invalid("circular dependency detected on stage: " + entry.label());
    }
    if (entry.index() > current) {
      throw SlipwayException.invalid(
          "cannot copy from stage \""
              + entry.label()
              + "\", it needs to be defined before current stage \""
              + entries.get(current).label()
              + "\"");
    }
    return new Origin.Earlier(entry.index());
  }

  private static Origin image(String text) {
    if (text.equals(SCRATCH)) {
      return new Origin.Scratch();
    }
    return new Origin.Image(text, Reference.parseWithDefaultTag(text));
  }

  /** What a mount's {@code from=} in stage {@code current} means. */
  Origin mountSource(String text, String target, int current) {
    if (text.contains("$")) {
      throw SlipwayException.invalid(
          "'from' doesn't support variable expansion, define alias stage instead");
    }
    Optional<Entry> later =
        contexts.find(text).isEmpty() && named(text, current).isEmpty()
            ? named(text, entries.size())
            : Optional.empty();
    if (later.isPresent()) {
      throw SlipwayException.invalid(
          "cannot mount from stage \""
              + text
              + "\" to \""
              + target
              + "\", stage needs to be defined before current command");
    }
    // a number is a stage for COPY only: BuildKit takes it for an image's name here
    return isIndex(text) && contexts.find(text).isEmpty() ? image(text) : copySource(text, current);
  }
}
