package io.slipway.builder.frontend;

import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.graph.ModeChange;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.remote.GitRemote;
import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Word;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** COPY and ADD. */
final class TransferInstruction {
  private static final String PIVOT = "/./";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

  private final StageBuild stage;
  private final List<Vertex> inputs = new ArrayList<>();

  /** The input that sources without a server of their own are in; 0 before there is one. */
  private int files;

  TransferInstruction(StageBuild stage) {
    this.stage = stage;
  }

  void transfer(Instruction.Transfer transfer) {
    boolean isAdd = transfer instanceof Instruction.Add;
    String keyword = isAdd ? "ADD" : "COPY";
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
    Optional<String> checksum = checksum(transfer);
    for (Word word : transfer.sources()) {
      String source = stage.expand(word);
      Located found = located(transfer, source, checksum);
      history.add(source);
      actions.add(
          new FileAction.Copy(
              found.input,
              found.path,
              found.wildcards,
              resolved,
              owner.filter(text -> !text.isEmpty()),
              mode,
              found.unpack,
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

  /** Where a source is. */
  private record Located(int input, String path, boolean wildcards, boolean unpack) {}

  private Located located(Instruction.Transfer transfer, String source, Optional<String> checksum) {
    boolean isAdd = transfer instanceof Instruction.Add;
    boolean git = GitRemote.isGit(source);
    if (git || RemoteSource.isUrl(source)) {
      if (!isAdd) {
        throw SlipwayException.invalid(
            git ? "source can't be a git ref for COPY" : "source can't be a URL for COPY");
      }
      return git ? repository(transfer, source, checksum) : url(transfer, source, checksum);
    }
    if (checksum.isPresent()) {
      throw SlipwayException.invalid("checksum requires HTTP(S) or Git sources");
    }
    if (files == 0) {
      files = input(source(transfer));
    }
    boolean unpack =
        isAdd && (transfer.header().flag("unpack").isEmpty() || transfer.header().isSet("unpack"));
    return new Located(files, ContainerPaths.clean(source), true, unpack);
  }

  private Located url(Instruction.Transfer transfer, String source, Optional<String> checksum) {
    URI url = RemoteSource.url(source);
    Optional<Digest> digest = checksum.map(TransferInstruction::digest);
    int input = input(RemoteSource.http(url, digest));
    boolean unpack = transfer.header().isSet("unpack");
    return new Located(input, "/" + RemoteSource.fileName(url), false, unpack);
  }

  private Located repository(
      Instruction.Transfer transfer, String source, Optional<String> checksum) {
    GitRemote remote = GitRemote.parse(source);
    if (transfer.header().isSet("keep-git-dir")) {
      remote = remote.withKeptGitDirectory();
    }
    if (checksum.isPresent()) {
      if (!COMMIT.matcher(checksum.get()).matches()) {
        throw SlipwayException.invalid(
            "invalid checksum \"" + checksum.get() + "\" of a git source: expected a commit");
      }
      remote = remote.withChecksum(checksum.get());
    }
    return new Located(input(RemoteSource.git(remote)), "/", false, false);
  }

  private int input(Vertex vertex) {
    inputs.add(vertex);
    return inputs.size();
  }

  private Optional<String> checksum(Instruction.Transfer transfer) {
    Optional<String> checksum =
        transfer.header().flagValue("checksum").map(stage::expand).filter(c -> !c.isEmpty());
    if (checksum.isPresent() && transfer.sources().size() > 1) {
      throw SlipwayException.invalid("checksum can't be specified for multiple sources");
    }
    return checksum;
  }

  private static Digest digest(String checksum) {
    try {
      return Digest.parse(checksum);
    } catch (SlipwayException e) {
      throw SlipwayException.invalid("invalid checksum digest format \"" + checksum + "\"");
    }
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
