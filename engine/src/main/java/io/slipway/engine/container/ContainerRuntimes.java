package io.slipway.engine.container;

import io.slipway.engine.system.RuntimeSettings;
import io.slipway.engine.system.Runtimes;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.bundle.BundleContainers;
import io.slipway.runtime.cgroup.CgroupDriver;
import io.slipway.runtime.container.Containers;
import io.slipway.runtime.linux.Privileges;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Our own runtime, those that were added, and runc and crun where they are installed. Another one
 * is opened when the first container asks for it.
 */
public final class ContainerRuntimes implements AutoCloseable {
  private static final List<String> KNOWN = List.of("runc", "crun");

  private final Containers own;
  private final CgroupDriver cgroups;
  private final Path directory;
  private final Map<String, Path> programs;
  private final String standard;
  private final Map<String, BundleContainers> opened = new HashMap<>();

  private ContainerRuntimes(
      Containers own,
      CgroupDriver cgroups,
      Path directory,
      Map<String, Path> programs,
      String standard) {
    this.own = own;
    this.cgroups = cgroups;
    this.directory = directory;
    this.programs = programs;
    this.standard = standard;
  }

  /**
   * @param directory for their bundles; what an earlier daemon left there is removed
   */
  public static ContainerRuntimes open(
      RuntimeSettings settings, Containers own, CgroupDriver cgroups, Path directory)
      throws IOException {
    Map<String, Path> programs = new TreeMap<>();
    // Without cgroups of their own other programs refuse to run.
    for (String name : Privileges.own().isRootless() ? List.<String>of() : KNOWN) {
      for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
        Path program = Path.of(place, name);
        if (program.isAbsolute() && Files.isExecutable(program)) {
          programs.putIfAbsent(name, program);
        }
      }
    }
    programs.putAll(settings.added());
    if (!settings.standard().equals(Runtimes.OWN) && !programs.containsKey(settings.standard())) {
      throw SlipwayException.invalid(
          "specified default runtime '" + settings.standard() + "' does not exist");
    }
    BundleContainers.removeLeftovers(directory);
    return new ContainerRuntimes(own, cgroups, directory, programs, settings.standard());
  }

  /** As {@code docker info} lists them. */
  public Runtimes list() {
    Map<String, String> paths = new TreeMap<>();
    paths.put(Runtimes.OWN, Runtimes.OWN);
    programs.forEach((name, program) -> paths.put(name, program.toString()));
    return new Runtimes(paths, standard);
  }

  /** What is meant when no name is given. */
  String standard() {
    return standard;
  }

  /**
   * @param mapped whether the container has users of its own
   */
  void check(String name, boolean mapped) {
    check(name);
    String meant = name.isEmpty() ? standard : name;
    if (mapped && !meant.equals(Runtimes.OWN)) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "--runtime "
              + meant
              + " has no users of its own: add --userns=host, or leave the runtime out");
    }
  }

  private void check(String name) {
    if (!name.isEmpty() && !name.equals(Runtimes.OWN) && !programs.containsKey(name)) {
      throw SlipwayException.invalid("unknown or invalid runtime name: " + name);
    }
  }

  /** The runtime of that name; containers of earlier versions have none, and it was our own. */
  Containers named(String asked) throws IOException {
    check(asked);
    return asked.isEmpty() || asked.equals(Runtimes.OWN) ? own : bundles(asked);
  }

  private synchronized Containers bundles(String name) throws IOException {
    BundleContainers found = opened.get(name);
    if (found == null) {
      found = BundleContainers.open(name, programs.get(name), directory.resolve(name), cgroups);
      opened.put(name, found);
    }
    return found;
  }

  @Override
  public synchronized void close() {
    opened.values().forEach(BundleContainers::close);
  }
}
