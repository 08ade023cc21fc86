package io.slipway.builder.op;

import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.op.files.CopyTarget;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.builder.solver.Result;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a RUN's {@code --mount} flags and script need, held while the command runs. */
final class StepMounts implements AutoCloseable {
  private static final String SCRIPT_MODE = "rwxr-xr-x";
  private static final String AGENT_VARIABLE = "SSH_AUTH_SOCK=";
  private static final int ANY_EXECUTE = 0111;

  private final StepFolders folders;
  private final StepSnapshots snapshots;
  private final OtherResults others;
  private final List<MountSpec> specs = new ArrayList<>();
  private final Set<String> files = new HashSet<>();
  private final List<String> variables = new ArrayList<>();
  private final CallerSecrets secrets;
  private SecretFiles memory;
  private final Deque<Held> held = new ArrayDeque<>();

  @FunctionalInterface
  private interface Held {
    void close() throws IOException;
  }

  StepMounts(
      StepFolders folders, StepSnapshots snapshots, CallerSecrets secrets, OtherResults others) {
    this.secrets = secrets;
    this.folders = folders;
    this.snapshots = snapshots;
    this.others = others;
  }

  /** For the container, in the order of the flags. */
  List<MountSpec> specs() {
    return specs;
  }

  /** Targets that are files. */
  Set<String> files() {
    return files;
  }

  /** {@code NAME=value} of variables that mounts bring along; they may be secret. */
  List<String> variables() {
    return variables;
  }

  void open(Exec exec, List<Result> inputs) throws IOException, InterruptedException {
    for (ExecMount mount : exec.mounts()) {
      switch (mount) {
        case ExecMount.Bind bind -> specs.add(bind(bind, inputs.get(bind.input())));
        case ExecMount.Cache cache -> specs.add(cache(cache, inputs));
        case ExecMount.Tmpfs tmpfs -> specs.add(tmpfs(tmpfs));
        case ExecMount.Script script -> specs.add(script(script));
        case ExecMount.Secret secret -> secret(secret);
        case ExecMount.Ssh ssh -> ssh(ssh);
      }
    }
  }

  private void secret(ExecMount.Secret secret) throws IOException {
    Optional<byte[]> value = secrets.value(secret.id());
    if (value.isEmpty() && secret.required()) {
      throw SlipwayException.notFound("secret " + secret.id() + ": not found");
    }
    if (secret.variable().isPresent()) {
      String text = new String(value.orElse(new byte[0]), StandardCharsets.UTF_8);
      variables.add(secret.variable().get() + "=" + text);
    }
    if (value.isPresent() && !secret.target().isEmpty()) {
      Fd file = memory().file(value.get(), secret.mode(), secret.uid(), secret.gid());
      Set<MountOption> options =
          (secret.mode() & ANY_EXECUTE) == 0
              ? Set.of(
                  MountOption.READ_ONLY, MountOption.NOSUID, MountOption.NODEV, MountOption.NOEXEC)
              : Set.of(MountOption.READ_ONLY, MountOption.NOSUID, MountOption.NODEV);
      attachFile(file, secret.target(), options);
    }
  }

  private void ssh(ExecMount.Ssh ssh) throws IOException {
    Optional<Path> agent = secrets.agent(ssh.id());
    if (agent.isEmpty()) {
      if (ssh.required()) {
        throw SlipwayException.notFound(
            "no SSH key \"" + ssh.id() + "\" forwarded from the client");
      }
      return;
    }
    String name = "agent-" + specs.size();
    Path socket = memory().directory().fd().path().resolve(name);
    AgentRelay relay = AgentRelay.open(socket, agent.get());
    held.push(relay::close);
    memory().own(name, ssh.mode(), ssh.uid(), ssh.gid());
    Fd opened =
        FileCalls.openAt(
            memory().directory().fd(), name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0);
    held.push(opened::close);
    attachFile(opened, ssh.target(), Set.of(MountOption.NOSUID, MountOption.NODEV));
    if (variables.stream().noneMatch(line -> line.startsWith(AGENT_VARIABLE))) {
      variables.add(AGENT_VARIABLE + ssh.target());
    }
  }

  private void attachFile(Fd file, String target, Set<MountOption> options) {
    files.add(target);
    specs.add(
        new MountSpec.Bind(file.path(), target, options, false, MountSpec.Propagation.PRIVATE));
  }

  private SecretFiles memory() throws IOException {
    if (memory == null) {
      SecretFiles opened = SecretFiles.open();
      held.push(opened::close);
      memory = opened;
    }
    return memory;
  }

  private MountSpec script(ExecMount.Script script) throws IOException {
    files.add(script.target());
    Path file = folders.file(script.content().toArray(), SCRIPT_MODE);
    return MountSpec.Bind.readOnly(file, script.target());
  }

  private static MountSpec tmpfs(ExecMount.Tmpfs tmpfs) {
    String size = tmpfs.sizeBytes().isPresent() ? "size=" + tmpfs.sizeBytes().getAsLong() : "";
    return new MountSpec.Tmpfs(tmpfs.target(), Set.of(MountOption.NOSUID), size);
  }

  private MountSpec cache(ExecMount.Cache cache, List<Result> inputs)
      throws IOException, InterruptedException {
    CacheDirectories.Use use;
    if (cache.initial().isEmpty()) {
      others.fill(cache);
      use = folders.mounts().use(cache, CacheDirectories.Content.NONE);
    } else {
      ExecMount.Cache.Initial initial = cache.initial().get();
      Result input = inputs.get(initial.input());
      var content = new InitialContent(snapshots, input, initial.source());
      use = folders.mounts().use(cache, content);
    }
    held.push(use::close);
    return bind(use.path(), cache.target(), cache.readOnly());
  }

  private static MountSpec bind(Path source, String target, boolean readOnly) {
    return readOnly ? MountSpec.Bind.readOnly(source, target) : MountSpec.Bind.of(source, target);
  }

  /** Writes, where allowed, go to a layer that is thrown away. */
  private MountSpec bind(ExecMount.Bind bind, Result input)
      throws IOException, InterruptedException {
    StepSnapshots.Mounted tree =
        switch (input) {
          case Result.Context context -> copied(context, bind.source());
          case Result.Tree found ->
              bind.writable() ? snapshots.scratch(found.snapshot()) : snapshots.reading(found);
        };
    held.push(tree::close);
    Fd source = open(tree.tree(), bind);
    held.push(source::close);
    return bind(source.path(), bind.target(), !bind.writable());
  }

  /** A command must not see files that are ignored, nor change the caller's: it gets a copy. */
  private StepSnapshots.Mounted copied(Result.Context context, String path)
      throws IOException, InterruptedException {
    StepSnapshots.Mounted copy = snapshots.scratch(Optional.empty());
    try {
      StepSnapshots.copy(context, path, CopyTarget.of(copy.tree()));
      return copy;
    } catch (IOException | InterruptedException | RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  private Fd open(Tree tree, ExecMount.Bind bind) throws IOException {
    String path = bind.source();
    Optional<FileStatus> status = tree.status(path);
    if (status.isEmpty()) {
      throw new SlipwayException(
          ErrorKind.NOT_FOUND,
          "failed to compute cache key: failed to calculate checksum of ref: \""
              + path
              + "\": not found");
    }
    if (status.get().isDirectory()) {
      try (Dir directory = tree.directory(path)) {
        return directory.fd().duplicate();
      }
    }
    files.add(bind.target());
    return tree.openFile(path);
  }

  @Override
  public void close() throws IOException {
    while (!held.isEmpty()) {
      held.pop().close();
    }
  }
}
