package io.slipway.engine.model;

import java.util.List;
import java.util.Map;

/**
 * A mount of {@code --mount}.
 *
 * @param type bind, volume, tmpfs or image
 * @param bindOptions null when not given, as are the other options
 */
public record MountRequest(
    String type,
    String source,
    String target,
    boolean readOnly,
    String consistency,
    BindOptions bindOptions,
    VolumeOptions volumeOptions,
    TmpfsOptions tmpfsOptions,
    ImageOptions imageOptions) {
  public MountRequest {
    type = Absent.text(type);
    source = Absent.text(source);
    target = Absent.text(target);
    consistency = Absent.text(consistency);
  }

  /** Of a bind mount. */
  public record BindOptions(
      String propagation,
      boolean nonRecursive,
      boolean createMountpoint,
      boolean readOnlyNonRecursive,
      boolean readOnlyForceRecursive) {
    public BindOptions {
      propagation = Absent.text(propagation);
    }
  }

  /** Of a volume. */
  public record VolumeOptions(
      boolean noCopy, Map<String, String> labels, Driver driverConfig, String subpath) {
    public VolumeOptions {
      labels = Absent.texts(labels);
      subpath = Absent.text(subpath);
    }
  }

  /** A volume driver and its options. */
  public record Driver(String name, Map<String, String> options) {
    public Driver {
      name = Absent.text(name);
      options = Absent.texts(options);
    }
  }

  /** Of memory; the mode is a Go file mode. */
  public record TmpfsOptions(long sizeBytes, long mode, List<List<String>> options) {
    public TmpfsOptions {
      options = Absent.list(options);
    }
  }

  /** Of an image. */
  public record ImageOptions(String subpath) {
    public ImageOptions {
      subpath = Absent.text(subpath);
    }
  }
}
