package io.slipway.registry.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses uploads before they fill the disk that metadata is written to as well. */
public final class DiskSpace {
  private final FileStore store;
  private final long reserve;

  /**
   * @param folder any folder of the file system that is watched
   * @param reserve bytes to leave free
   */
  public DiskSpace(Path folder, long reserve) throws IOException {
    this.store = Files.getFileStore(folder);
    this.reserve = reserve;
  }

  /** Throws a 507 fault when {@code more} bytes would eat into the reserve. */
  void require(long more) {
    long usable;
    try {
      usable = store.getUsableSpace();
    } catch (IOException e) {
      // not knowing is no reason to refuse: the write itself reports a full disk
      return;
    }
    if (usable - reserve < more) {
      throw RegistryFault.noSpace("no space left to store " + more + " bytes", null);
    }
  }
}
