package io.slipway.builder.solver;

import io.slipway.builder.context.ContentListing;
import io.slipway.builder.graph.Identity;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.CacheMiss;
import io.slipway.builder.progress.CacheMiss.Change;
import io.slipway.builder.progress.CacheMiss.Kind;
import io.slipway.dockerfile.check.SecretNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what a key is made of with what the step's last key was made of. */
final class MissExplanation {
  private static final int TOLD_FILES = 1000;
  private static final String HIDDEN = "…";

  private final Vertex vertex;
  private final FoundKey found;
  private final FormerResult former;
  private final List<Change> changes = new ArrayList<>();
  private boolean instruction;
  private int untold;

  private MissExplanation(Vertex vertex, FoundKey found, FormerResult former) {
    this.vertex = vertex;
    this.found = found;
    this.former = former;
  }

  /** Why the vertex's result is not there; empty for internal work. */
  static Optional<CacheMiss> of(Vertex vertex, FoundKey found, Optional<FormerResult> former) {
    if (vertex.info().slot().isEmpty()) {
      return Optional.empty();
    }
    if (vertex.info().ignoreCache()) {
      return Optional.of(CacheMiss.of(CacheMiss.Reason.IGNORED));
    }
    return Optional.of(
        former
            .map(last -> new MissExplanation(vertex, found, last).compare())
            .orElseGet(() -> CacheMiss.of(CacheMiss.Reason.NEW)));
  }

  private CacheMiss compare() {
    former.differences().forEach(this::add);
    return changes.isEmpty()
        ? CacheMiss.of(CacheMiss.Reason.LOST)
        : new CacheMiss(CacheMiss.Reason.CHANGED, changes, untold);
  }

  private void add(FormerResult.Difference difference) {
    String name = difference.name();
    Optional<String> was = difference.was();
    Optional<String> is = difference.is();
    String[] words = name.split("\\.");
    switch (words[0]) {
      case "argument", "kind" -> instruction();
      case "env" -> variable(name.substring("env.".length()), was, is);
      case "workdir" -> change(Kind.SETTING, "WORKDIR", was, is);
      case "user" -> change(Kind.SETTING, "USER", was, is);
      case "input" -> input(Integer.parseInt(words[1]));
      case "base" -> base(Integer.parseInt(words[1]), was, is);
      case "content" -> content(difference);
      case "action" -> action(words, was, is);
      case "mount" -> mount(name);
      default -> change(Kind.FLAG, name, was, is);
    }
  }

  private void change(Kind kind, String subject, Optional<String> was, Optional<String> is) {
    changes.add(new Change(kind, subject, "", was, is));
  }

  private void variable(String name, Optional<String> was, Optional<String> is) {
    Kind kind = vertex.info().arguments().contains(name) ? Kind.ARG : Kind.ENV;
    if (SecretNames.isSecret(name)) {
      change(kind, name, was.map(_ -> HIDDEN), is.map(_ -> HIDDEN));
    } else {
      change(kind, name, was, is);
    }
  }

  /** The words of the instruction, once, whatever of it is different. */
  private void instruction() {
    if (instruction) {
      return;
    }
    instruction = true;
    String was = words(former.record().name());
    String is = words(vertex.info().name());
    if (was.equals(is)) {
      // a heredoc, or a variable in the text: what is shown of it is the same
      was = arguments(former.record().parts());
      is = arguments(found.parts());
    }
    change(Kind.INSTRUCTION, "", Optional.of(was), Optional.of(is));
  }

  private static String words(String name) {
    return name.replaceFirst("^\\[[^]]*] ", "");
  }

  private static String arguments(List<Identity.Part> parts) {
    return parts.stream()
        .filter(part -> part.name().startsWith("argument."))
        .map(Identity.Part::value)
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  private void input(int number) {
    if (number < vertex.inputs().size()
        && !(vertex.inputs().get(number).op() instanceof Op.ImageSource)) {
      String name = "\"" + vertex.inputs().get(number).info().name() + "\"";
      changes.add(new Change(Kind.PARENT, name, "", Optional.empty(), Optional.empty()));
    }
  }

  private void base(int number, Optional<String> was, Optional<String> is) {
    if (was.isPresent() && is.isPresent() && number < vertex.inputs().size()) {
      String name = vertex.inputs().get(number).info().name();
      change(Kind.BASE, words(name).replaceFirst("^FROM ", ""), was, is);
    }
  }

  private void action(String[] words, Optional<String> was, Optional<String> is) {
    String aspect = words.length > 2 ? words[2] : "";
    switch (aspect) {
      case "chown", "chmod", "exclude", "unpack", "link", "parents", "checksum" ->
          change(Kind.FLAG, "--" + aspect, was, is);
      case "owner" -> change(Kind.SETTING, "USER", was, is);
      case "content" ->
          changes.add(
              new Change(Kind.INSTRUCTION, "heredoc", "", Optional.empty(), Optional.empty()));
      default -> instruction();
    }
  }

  /** A mount has many parts; what it is for is enough. */
  private void mount(String name) {
    String rest = name.substring("mount.".length());
    int dot = rest.lastIndexOf('.');
    String target = dot > 0 && !rest.substring(dot).contains("/") ? rest.substring(0, dot) : rest;
    var change =
        new Change(Kind.FLAG, "--mount target=" + target, "", Optional.empty(), Optional.empty());
    if (!changes.contains(change)) {
      changes.add(change);
    }
  }

  /** Names the files, if both listings are there. */
  private void content(FormerResult.Difference difference) {
    if (difference.was().isEmpty() || difference.is().isEmpty()) {
      // another source, which the instruction tells of; or its digest was not needed then
      return;
    }
    Optional<List<ContentListing.Change>> known = former.changes(difference);
    if (known.isEmpty()) {
      changes.add(new Change(Kind.FILE, difference.path(), "", Optional.empty(), Optional.empty()));
      return;
    }
    List<ContentListing.Change> files = known.get();
    for (ContentListing.Change file : files.subList(0, Math.min(TOLD_FILES, files.size()))) {
      changes.add(
          new Change(
              Kind.FILE,
              difference.folder() + file.path(),
              file.difference().word(),
              Optional.of(file.before()).filter(text -> !text.isEmpty()),
              Optional.of(file.after()).filter(text -> !text.isEmpty())));
    }
    untold += Math.max(0, files.size() - TOLD_FILES);
  }
}
