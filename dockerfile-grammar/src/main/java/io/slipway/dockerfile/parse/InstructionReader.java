package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Command;
import io.slipway.dockerfile.ast.Diagnostic.Code;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.grammar.DockerfileGrammar.CommandContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.HealthContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.InstructionContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.ListContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.OnbuildContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.PairsContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.PlainContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.ProcessContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.SingleContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.UnknownContext;
import io.slipway.dockerfile.grammar.DockerfileGrammar.WordsContext;
import io.slipway.dockerfile.grammar.DockerfileLexer;
import io.slipway.dockerfile.word.HeredocWord;
import io.slipway.dockerfile.word.Quoted;
import io.slipway.dockerfile.word.Suggestion;
import io.slipway.dockerfile.word.Whitespace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes an instruction's record from its parse tree. The order of the checks of each instruction is
 * the one people know the first error from.
 */
final class InstructionReader {

  private static final List<String> KEYWORDS =
      List.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");

  private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9-_.]*");

  private final TreeText text;

  InstructionReader(TreeText text) {
    this.text = text;
  }

  /**
   * @throws InvalidInstruction for the first thing that is wrong with it
   */
  Instruction read(InstructionContext tree, Header header) {
    List<Heredoc> heredocs = text.heredocs(tree.HEREDOC());
    OnbuildContext onbuild = tree.statement().onbuild();
    return onbuild != null
        ? readOnbuild(onbuild, header, heredocs)
        : readPlain(tree.statement().plain(), header, heredocs);
  }

  private Instruction readPlain(PlainContext tree, Header header, List<Heredoc> heredocs) {
    return switch (tree) {
      case WordsContext words when words.keyword.getType() == DockerfileLexer.FROM ->
          readFrom(words, header);
      case WordsContext words -> readExpose(words, header);
      case ListContext list when list.keyword.getType() == DockerfileLexer.VOLUME ->
          readVolume(list, header);
      case ListContext list -> readTransfer(list, header, heredocs);
      case ProcessContext process -> readProcess(process, header, heredocs);
      case PairsContext pairs -> readPairs(pairs, header);
      case SingleContext single -> readSingle(single, header);
      case HealthContext health -> readHealthcheck(health, header);
      case UnknownContext unknown -> throw unknownInstruction(unknown.keyword.getText());
      default -> throw new IllegalStateException("no reader for " + tree.getClass());
    };
  }

  private static InvalidInstruction unknownInstruction(String keyword) {
    return new InvalidInstruction(
        Code.UNKNOWN_INSTRUCTION,
        "unknown instruction: " + keyword + Suggestion.anyCase(keyword, KEYWORDS));
  }

  private Instruction readFrom(WordsContext tree, Header header) {
    List<Word> words = text.words(tree.WORD());
    boolean named = words.size() == 3 && words.get(1).text().equalsIgnoreCase("as");
    if (words.size() != 1 && !named) {
      throw InvalidInstruction.count("FROM requires either one or three arguments");
    }
    if (named) {
      String name = words.get(2).text();
      if (!STAGE_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
        throw InvalidInstruction.value(
            "invalid name for build stage: "
                + Quoted.of(name)
                + ", name can't start with a number or contain symbols");
      }
    }
    FlagCheck.check("FROM", header);
    return new Instruction.From(
        header,
        words.getFirst(),
        named ? Optional.of(words.get(1)) : Optional.empty(),
        named ? Optional.of(words.get(2)) : Optional.empty());
  }

  private Instruction readExpose(WordsContext tree, Header header) {
    List<Word> ports = text.words(tree.WORD());
    if (ports.isEmpty()) {
      throw InvalidInstruction.atLeastOneArgument("EXPOSE");
    }
    FlagCheck.check("EXPOSE", header);
    return new Instruction.Expose(header, ports);
  }

  private Instruction readVolume(ListContext tree, Header header) {
    List<Word> paths = listWords(tree);
    if (paths.isEmpty()) {
      throw InvalidInstruction.atLeastOneArgument("VOLUME");
    }
    FlagCheck.check("VOLUME", header);
    List<Word> stripped =
        paths.stream().map(path -> new Word(Whitespace.strip(path.text()), path.range())).toList();
    if (stripped.stream().anyMatch(path -> path.text().isEmpty())) {
      throw InvalidInstruction.value("VOLUME specified can not be an empty string");
    }
    return new Instruction.Volume(header, stripped, tree.jsonArray() != null);
  }

  private List<Word> listWords(ListContext tree) {
    return tree.jsonArray() != null ? text.jsonWords(tree.jsonArray()) : text.words(tree.WORD());
  }

  private Instruction readTransfer(ListContext tree, Header header, List<Heredoc> heredocs) {
    boolean json = tree.jsonArray() != null;
    String keyword = TreeText.keyword(tree.keyword);
    List<Word> words = listWords(tree);
    if (words.size() < 2) {
      throw InvalidInstruction.noDestination(keyword);
    }
    FlagCheck.check(keyword, header);
    var sources = TransferSources.of(words, json ? List.of() : heredocs);
    Word destination = words.getLast();
    if (!json && HeredocWord.parse(destination.text()).isPresent()) {
      throw InvalidInstruction.value(keyword + " cannot accept a heredoc as a destination");
    }
    return tree.keyword.getType() == DockerfileLexer.ADD
        ? new Instruction.Add(header, sources.paths(), sources.heredocs(), destination, json)
        : new Instruction.Copy(header, sources.paths(), sources.heredocs(), destination, json);
  }

  private Instruction readProcess(ProcessContext tree, Header header, List<Heredoc> heredocs) {
    String keyword = TreeText.keyword(tree.keyword);
    FlagCheck.check(keyword, header);
    Command command = command(tree.command(), heredocs);
    return switch (tree.keyword.getType()) {
      case DockerfileLexer.RUN -> {
        header.flags("mount").forEach(flag -> checkMount(flag.value().orElse("")));
        yield new Instruction.Run(header, command);
      }
      case DockerfileLexer.CMD -> new Instruction.Cmd(header, command);
      case DockerfileLexer.ENTRYPOINT -> new Instruction.Entrypoint(header, command);
      default -> readShell(header, command);
    };
  }

  /** What of a mount can be told before its variables are known. */
  private static void checkMount(String value) {
    try {
      RunMount.checkUnexpanded(value);
    } catch (FlagValueException e) {
      throw InvalidInstruction.flag(e.getMessage());
    }
  }

  private static Instruction readShell(Header header, Command command) {
    return switch (command) {
      case Command.Exec exec when !exec.arguments().isEmpty() ->
          new Instruction.Shell(header, exec.arguments());
      case Command.Shell shell when !shell.text().isEmpty() ->
          throw InvalidInstruction.value("SHELL requires the arguments to be in JSON form");
      default -> throw InvalidInstruction.atLeastOneArgument("SHELL");
    };
  }

  private Command command(CommandContext tree, List<Heredoc> heredocs) {
    if (tree == null) {
      return new Command.Shell("", List.of(), false);
    }
    if (tree.jsonArray() != null) {
      return new Command.Exec(text.jsonWords(tree.jsonArray()).stream().map(Word::text).toList());
    }
    String line = text.word(tree.TEXT()).text();
    boolean sole = heredocs.size() == 1 && HeredocWord.parse(line).isPresent();
    return new Command.Shell(line, heredocs, sole);
  }

  private Instruction readPairs(PairsContext tree, Header header) {
    var reader = new PairReader(text, TreeText.keyword(tree.keyword));
    return switch (tree.keyword.getType()) {
      case DockerfileLexer.ARG ->
          new Instruction.Arg(header, reader.declarations(tree.PAIR(), header));
      case DockerfileLexer.ENV ->
          new Instruction.Env(
              header, reader.pairs(tree.PAIR(), header), reader.isLegacy(tree.PAIR()));
      default ->
          new Instruction.Label(
              header, reader.pairs(tree.PAIR(), header), reader.isLegacy(tree.PAIR()));
    };
  }

  private Instruction readSingle(SingleContext tree, Header header) {
    String keyword = TreeText.keyword(tree.keyword);
    if (tree.TEXT() == null) {
      throw InvalidInstruction.exactlyOneArgument(keyword);
    }
    FlagCheck.check(keyword, header);
    Word word = text.word(tree.TEXT());
    return switch (tree.keyword.getType()) {
      case DockerfileLexer.MAINTAINER -> new Instruction.Maintainer(header, word);
      case DockerfileLexer.STOPSIGNAL -> new Instruction.Stopsignal(header, word);
      case DockerfileLexer.USER -> new Instruction.User(header, word);
      default -> new Instruction.Workdir(header, word);
    };
  }

  private Instruction readHealthcheck(HealthContext tree, Header header) {
    if (tree.HEALTH_TYPE() == null) {
      throw InvalidInstruction.atLeastOneArgument("HEALTHCHECK");
    }
    String type = tree.HEALTH_TYPE().getText().toUpperCase(Locale.ROOT);
    Command command = command(tree.command(), List.of());
    boolean empty =
        switch (command) {
          case Command.Exec exec -> exec.arguments().isEmpty();
          case Command.Shell shell -> shell.text().isEmpty();
        };
    if (type.equals("NONE") && !empty) {
      throw InvalidInstruction.count("HEALTHCHECK NONE takes no arguments");
    }
    FlagCheck.check("HEALTHCHECK", header);
    if (type.equals("NONE")) {
      return new Instruction.Healthcheck(header, Optional.empty());
    }
    if (!type.equals("CMD")) {
      throw InvalidInstruction.value(
          "Unknown type " + Quoted.of(type) + " in HEALTHCHECK (try CMD)");
    }
    if (empty) {
      throw InvalidInstruction.count("Missing command after HEALTHCHECK CMD");
    }
    var healthcheck = new Instruction.Healthcheck(header, Optional.of(command));
    try {
      HealthcheckTiming.of(healthcheck);
    } catch (FlagValueException e) {
      throw InvalidInstruction.flag(e.getMessage());
    }
    return healthcheck;
  }

  private Instruction readOnbuild(OnbuildContext tree, Header header, List<Heredoc> heredocs) {
    if (tree.trigger() == null) {
      throw InvalidInstruction.atLeastOneArgument("ONBUILD");
    }
    if (tree.trigger().plain() instanceof PairsContext pairs) {
      // The words of the inner instruction are split now, everything else is looked at when it
      // fires.
      new PairReader(text, TreeText.keyword(pairs.keyword)).split(pairs.PAIR());
    }
    FlagCheck.check("ONBUILD", header);
    checkTrigger(tree.trigger().getStart().getType());
    var trigger = new StringBuilder(text.from(tree.trigger().getStart()));
    for (Heredoc heredoc : heredocs) {
      trigger.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return new Instruction.Onbuild(header, trigger.toString());
  }

  /**
   * @param keyword token type of an instruction that is to be a trigger
   */
  static void checkTrigger(int keyword) {
    switch (keyword) {
      case DockerfileLexer.ONBUILD ->
          throw new InvalidInstruction(
              Code.ONBUILD_TRIGGER, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
      case DockerfileLexer.FROM, DockerfileLexer.MAINTAINER ->
          throw new InvalidInstruction(
              Code.ONBUILD_TRIGGER,
              DockerfileLexer.VOCABULARY.getSymbolicName(keyword)
                  + " isn't allowed as an ONBUILD trigger");
      default -> {}
    }
  }
}
