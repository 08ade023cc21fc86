package io.slipway.runtime.cgroup;

import io.slipway.runtime.cgroup.KernelCgroup.Branch;
import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Makes cgroups directly in the file system, as Docker's {@code cgroupfs} driver does. */
public final class KernelCgroupDriver implements CgroupDriver {
  private static final String SUBTREE = "cgroup.subtree_control";

  private final Hierarchies hierarchies;
  private final String parentName;

  /** Parent directories that can take containers; a half-made one takes no process. */
  private final Set<Path> ready = ConcurrentHashMap.newKeySet();

  private final ReentrantLock parents = new ReentrantLock();

  KernelCgroupDriver(Hierarchies hierarchies, String parentName) {
    this.hierarchies = hierarchies;
    this.parentName = parentName;
  }

  /**
   * Looks at the machine and opens the driver; directories are made with the first container.
   *
   * @param parentName one path element that no other daemon uses, {@code slipway-<id>}
   */
  public static KernelCgroupDriver open(String parentName) throws IOException {
    if (!parentName.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
      throw new IllegalArgumentException("invalid cgroup parent name " + parentName);
    }
    return new KernelCgroupDriver(Hierarchies.detect(), parentName);
  }

  @Override
  public CgroupMode mode() {
    return hierarchies.mode();
  }

  @Override
  public List<String> controllers() {
    TreeSet<String> names = new TreeSet<>();
    hierarchies.all().forEach(h -> names.addAll(h.controllers()));
    return List.copyOf(names);
  }

  /** The root of a hierarchy has no limits: what there is shows in the daemon's own directory. */
  @Override
  public BlockIoSupport blockIo() throws IOException {
    for (Hierarchy hierarchy : hierarchies.all()) {
      String name = BlockIoController.NAMES.get(hierarchy.version());
      if (hierarchy.controllers().contains(name)) {
        Path parent = parentDirectory(hierarchy, Optional.empty());
        makeParent(hierarchy, parent);
        return BlockIoController.support(hierarchy.directory(parent));
      }
    }
    return BlockIoSupport.NOTHING;
  }

  @Override
  public Cgroup create(Optional<String> parent, String id, Resources resources) throws IOException {
    List<Branch> branches = new ArrayList<>();
    KernelCgroup cgroup = null;
    try {
      for (Hierarchy hierarchy : hierarchies.all()) {
        branches.add(branch(hierarchy, parent, id));
      }
      cgroup = new KernelCgroup(parent.orElse("/" + parentName) + "/" + id, branches);
      cgroup.apply(resources);
      return cgroup;
    } catch (IOException | RuntimeException e) {
      removeAfter(e, branches);
      throw e;
    }
  }

  @Override
  public Cgroup adopt(Optional<String> parent, String id) throws IOException {
    List<Branch> branches = new ArrayList<>();
    for (Hierarchy hierarchy : hierarchies.all()) {
      Optional<Path> path = existing(hierarchy, parent, id);
      if (path.isPresent()) {
        List<Controller> controllers = Controllers.in(hierarchy, devicesByProgram(hierarchy));
        branches.add(new Branch(hierarchy, hierarchy.directory(path.get()), controllers));
      }
    }
    return new KernelCgroup(parent.orElse("/" + parentName) + "/" + id, branches);
  }

  /**
   * The earlier daemon may have been in another cgroup itself; one that was killed while it removed
   * an ended container's has left some only.
   */
  private Optional<Path> existing(Hierarchy hierarchy, Optional<String> parent, String id)
      throws IOException {
    Path expected = parentDirectory(hierarchy, parent).resolve(id);
    if (Files.isDirectory(expected)) {
      return Optional.of(expected);
    }
    return CgroupTree.below(hierarchy.mountPoint()).stream()
        .filter(path -> path.endsWith(Path.of(parentName, id)))
        .findFirst();
  }

