package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Command;
import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.word.Quoted;
import java.util.List;

/** Prints a Dockerfile's records for the golden files: one line a word, with its place. */
final class AstText {

  private final StringBuilder out = new StringBuilder();

  private AstText() {}

  static String of(Dockerfile file) {
    var text = new AstText();
    text.line("escape " + file.escape());
    file.directives()
        .forEach(
            d -> text.line("directive %s = %s @%s", d.name(), Quoted.of(d.value()), d.range()));
    file.instructions().forEach(text::instruction);
    file.diagnostics().forEach(text::diagnostic);
    return text.out.toString();
  }

  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : format.formatted(arguments)).append('\n');
  }

  private void diagnostic(Diagnostic diagnostic) {
    line(
        "%s %s %s @%s",
        diagnostic.severity(),
        diagnostic.code(),
        Quoted.of(diagnostic.sentence()),
        diagnostic.range());
  }

  private void instruction(Instruction instruction) {
    Header header = instruction.header();
    line("%s %s @%s", header.keyword(), Quoted.of(header.original()), header.range());
    header.comments().forEach(c -> line("  comment %s @%s", Quoted.of(c.text()), c.range()));
    header
        .flags()
        .forEach(f ->
            line(
                "  flag %s%s @%s",
                f.name(), f.value().map(v -> "=" + Quoted.of(v)).orElse(""), f.range()));
    switch (instruction) {
      case Instruction.Transfer transfer -> {
        words(transfer.jsonForm() ? "source (JSON)" : "source", transfer.sources());
        heredocs(transfer.heredocs());
        word("destination", transfer.destination());
      }
      case Instruction.Arg arg ->
          arg.declarations()
              .forEach(d -> {
                word("name", d.name());
                d.defaultValue().ifPresent(v -> word("  default", v));
              });
      case Instruction.Cmd cmd -> command(cmd.command());
      case Instruction.Entrypoint entrypoint -> command(entrypoint.command());
      case Instruction.Env env -> pairs(env.pairs(), env.legacyForm());
      case Instruction.Label label -> pairs(label.pairs(), label.legacyForm());
      case Instruction.Expose expose -> words("port", expose.ports());
      case Instruction.From from -> {
        word("image", from.image());
        from.as().ifPresent(word -> word("as", word));
        from.name().ifPresent(word -> word("name", word));
      }
      case Instruction.Healthcheck healthcheck ->
          healthcheck.command().ifPresentOrElse(this::command, () -> line("  none"));
      case Instruction.Maintainer maintainer -> word("name", maintainer.name());
      case Instruction.Onbuild onbuild -> line("  trigger %s", Quoted.of(onbuild.trigger()));
      case Instruction.Run run -> command(run.command());
      case Instruction.Shell shell -> line("  exec %s", quoted(shell.arguments()));
      case Instruction.Stopsignal stopsignal -> word("signal", stopsignal.signal());
      case Instruction.User user -> word("user", user.user());
      case Instruction.Volume volume ->
          words(volume.jsonForm() ? "path (JSON)" : "path", volume.paths());
      case Instruction.Workdir workdir -> word("path", workdir.path());
    }
  }

  private void command(Command command) {
    switch (command) {
      case Command.Exec exec -> line("  exec %s", quoted(exec.arguments()));
      case Command.Shell shell -> {
        line("  shell%s %s", shell.soleHeredoc() ? " script" : "", Quoted.of(shell.text()));
        heredocs(shell.heredocs());
      }
    }
  }

  private static List<String> quoted(List<String> words) {
    return words.stream().map(Quoted::of).toList();
  }

  private void heredocs(List<Heredoc> heredocs) {
    for (Heredoc h : heredocs) {
      line(
          "  heredoc %s%s%s%s %s @%s",
          Quoted.of(h.name()),
          h.fileDescriptor().isPresent() ? " fd=" + h.fileDescriptor().getAsInt() : "",
          h.chomp() ? " chomp" : "",
          h.expand() ? "" : " literal",
          Quoted.of(h.content()),
          h.range());
    }
  }

  private void pairs(List<Instruction.Pair> pairs, boolean legacy) {
    if (legacy) {
      line("  legacy form");
    }
    for (Instruction.Pair pair : pairs) {
      word("name", pair.name());
      word("  value", pair.value());
    }
  }

  private void words(String label, List<Word> words) {
    words.forEach(word -> word(label, word));
  }

  private void word(String label, Word word) {
    line("  %s %s @%s", label, Quoted.of(word.text()), word.range());
  }
}
