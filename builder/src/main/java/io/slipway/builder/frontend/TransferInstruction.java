package io.slipway.builder.frontend;

import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.graph.ModeChange;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Word;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** COPY and ADD. */
final class TransferInstruction {
  private static final Pattern URL = Pattern.compile("https?://.*", Pattern.DOTALL);
  private static final Pattern GIT =
      Pattern.compile("(?:git://|ssh://|git@)\\S*|https?://\\S*\\.git(?:[?#]\\S*)?");
  private static final String PIVOT = "/./";
  private static final List<String> NOT_YET = List.of("checksum", "keep-git-dir");

  private final StageBuild stage;

  TransferInstruction(StageBuild stage) {
    this.stage = stage;
  }

  void transfer(Instruction.Transfer transfer) {
    boolean isAdd = transfer instanceof Instruction.Add;
    String keyword = isAdd ? "ADD" : "COPY";
    refuseUnsupported(transfer, keyword);
    Optional<String> owner = transfer.header().flagValue("chown").map(stage::expand);
    Optional<String> chmod = transfer.header().flagValue("chmod").map(stage::expand);
    Optional<ModeChange> mode = chmod.filter(text -> !text.isEmpty()).map(ModeChange::parse);
    String destination = stage.expand(transfer.destination());
    String resolved = ContainerPaths.resolveDestination(stage.workingDirectory(), destination);

    boolean parents = transfer.header().isSet("parents");
    var history = new ArrayList<String>(List.of(keyword));
    if (parents) {
      history.add("--parents");
    }
    owner.filter(text -> !text.isEmpty()).ifPresent(text -> history.add("--chown=" + text));
    mode.ifPresent(change -> history.add("--chmod=" + change.text()));
    var actions = new ArrayList<FileAction>();
    boolean unpack = isAdd && unpacks(transfer);
    for (Word word : transfer.sources()) {
      String source = stage.expand(word);
      refuseRemote(source, isAdd);
      history.add(source);
      actions.add(
          new FileAction.Copy(
              1,
              ContainerPaths.clean(source),
              true,
              resolved,
              owner.filter(text -> !text.isEmpty()),
              mode,
              unpack,
              excludes(transfer),
              parents ? OptionalInt.of(pivot(source)) : OptionalInt.empty()));
    }
    for (Heredoc heredoc : transfer.heredocs()) {
      history.add("<<" + heredoc.name());
      actions.add(
          new FileAction.WriteFile(
              heredoc.name(),
              resolved,
              body(heredoc),
              owner.filter(text -> !text.isEmpty()),
              mode));
    }
    history.add(destination);
    List<Vertex> inputs = transfer.sources().isEmpty() ? List.of() : List.of(source(transfer));
    String createdBy = String.join(" ", history) + " # buildkit";
    var files = new FileActions(actions);
    // the mode of a parent that is there already counts, so there must be one
    if (transfer.header().isSet("link") && mode.isEmpty()) {
      refuseNames(owner.orElse(""));
      stage.linkedLayer(transfer, files, inputs, createdBy);
    } else {
      stage.layer(transfer, files, inputs, createdBy);
    }
  }

  /** How many names of a source with {@code --parents} are left away: those before {@code /./}. */
  private static int pivot(String source) {
    int pivot = source.indexOf(PIVOT);
    String before = pivot < 0 ? "/" : ContainerPaths.clean(source.substring(0, pivot));
    return before.equals("/") ? 0 : (int) before.chars().filter(c -> c == '/').count();
  }

  /** An own layer has no passwd file to look names up in. */
  private static void refuseNames(String owner) {
    for (String name : owner.split(":", 2)) {
      if (!name.matches("[0-9]*")) {
        throw SlipwayException.invalid(
            "invalid user index: -1: --link cannot look up \""
                + name
                + "\": give --chown a number, or leave --link away");
      }
    }
  }

  private static void refuseUnsupported(Instruction.Transfer transfer, String keyword) {
    for (String flag : NOT_YET) {
      boolean given =
          flag.equals("checksum")
              ? transfer.header().flag(flag).isPresent()
              : transfer.header().isSet(flag);
      if (given) {
        throw new SlipwayException(
            ErrorKind.UNSUPPORTED, keyword + " --" + flag + " is not supported yet");
      }
    }
  }

  private static void refuseRemote(String source, boolean isAdd) {
    boolean git = GIT.matcher(source).matches();
    if (!git && !URL.matcher(source).matches()) {
      return;
    }
    if (!isAdd) {
      throw SlipwayException.invalid(
          git ? "source can't be a git ref for COPY" : "source can't be a URL for COPY");
    }
    throw new SlipwayException(
        ErrorKind.UNSUPPORTED,
        "ADD of "
            + (git ? "a git repository" : "a URL")
            + " is not supported yet: "
            + source
            + ": fetch it in a RUN step");
  }

  private static boolean unpacks(Instruction.Transfer transfer) {
    return transfer.header().flag("unpack").isEmpty() || transfer.header().isSet("unpack");
  }

  private static List<String> excludes(Instruction.Transfer transfer) {
    return transfer.header().flags("exclude").stream()
        .map(flag -> flag.value().orElse(""))
        .toList();
  }

  private Bytes body(Heredoc heredoc) {
    String body = heredoc.body();
    return Bytes.utf8(
        heredoc.expand() ? stage.expander().expandHeredoc(body, stage.env()).text() : body);
  }

  private Vertex source(Instruction.Transfer transfer) {
    Optional<String> from = transfer.header().flagValue("from");
    if (from.isEmpty() || from.get().isEmpty()) {
      return Vertex.of(
          new Op.LocalSource(Op.LocalSource.MAIN),
          List.of(),
          StepInfo.internal("[internal] load build context"));
    }
    PlanScope scope = stage.scope();
    return scope.trees().apply(scope.stages().copySource(from.get(), stage.entry().index()));
  }
}