  private static void removeAfter(Exception failure, List<Branch> branches) {
    try {
      CgroupTree.remove(branches.stream().map(b -> b.directory().path()).toList());
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private Branch branch(Hierarchy hierarchy, Optional<String> parent, String id)
      throws IOException {
    Path above = parentDirectory(hierarchy, parent);
    CgroupDirectory directory = hierarchy.directory(above.resolve(id));
    if (!ready.contains(above)) {
      makeParent(hierarchy, above);
    }
    try {
      Files.createDirectory(directory.path());
    } catch (NoSuchFileException e) {
      // it was removed when it was empty
      makeParent(hierarchy, above);
      Files.createDirectory(directory.path());
    } catch (FileAlreadyExistsException e) {
      throw new IOException("cgroup " + directory.path() + " exists already", e);
    }
    return new Branch(hierarchy, directory, Controllers.in(hierarchy, devicesByProgram(hierarchy)));
  }

  /** Without a v1 devices hierarchy the rules become a program on the v2 directory. */
  private boolean devicesByProgram(Hierarchy hierarchy) {
    return hierarchy.version() == CgroupVersion.V2
        && hierarchies.all().stream().noneMatch(h -> h.controllers().contains("devices"));
  }

  private Path parentDirectory(Hierarchy hierarchy, Optional<String> parent) {
    if (parent.isEmpty()) {
      return hierarchy.base().resolve(parentName);
    }
    String path = parent.get();
    return path.startsWith("/") ? hierarchy.below(path) : hierarchy.base().resolve(path);
  }

  /** Makes the missing directories down to {@code target} and lets each hand on what it has. */
  private void makeParent(Hierarchy hierarchy, Path target) throws IOException {
    parents.lock();
    try {
      makeMissing(hierarchy, target);
      ready.add(target);
    } finally {
      parents.unlock();
    }
  }

  private void makeMissing(Hierarchy hierarchy, Path target) throws IOException {
    Path current = target.startsWith(hierarchy.base()) ? hierarchy.base() : hierarchy.mountPoint();
    handOn(hierarchy, current);
    for (Path element : current.relativize(target)) {
      CgroupDirectory above = hierarchy.directory(current);
      current = current.resolve(element);
      if (!Files.isDirectory(current)) {
        Files.createDirectory(current);
      }
      inheritCpuset(hierarchy, current, above);
      handOn(hierarchy, current);
    }
  }

  /** Also for one that exists: whoever made it may have been killed before this. */
  private static void inheritCpuset(Hierarchy hierarchy, Path path, CgroupDirectory above)
      throws IOException {
    CgroupDirectory directory = hierarchy.directory(path);
    if (hierarchy.version() == CgroupVersion.V1
        && hierarchy.controllers().contains("cpuset")
        && CpusetController.isEmptyV1(directory)) {
      CpusetController.inheritV1(directory, above);
    }
  }

  /** On v2 a directory's children have only the controllers it switches on. */
  private void handOn(Hierarchy hierarchy, Path path) throws IOException {
    if (hierarchy.version() == CgroupVersion.V1) {
      return;
    }
    CgroupDirectory directory = hierarchy.directory(path);
    List<String> on = List.of(directory.read(SUBTREE).split(" "));
    List<String> missing =
        Controllers.switchable(hierarchy, mode()).stream()
            .filter(name -> !on.contains(name))
            .map(name -> "+" + name)
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    try {
      directory.write(SUBTREE, String.join(" ", missing));
    } catch (IOException e) {
      throw new IOException(
          "switch on cgroup controllers in %s: %s; on v2 this needs a cgroup without processes"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  @Override
  public List<String> removeLeftovers(Set<String> spared) throws IOException {
    Map<Hierarchy, List<Path>> parents = parents();
    TreeSet<String> ids = new TreeSet<>();
    for (List<Path> paths : parents.values()) {
      for (Path parent : paths) {
        children(parent).forEach(child -> ids.add(child.getFileName().toString()));
      }
    }
    ids.removeAll(spared);
    for (String id : ids) {
      List<Branch> branches = new ArrayList<>();
      parents.forEach((hierarchy, paths) ->
          paths.stream()
              .map(parent -> hierarchy.directory(parent.resolve(id)))
              .filter(directory -> Files.isDirectory(directory.path()))
              .forEach(directory -> branches.add(new Branch(hierarchy, directory, List.of()))));
      new KernelCgroup("/" + parentName + "/" + id, branches).close();
    }
    removeParent();
    return List.copyOf(ids);
  }

  /** The earlier daemon may have been in another cgroup, so the whole hierarchy is searched. */
  private Map<Hierarchy, List<Path>> parents() throws IOException {
    Map<Hierarchy, List<Path>> found = new LinkedHashMap<>();
    for (Hierarchy hierarchy : hierarchies.all()) {
      found.put(
          hierarchy,
          CgroupTree.below(hierarchy.mountPoint()).stream()
              .filter(path -> path.endsWith(parentName))
              .toList());
    }
    return found;
  }

  private static List<Path> children(Path parent) throws IOException {
    return CgroupTree.children(parent).orElse(List.of());
  }

  @Override
  public void removeParent() throws IOException {
    ready.clear();
    for (List<Path> paths : parents().values()) {
      for (Path parent : paths) {
        if (children(parent).isEmpty()) {
          CgroupTree.remove(List.of(parent));
        }
      }
    }
  }
}
