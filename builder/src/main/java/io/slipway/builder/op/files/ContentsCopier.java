package io.slipway.builder.op.files;

import io.slipway.builder.context.SourceEntry;
import io.slipway.builder.context.SourceVisitor;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Copies what a walk shows into a directory. Several names of one file stay names of one file. */
final class ContentsCopier implements SourceVisitor, AutoCloseable {
  private final Dir target;
  private final String destination;
  private final CopyRules rules;

  /** The directories from the target down to where the walk is. */
  private final Deque<Dir> open = new ArrayDeque<>();

  private final Map<Inode, Linked> links = new HashMap<>();

  private record Inode(long device, long number) {}

  /** A file that was copied, where another name of the same file can be linked to. */
  private record Linked(Dir directory, String name) {}

  /**
   * @param target where to; stays the caller's
   * @param destination what it is called in messages
   */
  ContentsCopier(Dir target, String destination, CopyRules rules) {
    this.target = target;
    this.destination = destination;
    this.rules = rules;
  }

  @Override
  public void enter(SourceEntry directory) throws IOException {
    if (Thread.interrupted()) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled");
    }
    Dir into = into();
    Optional<FileStatus> there = into.status(directory.name());
    if (there.isEmpty()) {
      into.makeDirectory(directory.name());
    } else if (!there.get().isDirectory()) {
      throw SlipwayException.invalid("mkdir " + path(directory) + ": not a directory");
    }
    open.push(into.directory(directory.name()));
  }

  @Override
  public void file(SourceEntry file) throws IOException {
    Dir into = into();
    FileStatus status = file.status();
    boolean several = status.links() > 1;
    var inode = new Inode(status.device(), status.inode());
    Linked first = several ? links.get(inode) : null;
    if (into.status(file.name()).filter(FileStatus::isDirectory).isPresent()) {
      throw SlipwayException.invalid("cannot replace to directory " + path(file) + " with file");
    }
    if (first != null) {
      TargetPath.clear(into, file.name());
      into.makeHardLink(file.name(), first.directory(), first.name());
      return;
    }
    SourceCopier.place(file, into, file.name(), rules);
    if (several) {
      links.put(inode, new Linked(into.reopen(), file.name()));
    }
  }

  /** Last, because what is put into a directory changes its time. */
  @Override
  public void leave(SourceEntry directory) throws IOException {
    try (Dir done = open.pop()) {
      done.apply(rules.of(directory.metadata(), true, false));
    }
  }

  private Dir into() {
    return open.isEmpty() ? target : open.peek();
  }

  private String path(SourceEntry entry) {
    return (destination.endsWith("/") ? destination : destination + "/") + entry.path();
  }

  @Override
  public void close() {
    open.forEach(Dir::close);
    links.values().forEach(linked -> linked.directory().close());
  }
}
