package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The contract on Debian's dockerd: shows that the table tells the truth. */
class PeerContractIT extends EngineContract {
  private PeerDockerd peer;
  private Path directory;

  @Override
  Path start(Path temp) throws IOException {
    directory = temp;
    peer = new PeerDockerd(directory.resolve("peer"));
    importBase(peer.shell(SlipwayDaemon.ROOT));
    return peer.socket();
  }

  @Override
  void stop() {
    peer.close();
    // quicker and quieter than JUnit
    String folder = directory.resolve("peer").toString();
    new Shell(SlipwayDaemon.ROOT, Map.of()).run("rm", "-rf", "--one-file-system", folder).text();
  }

  @Override
  boolean isOlder() {
    return true;
  }
}
