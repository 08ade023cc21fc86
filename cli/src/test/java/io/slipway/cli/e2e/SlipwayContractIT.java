package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.file.Path;

/** The contract on this program. */
class SlipwayContractIT extends EngineContract {
  private SlipwayDaemon daemon;

  @Override
  Path start(Path directory) throws IOException {
    daemon = new SlipwayDaemon(directory.resolve("ours"), SlipwayDaemon.Network.numbered(7));
    importBase(daemon.shell(SlipwayDaemon.ROOT));
    return daemon.socket();
  }

  @Override
  void stop() {
    daemon.close();
  }

  @Override
  boolean isOlder() {
    return false;
  }
}
