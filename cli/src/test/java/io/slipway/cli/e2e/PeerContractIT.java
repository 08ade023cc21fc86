package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.file.Path;

/** The contract on Debian's dockerd: shows that the table tells the truth. */
class PeerContractIT extends EngineContract {
  private PeerDockerd peer;

  @Override
  Path start(Path directory) throws IOException {
    peer = new PeerDockerd(directory.resolve("peer"));
    importBase(peer.shell(SlipwayDaemon.ROOT));
    return peer.socket();
  }

  @Override
  void stop() {
    peer.close();
  }

  @Override
  boolean isOlder() {
    return true;
  }
}
