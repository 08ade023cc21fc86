package io.slipway.builder.op.files;

import io.slipway.builder.context.ArchiveLimits;
import io.slipway.builder.context.SourceMatch;
import io.slipway.builder.context.SourceMatches;
import io.slipway.builder.context.SourceTree;
import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.graph.ModeChange;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries the actions of one step out, in their order. */
public final class FileActionRunner {
  private static final int FILE = 0644;
  private static final int DIRECTORY = 0755;

  private final Clock clock;
  private final ArchiveLimits limits;

  /**
   * @param limits of archives that ADD unpacks
   */
  public FileActionRunner(Clock clock, ArchiveLimits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Changes a tree.
   *
   * @param sources the trees that are copied from, by the input's number
   * @param former what the same actions have made before of other files
   * @throws io.slipway.image.error.SlipwayException INVALID or NOT_FOUND in docker's words when an
   *     action cannot be carried out; the target then holds an unknown part
   */
  public void run(
      FileActions actions,
      CopyTarget target,
      Map<Integer, SourceTree> sources,
      Optional<FormerLayer> former)
      throws IOException, InterruptedException {
    Tree tree = target.tree();
    OwnerLookup owners = OwnerLookup.in(tree.root().fd());
    // with several, a name in the former layer may be that of another source's file
    Optional<FormerLayer> reusable = former.filter(_ -> actions.actions().size() == 1);
    for (FileAction action : actions.actions()) {
      switch (action) {
        case FileAction.MakeDirectory make -> makeDirectory(make, tree, owners);
        case FileAction.Copy copy ->
            copy(copy, target, sources.get(copy.input()), owners, reusable);
        case FileAction.WriteFile write -> write(write, tree, owners);
      }
    }
  }

  private TarTime now() {
    return TarTime.of(clock.instant());
  }

  private void makeDirectory(FileAction.MakeDirectory make, Tree target, OwnerLookup owners)
      throws IOException {
    CopyRules.Ids ids = make.owner().isEmpty() ? CopyRules.Ids.ROOT : owners.findUser(make.owner());
    Metadata made = new Metadata(DIRECTORY, ids.uid(), ids.gid(), now(), Map.of());
    target.makeDirectories(make.path(), made).close();
  }

  private void copy(
      FileAction.Copy copy,
      CopyTarget target,
      SourceTree source,
      OwnerLookup owners,
      Optional<FormerLayer> former)
      throws IOException, InterruptedException {
    CopyRules rules = rules(copy.owner(), copy.mode(), owners, copy.unpack(), copy.excludes());
    boolean keep = copy.parents().isPresent();
    List<SourceMatch> matches = SourceMatches.find(source, copy.source(), copy.wildcards(), keep);
    boolean reusable = matches.size() == 1 && !keep;
    var copier = new SourceCopier(source, target, rules, limits, former.filter(_ -> reusable));
    for (SourceMatch match : matches) {
      if (Thread.interrupted()) {
        throw new InterruptedException("copy of " + match.matched() + " given up");
      }
      if (keep) {
        copier.copyWithParents(match, copy.destination(), copy.parents().getAsInt());
      } else {
        copier.copy(match, copy.destination());
      }
    }
  }

  private void write(FileAction.WriteFile write, Tree target, OwnerLookup owners)
      throws IOException {
    CopyRules rules = rules(write.owner(), write.mode(), owners, false, List.of());
    TargetPath path = TargetPath.forFile(target, write.destination(), write.name());
    try (Dir into = target.makeDirectories(path.directory(), rules.made())) {
      TargetPath.clear(into, path.name(), path.name());
      try (Fd file = into.createFile(path.name())) {
        FileCalls.writeFully(file, write.content().toArray());
      }
      Metadata plain = new Metadata(FILE, 0, 0, now(), Map.of());
      into.apply(path.name(), rules.of(plain, false, false));
    }
  }

  private CopyRules rules(
      Optional<String> owner,
      Optional<ModeChange> mode,
      OwnerLookup owners,
      boolean unpack,
      List<String> excludes)
      throws IOException {
    Optional<CopyRules.Ids> ids =
        owner.isPresent() ? Optional.of(owners.find(owner.get())) : Optional.empty();
    return new CopyRules(ids, mode, unpack, excludes, now());
  }
}
