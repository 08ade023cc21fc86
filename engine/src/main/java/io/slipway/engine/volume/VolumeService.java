package io.slipway.engine.volume;

import io.slipway.engine.state.RecordDirectory;
import io.slipway.engine.state.VolumeRecord;
import io.slipway.engine.system.EventBus;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Makes, finds and removes local volumes. Safe for threads. */
public final class VolumeService {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  private static final int ID_BYTES = 32;

  /** Of a directory's name. */
  private static final int MAX_NAME = 255;

  /** So much of a name that is too long is told. */
  private static final int SHOWN = 40;

  private final RecordDirectory<VolumeRecord> directory;
  private final EventBus events;
  private final Clock clock;
  private final VolumeMounts mounts = new VolumeMounts();
  private final SecureRandom random = new SecureRandom();
  private final Map<String, VolumeRecord> volumes = new TreeMap<>();

  private VolumeService(RecordDirectory<VolumeRecord> directory, EventBus events, Clock clock) {
    this.directory = directory;
    this.events = events;
    this.clock = clock;
  }

  /** Reads the volumes below {@code dataRoot}; problems are told to {@code report}. */
  public static VolumeService open(
      Path dataRoot, EventBus events, Clock clock, java.util.function.Consumer<String> report)
      throws IOException {
    VolumeService service =
        new VolumeService(
            new RecordDirectory<>(dataRoot.resolve("volumes"), "volume.json", VolumeRecord.class),
            events,
            clock);
    service.mounts.inherit(dataRoot.resolve("volumes"));
    RecordDirectory.Loaded<VolumeRecord> loaded = service.directory.load();
    loaded.problems().forEach(report);
    loaded.records().forEach(volume -> service.volumes.put(volume.name(), volume));
    return service;
  }

  /**
   * Unmounts what an earlier daemon had mounted, unless a container has been taken over with it.
   */
  public void dropUnused() throws IOException {
    mounts.dropUnused();
  }

  public synchronized List<VolumeRecord> list() {
    return List.copyOf(volumes.values());
  }

  public synchronized Optional<VolumeRecord> find(String name) {
    return Optional.ofNullable(volumes.get(name));
  }

  /** As {@link #find}, or Docker's error. */
  public VolumeRecord get(String name) {
    return find(name)
        .orElseThrow(() -> SlipwayException.notFound("get " + name + ": no such volume"));
  }

  /** The directory that is mounted. */
  public Path data(String name) {
    return directory.directory(name).resolve("_data");
  }

  /**
   * Makes a volume, or returns the one that has the name.
   *
   * @param name empty for an anonymous one
   */
  public synchronized VolumeRecord create(
      String name, Map<String, String> labels, Map<String, String> options) throws IOException {
    boolean anonymous = name.isEmpty();
    String chosen = anonymous ? randomName() : checked(name);
    VolumeRecord existing = volumes.get(chosen);
    if (existing != null) {
      return existing;
    }
    LocalMount.check(chosen, options);
    Map<String, String> all = new TreeMap<>(labels);
    if (anonymous) {
      all.put("com.docker.volume.anonymous", "");
    }
    VolumeRecord volume =
        new VolumeRecord(chosen, "local", clock.instant(), all, options, anonymous);
    Files.createDirectories(data(chosen));
    Files.setPosixFilePermissions(data(chosen), PosixFilePermissions.fromString("rwxr-xr-x"));
    directory.put(chosen, volume);
    volumes.put(chosen, volume);
    events.publish("volume", "create", chosen, Map.of("driver", "local"));
    return volume;
  }

  private String randomName() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw SlipwayException.invalid(
          "create "
              + name
              + ": \""
              + name
              + "\" includes invalid characters for a local volume name, only"
              + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
              + " directory, use absolute path");
    }
    if (name.length() > MAX_NAME) {
      throw SlipwayException.invalid(
          "create "
              + name.substring(0, SHOWN)
              + "...: the name has "
              + name.length()
              + " characters, a local volume's has at most "
              + MAX_NAME);
    }
    return name;
  }

  /** Makes a volume's content ready for one more container. */
  public void mount(String name) {
    LocalMount.of(get(name).options()).ifPresent(m -> mounts.acquire(data(name), m));
  }

  /** Takes back one {@link #mount}. */
  public void unmount(String name) throws IOException {
    if (find(name).map(volume -> !volume.options().isEmpty()).orElse(false)) {
      mounts.release(data(name));
    }
  }

  void publishPrune(long freed) {
    events.publish("volume", "prune", "", Map.of("reclaimed", Long.toString(freed)));
  }

  /** Removes a volume that nobody uses. */
  public synchronized void remove(String name, VolumeUsers users) throws IOException {
    VolumeRecord volume = get(name);
    List<String> holders = users.of(name);
    if (!holders.isEmpty()) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "remove " + name + ": volume is in use - [" + String.join(", ", holders) + "]");
    }
    directory.remove(volume.name());
    volumes.remove(volume.name());
    events.publish("volume", "destroy", name, Map.of("driver", volume.driver()));
  }
}
